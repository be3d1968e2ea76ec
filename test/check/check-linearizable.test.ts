import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { checkLinearizable, historyFromJsonLines, models, queueOf } from '../../src/check/index.ts'
import type { Model, Operation } from '../../src/check/index.ts'
import { longestPrefix } from '../../src/check/longest-prefix.ts'
import { isLinearizable } from './brute-force.ts'
import { histories } from './histories.ts'

const names = Object.keys(models) as (keyof typeof models)[]

describe.each(names)('%s', (name) => {
  const model = models[name] as Model

  test('the verdict is that of trying every order', () => {
    const seen = { yes: 0, no: 0 }
    const property = fc.property(histories(name, 6), (history) => {
      const expected = isLinearizable(history, model)
      seen[expected ? 'yes' : 'no']++
      expect(checkLinearizable(history, model).verdict).toBe(expected ? 'linearizable' : 'not-linearizable')
    })
    fc.assert(property, { numRuns: 500 })
    // Neither answer alone would pass.
    expect(seen.yes).toBeGreaterThan(20)
    expect(seen.no).toBeGreaterThan(20)
  })

  test('a linearization is an order that the model allows, and that keeps the order of time', () => {
    const property = fc.property(histories(name, 8), (history) => {
      const { verdict, linearization } = checkLinearizable(history, model)
      fc.pre(verdict === 'linearizable')
      const placed = [...linearization!.values()].flat()
      expect(placed).toEqual(expect.arrayContaining(history.filter(({ unknown }) => unknown !== true)))
      for (const order of linearization!.values()) {
        let states = [model.init()]
        for (const [at, operation] of order.entries()) {
          states = states.flatMap((state) => model.step(state, operation))
          expect(order.slice(at + 1).every((later) => !(later.returned < operation.called))).toBe(true)
        }
        expect(states).not.toEqual([])
      }
    })
    fc.assert(property, { numRuns: 200 })
  })

  test('a history is linearizable up to the operation that is named, and not with it', () => {
    const property = fc.property(histories(name, 6), (history) => {
      const { failure } = checkLinearizable(history, model)
      fc.pre(failure?.operation !== undefined)
      const { operation, partition } = failure
      const part = history.filter((each) => (model.partition?.(each) ?? '') === partition)
      const before = upTo(part, operation)
      expect(isLinearizable([...before, { ...operation, unknown: true }], model)).toBe(true)
      expect(isLinearizable([...before, operation], model)).toBe(false)
    })
    fc.assert(property, { numRuns: 200 })
  })
})

/** Whether the first of two operations returned first. At equal times, the order of the history decides. */
function cameFirst(one: Operation, other: Operation, history: readonly Operation[]): boolean {
  if (one.returned === other.returned) return history.indexOf(one) < history.indexOf(other)
  return one.returned < other.returned
}

function open(operation: Operation): Operation {
  return { ...operation, unknown: true }
}

/** The other operations, as they were known just before this one returned. */
function upTo(history: readonly Operation[], operation: Operation): Operation[] {
  return history
    .filter((each) => each !== operation && each.called <= operation.returned)
    .filter(
      (each) => each.process !== operation.process || each.unknown === true || cameFirst(each, operation, history),
    )
    .map((each) => (cameFirst(each, operation, history) ? each : open(each)))
}

const TWICE: readonly Operation[] = [
  { process: 'alice', f: 'push', input: 1, called: 1, returned: 2 },
  { process: 'alice', f: 'pop', output: 1, called: 3, returned: 6 },
  { process: 'bob', f: 'pop', output: 1, called: 4, returned: 5 },
]

test('tells how long it took, which is less than the caller sees', () => {
  const began = performance.now()
  const { elapsedMs } = checkLinearizable(
    [{ process: 1, f: 'read', output: 0, called: 0, returned: 1 }],
    models.counter,
  )
  const took = performance.now() - began
  expect(elapsedMs).toBeGreaterThanOrEqual(0)
  expect(elapsedMs).toBeLessThanOrEqual(took)
})

test('says in words which operation cannot be placed, after what', () => {
  const { verdict, failure, operations, partitions } = checkLinearizable(TWICE, models.queue)
  expect({ verdict, operations, partitions }).toEqual({ verdict: 'not-linearizable', operations: 3, partitions: 1 })
  expect(failure!.message).toBe(
    'pop() = 1 of alice cannot be placed anywhere between its call and its return. ' +
      'The other operations that were called before its return have an order: push(1) of alice, pop() = 1 of bob. ' +
      'It ends in the state [].',
  )
})

test('a full queue refuses a push; one that takes it all the same is found', () => {
  const pushes = (...outputs: boolean[]): Operation[] =>
    outputs.map((output, index) => ({
      process: 0,
      f: 'push',
      input: 7,
      output,
      called: 2 * index,
      returned: 2 * index + 1,
    }))
  expect(checkLinearizable(pushes(true, true, false), queueOf(2)).verdict).toBe('linearizable')
  expect(checkLinearizable(pushes(true, true, true), queueOf(2)).verdict).toBe('not-linearizable')
  expect(checkLinearizable(pushes(true, false), queueOf(2)).verdict).toBe('not-linearizable')
})

test('a bound that is reached gives no verdict', () => {
  // All writes overlap, and the read has a value that none wrote: every order is tried.
  const writes = Array.from({ length: 40 }, (_, process): Operation => ({
    process,
    f: 'write',
    input: process,
    called: 0,
    returned: 9,
  }))
  const history = [...writes, { process: 'reader', f: 'read', output: -1, called: 0, returned: 9 }]
  const check = checkLinearizable(history, models.register, { maxPositions: 10_000 })
  expect(check).toMatchObject({ verdict: 'unknown', stopped: 'gave up after 10000 positions' })
  expect(checkLinearizable(history, models.register, { timeout: 0.01 })).toMatchObject({
    verdict: 'unknown',
    stopped: 'gave up after 0.01 s',
  })
})

test('positions that were met before are not searched from again', () => {
  // Ten concurrent additions: 1,024 sets of them, in 3,628,800 orders.
  const additions = Array.from({ length: 10 }, (_, process): Operation => ({
    process,
    f: 'add',
    input: 1,
    called: 0,
    returned: 1,
  }))
  const read: Operation = { process: 'reader', f: 'read', output: 11, called: 2, returned: 3 }
  expect(checkLinearizable([...additions, read], models.counter, { maxPositions: 2000 }).verdict).toBe(
    'not-linearizable',
  )
})

test.each([[[1, 2, 3]], [[1]], ['12'], [null]])('a compare-and-swap of %j is refused', (input) => {
  const history = [{ process: 1, f: 'cas', input, called: 0, returned: 1 }]
  expect(() => checkLinearizable(history, models['cas-register'])).toThrow('cas takes [expected, new]')
})

test('where the search for the longest prefix is given up, no operation is named', () => {
  const pushes = [1, 2, 3, 4, 5, 6].map((each): Operation => ({
    process: each,
    f: 'push',
    input: each,
    called: 0,
    returned: each,
  }))
  const pops = [9, 10].map((each): Operation => ({
    process: 0,
    f: 'pop',
    output: each,
    called: 2 * each,
    returned: 2 * each + 1,
  }))
  const history = [...pushes, ...pops]
  expect(longestPrefix(history, queueOf(6), pushes[0]!, () => undefined)?.blocked).toBe(pops[0])
  // Only the orders of all pushes before a pop are more than a search tries before it asks whether to give up.
  expect(longestPrefix(history, queueOf(6), pushes[0]!, () => 'enough')).toBeUndefined()
})

test('a long history does not overflow the stack', () => {
  const operations = Array.from({ length: 50_000 }, (_, index): Operation => {
    return { process: 0, f: 'increment', output: index + 1, called: 2 * index, returned: 2 * index + 1 }
  })
  expect(checkLinearizable(operations, models.counter).verdict).toBe('linearizable')
})

test.each([
  [
    'a return before the call',
    [{ process: 0, f: 'read', called: 2, returned: 1 }],
    /read\(\) of process 0 returns before/,
  ],
  ['no times', [{ process: 0, f: 'read', called: Number.NaN, returned: Number.NaN }], /returns before it is called/],
  [
    'two calls of one process at once',
    [
      { process: 0, f: 'write', input: 1, called: 1, returned: 4 },
      { process: 0, f: 'read', called: 2, returned: 3 },
    ],
    /^Process 0 calls read\(\) before its write\(1\) has returned/,
  ],
  [
    'a call of a process at the time of its last return',
    [
      { process: 0, f: 'write', input: 1, called: 1, returned: 2 },
      { process: 0, f: 'read', called: 2, returned: 3 },
    ],
    /^Process 0 calls read\(\) at the time at which its write\(1\) has returned/,
  ],
  [
    'an operation that the model does not have',
    [{ process: 0, f: 'pusj', called: 1, returned: 2 }],
    /has no operation "pusj"/,
  ],
])('refuses %s', (_, history, message) => {
  expect(() => checkLinearizable(history as Operation[], models.register)).toThrow(message)
})

const ETCD = fileURLToPath(new URL('../../../shared/histories/etcd/', import.meta.url))

describe.skipIf(!existsSync(ETCD))(
  'histories of etcd with published verdicts (skipped without ../shared/histories)',
  () => {
    const verdicts = existsSync(ETCD)
      ? (JSON.parse(readFileSync(`${ETCD}verdicts.json`, 'utf8')) as Record<string, boolean>)
      : {}

    test('there are fifty', () => expect(readdirSync(ETCD).filter((name) => name.endsWith('.jsonl'))).toHaveLength(50))

    test.each(Object.entries(verdicts))('%s: linearizable is %s', (name, expected) => {
      const history = historyFromJsonLines(readFileSync(`${ETCD}${name}.jsonl`, 'utf8'))
      const model = models['cas-register']
      const { verdict, failure } = checkLinearizable(history, model)
      expect(verdict).toBe(expected ? 'linearizable' : 'not-linearizable')
      if (failure === undefined) return
      const before = upTo(history, failure.operation!)
      expect(isLinearizableInTime([...before, { ...failure.operation!, unknown: true }], model)).toBe(true)
      expect(isLinearizableInTime([...before, failure.operation!], model)).toBe(false)
    })
  },
)

/** As `isLinearizable`, for longer histories: from state to state, with the operations done as a text. */
function isLinearizableInTime(history: readonly Operation[], model: Model): boolean {
  const seen = new Set<string>()
  const isOpen = ({ returned, unknown = false }: Operation): boolean => unknown || returned === Infinity
  const positions: { done: readonly boolean[]; state: unknown }[] = [
    { done: history.map(() => false), state: model.init() },
  ]
  while (positions.length > 0) {
    const { done, state } = positions.pop()!
    const left = history.filter((_, index) => done[index] === false)
    if (left.every(isOpen)) return true
    const firstReturn = Math.min(...left.filter((each) => !isOpen(each)).map(({ returned }) => returned))
    for (const [index, operation] of history.entries()) {
      if (done[index] === true || operation.called > firstReturn) continue
      for (const after of model.step(state, operation)) {
        const next = { done: done.with(index, true), state: after }
        const key = JSON.stringify(next)
        if (!seen.has(key)) positions.push(next)
        seen.add(key)
      }
    }
  }
  return false
}
