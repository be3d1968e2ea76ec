import { expect, test } from 'vitest'

import { models } from '../../../src/check/index.ts'
import type { Model } from '../../../src/check/index.ts'
import { assertHoldsInEverySchedule, DoesNotHoldError } from '../../../src/explore/assert.ts'
import { explore, replay } from '../../../src/explore/index.ts'
import type { Exploration } from '../../../src/explore/index.ts'
import { adviceFor } from '../../../src/explore/report/advice.ts'
import '../../../src/vitest/index.ts'
import type { OperationsScenario } from '../../../src/scenario.ts'
import { currentAgent } from '../../../src/sync/agent.ts'
import { words } from '../counters.ts'
import {
  atomicCounter,
  copiedRegister,
  deafMutex,
  hastyQueue,
  lockedQueue,
  mutex,
  object,
  reversedQueue,
  semaphore,
  spinLock,
  splitCounter,
  treiberStack,
  vyukovQueue,
} from './objects.ts'

// Three calls, so that 3 clients have one call, 9 + 6 have two on one or two threads, 9 * 3 have three on two threads, and
// (9 * 10) / 2 have two on each of two threads.
test('all clients of a right object are explored, and hold', () => {
  const { verdict, complete, clients, criterion, outcomes, client, failures } = explore(atomicCounter)
  expect({ verdict, complete, clients, criterion }).toEqual({
    verdict: 'pass',
    complete: true,
    clients: 3 + (9 + 6) + 9 * 3 + (9 * 10) / 2,
    criterion: 'linearizable',
  })
  expect({ outcomes, client, failures }).toEqual({ outcomes: {}, client: undefined, failures: [] })
})

// Each access is begin and return of its call, and depends on every access of the other thread. The schedules of a
// client with m and n calls are the ways to merge m and n: 1 for one thread, 2 for 1 and 1, 3 for 2 and 1, 6 for 2 and 2.
test('calls of one access each have one schedule for each order of the calls', () => {
  const { schedules } = explore(atomicCounter)
  expect(schedules).toBe(3 + (9 + 6 * 2) + 27 * 3 + 45 * 6)
})

test.each<[name: string, object: OperationsScenario]>([
  ['a queue under a lock', lockedQueue],
  ['a stack with tags', { ...treiberStack(true), calls: 2 }],
  ['the mutex', mutex],
  ['the semaphore', semaphore],
  ['a spin lock', spinLock],
])('%s holds in every client', (_, object) => {
  expect(explore(object)).toMatchObject({ verdict: 'pass', complete: true, failures: [] })
})

test.each<[name: string, object: OperationsScenario, client: Exploration['client'], message: RegExp]>([
  [
    'a counter that loses updates',
    splitCounter,
    { alice: ['fetchAdd(1)'], bob: ['fetchAdd(1)'] },
    /^fetchAdd\(1\) of alice returned 0, which fits in no order of the calls: fetchAdd\(1\) = 0 of bob overlapped with it/,
  ],
  [
    'a queue that shows an element before it is there',
    hastyQueue,
    { alice: ['push(1)'], bob: ['pop()'] },
    /^pop\(\) of bob returned 0, which fits in no order of the calls: push\(1\) of alice overlapped with it$/,
  ],
  [
    'a queue that is a stack',
    reversedQueue,
    { alice: ['push(1)', 'push(2)'], bob: ['pop()'] },
    /^pop\(\) of bob returned 2, which.*: push\(1\) and push\(2\) of alice had returned before it began; without it, the order push\(1\) and push\(2\) of alice fits, which leaves \[1,2\]$/,
  ],
  [
    'a register with a copy for each thread',
    copiedRegister,
    { alice: ['read()'], bob: ['write(1)'] },
    /^read\(\) of alice returned 0, which fits in no order of the calls: write\(1\) of bob had returned before it began/,
  ],
  [
    'the queue of Vyukov, whose pop can overlook a push that has returned',
    vyukovQueue,
    { alice: ['push(1)', 'pop()'], bob: ['push(1)'] },
    /^pop\(\) of alice returned null, which fits in no order of the calls: push\(1\) = true of alice had returned/,
  ],
  [
    'a stack without tags, by ABA',
    treiberStack(false),
    { alice: ['pop()', 'push(3)'], bob: ['pop()'] },
    /^pop\(\) of bob returned 2, which fits in no order of the calls/,
  ],
])('%s fails, and the client is the smallest', (_, object, client, message) => {
  const result = explore(object)
  expect(result).toMatchObject({ verdict: 'fail', complete: false, client })
  expect(result.failures).toHaveLength(1)
  expect(result.failures[0]).toMatchObject({ kind: 'not-linearizable', minimal: true })
  expect(result.failures[0]?.message).toMatch(message)
})

// The accesses of its two threads are independent, so one order of them stands for all others, were it not for the begins
// and returns: alice reads first in the schedule that is tried first, and that history is right.
test('a read is wrong only because a write had returned, and one schedule for each trace would miss it', () => {
  const { schedules } = explore({ ...copiedRegister, calls: 1 })
  const [failure] = explore({ ...copiedRegister, calls: 1 }).failures
  expect(failure).toMatchObject({ preemptions: 0, steps: 2, outcome: 'alice: read() = 0; bob: write(1)' })
  expect(explore({ ...copiedRegister, calls: 1 }, { strategy: 'dfs' })).toMatchObject({ verdict: 'fail', schedules })
})

test('by sequential consistency it does not count which call had returned', () => {
  expect(explore(copiedRegister, { criterion: 'sequential' })).toMatchObject({
    verdict: 'pass',
    complete: true,
    criterion: 'sequential',
  })
  const result = explore(splitCounter, { criterion: 'sequential' })
  expect(result).toMatchObject({
    client: { alice: ['fetchAdd(1)'], bob: ['fetchAdd(1)'] },
    failures: [{ kind: 'not-linearizable' }],
  })
  expect(result.failures[0]?.message).toBe(
    'no order of the calls that keeps the order of each thread explains what they returned ' +
      '(alice: fetchAdd(1) = 0; bob: fetchAdd(1) = 0)',
  )
})

// Each thread has a copy of the map. Of each key alone, the reads fit before the writes of the other thread.
test('two parts that are sequentially consistent need not be so together', () => {
  const copiedMap = object(
    {
      set(memory, key: number, value: number) {
        Atomics.store(memory, 2 * currentAgent() + key, value)
      },
      get: (memory, key: number) => Atomics.load(memory, 2 * currentAgent() + key) || null,
    },
    models.map,
    {
      arguments: {
        set: [
          [0, 1],
          [1, 1],
        ],
        get: [0, 1],
      },
    },
  )
  const { client, failures } = explore(copiedMap, { criterion: 'sequential' })
  expect(client).toEqual({ alice: ['set(0, 1)', 'get(1)'], bob: ['set(1, 1)', 'get(0)'] })
  expect(failures).toMatchObject([{ kind: 'not-linearizable' }])
  expect(explore({ ...copiedMap, arguments: { set: [[0, 1]], get: [0] } }, { criterion: 'sequential' }).verdict).toBe(
    'pass',
  )
})

test('a call that waits forever is a deadlock', () => {
  const { client, failures } = explore({ ...mutex, blocking: [] })
  expect(client).toEqual({ alice: ['lock()'], bob: ['lock()'] })
  expect(failures).toMatchObject([{ kind: 'deadlock', message: 'bob sleeps forever' }])
})

test('a call that spins forever is a livelock, and then not all clients were explored', () => {
  expect(explore({ ...spinLock, blocking: [] })).toMatchObject({
    complete: false,
    stopped: 'a client failed',
    clients: 3,
    client: { alice: ['lock()', 'lock()'] },
    failures: [{ kind: 'livelock', message: 'alice spins forever' }],
  })
})

test('a call that waits forever where the model lets it return is a deadlock, even if it may block', () => {
  const { client, failures } = explore(deafMutex)
  expect(client).toEqual({ alice: ['lock()', 'lock()'], bob: ['unlock()'] })
  expect(failures).toMatchObject([{ kind: 'deadlock', message: 'alice sleeps forever' }])
  // By sequential consistency the unlock may come first, and then neither of these calls may return.
  expect(explore(deafMutex, { criterion: 'sequential' })).toMatchObject({
    client: { alice: ['lock()', 'unlock()'], bob: ['lock()'] },
    failures: [{ kind: 'deadlock', message: 'bob sleeps forever' }],
  })
})

/** A latch: `pass` waits for `open`. */
const latch: Model<boolean> = {
  name: 'latch',
  init: () => false,
  step: (isOpen, { f }) => (f === 'open' ? [true] : isOpen ? [true] : []),
  equal: Object.is,
}

test('a call returns after the sleep that is its last access', () => {
  const scenario = object(
    {
      pass: (memory) => void Atomics.wait(memory, 0, 0),
      open(memory) {
        Atomics.store(memory, 0, 1)
        Atomics.notify(memory, 0)
      },
    },
    latch,
    { blocking: ['pass'] },
  )
  expect(explore(scenario)).toMatchObject({ verdict: 'pass', complete: true })
  // Were pass() to give up, it would return before open() has begun.
  const hasty = { ...scenario.operations, pass: (memory: Int32Array) => void Atomics.wait(memory, 0, 0, 5) }
  expect(explore({ ...scenario, operations: hasty })).toMatchObject({
    client: { alice: ['pass()'] },
    failures: [{ kind: 'not-linearizable', message: 'pass() of alice fits in no order of the calls' }],
  })
})

test('calls that touch no memory have an order too', () => {
  const scenario = object(
    { read: () => 0, write: (memory, value: number) => void (memory[0] = value) },
    models.register,
    {
      arguments: { write: [1] },
      races: ['word 0'],
      names: (memory) => ({ 'word 0': [memory, 0] }),
    },
  )
  const model = { ...models.register, init: () => 0 }
  expect(explore({ ...scenario, model }).client).toEqual({ alice: ['write(1)', 'read()'] })
  expect(explore({ ...scenario, model, calls: 1 }).client).toEqual({ alice: ['read()'], bob: ['write(1)'] })
})

test('a scenario whose calls touch no memory at all says that it shows nothing', () => {
  const scenario = object({ read: () => null }, models.register)
  expect(explore(scenario)).toMatchObject({ verdict: 'pass', note: expect.stringContaining('shows nothing') })
  expect(explore({ ...scenario, memory: () => 0 })).toMatchObject({ verdict: 'error' })
})

test('setup runs before each client, on memory that is as before afterwards', () => {
  const kept = words(16)()
  const model: Model<readonly unknown[]> = { ...lockedQueue.model, init: () => [1] }
  // Pushes a 1. If the memory were not put back, the next client would find two of them.
  const setup = (memory: Int32Array): void => {
    memory[3 + memory[1]!] = 1
    memory[1]! += 1
  }
  const filled = { ...lockedQueue, memory: () => kept, setup, model, calls: 1 }
  expect(explore(filled)).toMatchObject({ verdict: 'pass', complete: true })
  expect([...kept]).toEqual([...words(16)()])
})

test('an exception is a failure, and so is a broken invariant', () => {
  const thrower = object({ pop: (memory) => (Atomics.add(memory, 0, 1) === 2 ? fail() : null) }, models.queue)
  expect(explore(thrower)).toMatchObject({
    client: { alice: ['pop()', 'pop()'], bob: ['pop()'] },
    failures: [{ kind: 'exception', message: 'bob threw Error: third' }],
  })
  const broken = {
    ...atomicCounter,
    invariant: (_: unknown, { alice = [] }: Record<string, readonly unknown[]>) => alice.length < 2,
  }
  expect(explore(broken)).toMatchObject({
    client: { alice: ['fetchAdd(1)', 'fetchAdd(1)'] },
    failures: [{ kind: 'invariant' }],
  })
})

function fail(): never {
  throw new Error('third')
}

test('an operation that the model does not have is an error that names it', () => {
  const { verdict, error } = explore({ ...hastyQueue, operations: { take: () => null }, arguments: {} })
  expect({ verdict, error }).toEqual({
    verdict: 'error',
    error: {
      code: 'ERR_RACELAB_MODEL',
      message: 'The model queue has no operation "take": it has push, pop, size.',
    },
  })
})

test('a model that throws is an error with its words', () => {
  const model: Model = { ...models.queue, step: () => fail() }
  expect(explore({ ...hastyQueue, model }).error?.message).toMatch(/^The model threw Error: third/)
})

test('several arguments are one input, and arguments are copied for each call', () => {
  const scenario = object(
    {
      cas: (memory, expected: number, value: number) =>
        Atomics.compareExchange(memory, 0, expected, value) === expected,
      write(memory, values: number[]) {
        Atomics.store(memory, 0, values.pop()!)
      },
      read: (memory) => Atomics.load(memory, 0),
    },
    {
      ...models['cas-register'],
      init: () => 0,
      step: (state, operation) =>
        models['cas-register'].step(
          state,
          operation.f === 'write' ? { ...operation, input: (operation.input as number[]).at(-1) } : operation,
        ),
    },
    {
      arguments: {
        cas: [
          [0, 1],
          [1, 2],
        ],
        write: [[[5, 6]]],
      },
    },
  )
  expect(explore({ ...scenario, calls: 1 })).toMatchObject({ verdict: 'pass', complete: true })
  expect(explore({ ...scenario, model: models['cas-register'] }).client).toEqual({ alice: ['cas(0, 1)'] })
})

test.each(['dpor', 'dfs', 'random', 'pct', 'pos'] as const)('the strategy %s finds a failing client', (strategy) => {
  const { verdict, client } = explore(splitCounter, { strategy, maxSchedules: 5000 })
  expect({ verdict, calls: Object.keys(client ?? {}).length }).toEqual({ verdict: 'fail', calls: 2 })
})

test('a bound on schedules is one on those of all clients', () => {
  expect(explore(atomicCounter, { maxSchedules: 10 })).toMatchObject({
    verdict: 'inconclusive',
    complete: false,
    schedules: 10,
    stopped: 'gave up after 10 schedules',
  })
  const { schedules } = explore(atomicCounter)
  expect(explore(atomicCounter, { maxSchedules: schedules })).toMatchObject({ verdict: 'pass', schedules })
  expect(explore(atomicCounter, { strategy: 'random', maxSchedules: 180 })).toMatchObject({
    verdict: 'inconclusive',
    clients: 90,
    stopped: 'gave up after 180 schedules',
  })
})

// One call: 3. Two on one thread: 9. Of the 6 pairs of calls, 3 add twice. With three calls, of 9 * 3 clients there are
// 8 * 2 in which both threads add; with four, of 45 there are (8 * 9) / 2.
test('an operation is called by no more threads than it may have as callers', () => {
  const { clients, verdict } = explore({ ...atomicCounter, callers: { fetchAdd: 1 } })
  expect({ clients, verdict }).toEqual({ clients: 3 + 9 + (6 - 3) + (27 - 16) + (45 - 36), verdict: 'pass' })
})

test('a sample of the clients proves nothing, and says what it is of', () => {
  const values = Array.from({ length: 150 }, (_, index) => index)
  const many = { ...atomicCounter, arguments: { fetchAdd: values }, threads: 1 }
  // One thread makes one or two of 151 calls.
  expect(explore(many)).toMatchObject({
    verdict: 'inconclusive',
    complete: false,
    clients: 151 + 1000,
    stopped: 'of the 22,801 clients with 2 calls, 1,000 were drawn at random',
  })
})

test('a bound on preemptions leaves every client incomplete that it cuts', () => {
  expect(explore(splitCounter, { preemptions: 0 })).toMatchObject({
    verdict: 'inconclusive',
    clients: 90,
    stopped: 'no schedule with more than 0 preemptions was tried',
  })
})

test('progress counts the schedules and the clients of all clients', () => {
  const seen: Exploration[] = []
  explore(splitCounter, { onProgress: ({ exploration }) => void seen.push(exploration) })
  expect(seen.at(-1)).toMatchObject({ clients: 13, client: { alice: ['fetchAdd(1)'] } })
  expect(seen.at(-1)!.schedules).toBeGreaterThan(12)
  expect(explore(atomicCounter, { timeout: 1e-9 })).toMatchObject({ verdict: 'inconclusive', clients: 0 })
})

test('a reason to stop stops all clients, and there are no outcomes of one of them', () => {
  let told = 0
  const result = explore(lockedQueue, { onProgress: () => (++told === 1 ? 'enough' : undefined) })
  expect(result).toMatchObject({ verdict: 'inconclusive', complete: false, stopped: 'enough', outcomes: {} })
  expect(told).toBe(1)
  expect(result.clients).toBeLessThan(90)
})

test('advice is about what a scenario with operations has', () => {
  const result = explore(atomicCounter, { maxSchedules: 10 })
  expect(adviceFor(result, (name) => name)).toBe(
    'Raise maxSchedules, or give the scenario fewer threads, calls or arguments.',
  )
})

test('a failure replays to itself from its token, which names the client and the criterion', () => {
  for (const criterion of ['linearizable', 'sequential'] as const) {
    const [failure] = explore(hastyQueue, { criterion, subject: 'queues' }).failures
    const replayed = replay(hastyQueue, failure!.token)
    if (replayed.kind === 'diverged') throw new Error(replayed.divergence.message)
    const { judgement, steps, actors } = replayed.recording
    expect(judgement.faults.map(({ kind, message }) => [kind, message])).toEqual([[failure!.kind, failure!.message]])
    expect(actors).toEqual(['alice', 'bob'])
    expect(steps.length).toBe(failure!.steps)
    expect(steps.flatMap(({ begins }) => begins ?? [])).toEqual(['push(1)', 'pop()'])
    expect(steps.flatMap(({ returns }) => returns ?? [])).toEqual(['0', ''])
  }
})

test('a token of another scenario has diverged, and says why', () => {
  const [failure] = explore(hastyQueue).failures
  const token = failure!.token
  const said = (scenario: Parameters<typeof replay>[0], of = token): string => {
    const replayed = replay(scenario, of)
    return replayed.kind === 'diverged' ? replayed.divergence.message : 'replayed'
  }
  const alone = { ...hastyQueue, operations: { pop: hastyQueue.operations['pop']! }, arguments: {} }
  expect(said(alone)).toMatch(/step 1.*a call that the scenario does not have/)
  // The same number of calls, but others.
  expect(said({ ...hastyQueue, arguments: { push: [2] } })).toMatch(/step 1.*which is not what the token has/)
  const actors = { name: 'actors', memory: words(16), actors: { alice: (memory: Int32Array) => memory[0] } }
  expect(said(actors)).toMatch(/step 1: the token is of a client of operations, and the scenario has none/)
  const own = explore({ ...actors, outcomes: { 1: 'acceptable' }, observe: () => 2 }).failures[0]!.token
  expect(said(hastyQueue, own)).toMatch(/step 1: the token is of a scenario with actors, and this one has operations/)
})

test('the matchers and the assertion take a scenario with operations, and show the client', async () => {
  await expect(atomicCounter).toHoldInEverySchedule()
  await expect(splitCounter).toFailInSomeSchedule('not-linearizable')
  expect(assertHoldsInEverySchedule(atomicCounter).clients).toBe(90)
  const message = (() => {
    try {
      assertHoldsInEverySchedule(hastyQueue)
      return ''
    } catch (error) {
      expect(error).toBeInstanceOf(DoesNotHoldError)
      return (error as DoesNotHoldError).message
    }
  })()
  expect(message).toMatch(/^test: fails\n8 clients, 12 schedules/)
  expect(message).toMatch(/client that was found to fail:\n {2}alice {2}push\(1\)\n {2}bob {4}pop\(\)\n/)
  expect(message).toMatch(/not-linearizable: pop\(\) of bob returned 0, which fits/)
  // alice's call is interrupted, and bob's is not.
  expect(message).toMatch(
    /^ {5}push\(1\)\n {2}1 {4}word 1 0 → 1 .*\n.*preempted here\n {2}2 {20}pop\(\) = 0\n(?:.*\n)+?.*returns\n/m,
  )
})
