import { expect, test } from 'vitest'

import type { Model } from '../../../src/check/index.ts'
import type { Contract } from '../../../src/contract.ts'
import { prove } from '../../../src/explore/contracts/proof/prove.ts'
import { explore, replay } from '../../../src/explore/index.ts'
import { Barrier } from '../../../src/sync/barrier.ts'
import { Condition } from '../../../src/sync/condition.ts'
import { Mutex } from '../../../src/sync/mutex.ts'
import { RwLock } from '../../../src/sync/rw-lock.ts'
import { nth, over } from '../counters.ts'
import { contractOf, SpinLock } from './spin-lock.ts'

/** A mutant: it looks, and takes the lock in a second step. */
class HastyLock extends SpinLock {
  override lock(): void {
    while (Atomics.load(this.words, 0) !== 0);
    Atomics.store(this.words, 0, 1)
  }
}

/** A mutant: it never gives the lock back. */
class LastingLock extends SpinLock {
  override unlock(): void {
    Atomics.load(this.words, 0)
  }
}

/** A lock that nobody gets any more once somebody has given it back without having it. */
class TogglingLock extends SpinLock {
  override unlock(): void {
    Atomics.xor(this.words, 0, 1)
  }
}

/** A mutant: of two that come at once, each waits for the other. */
class CrowdedLock extends SpinLock {
  override lock(): void {
    Atomics.add(this.words, 0, 1)
    while (Atomics.load(this.words, 0) !== 1);
  }

  override unlock(): void {
    Atomics.sub(this.words, 0, 1)
  }
}

function twice(of: typeof SpinLock, actors: number, more: object = {}) {
  const act = (words: Int32Array): void => {
    const lock = new of(words)
    for (let round = 0; round < 2; round++) {
      lock.lock()
      words[1]!++
      lock.unlock()
    }
  }
  return over(nth(actors, act), { observe: (words) => words[1], contracts: [contractOf(of)], ...more })
}

test('a lock with a contract of its own is one step, once that is proved', () => {
  expect(explore(twice(SpinLock, 3))).toMatchObject({
    verdict: 'pass',
    complete: true,
    schedules: 90,
    outcomes: { 6: { count: 90 } },
    contracts: ['SpinLock'],
  })
})

test.each([
  [
    HastyLock,
    /^The contract of HastyLock does not hold: no order of whole calls explains what they return\.\n +1 {2}alice calls lock\(\)/,
  ],
  [LastingLock, /^The contract of LastingLock does not hold: no call can return any more, and the model lets one\.\n/],
])('a contract that does not hold is refused, with the schedule that breaks it: %o', (of, message) => {
  const { verdict, error } = explore(twice(of, 2))
  expect(verdict).toBe('error')
  expect(error).toEqual({ code: 'ERR_RACELAB_BROKEN_CONTRACT', message: expect.stringMatching(message) })
})

test.each([
  [CrowdedLock, 'no call can return any more, and a whole call could'],
  [LastingLock, 'no call can return any more, and the model lets one'],
])('calls that can never return refute a contract: %o', (of, message) => {
  expect(prove(contractOf(of), { threads: 2 })).toMatchObject({ kind: 'refuted', message })
})

test('a client gives only what it has taken, even where the model would let it give more', () => {
  const { pairs, ...contract } = contractOf(TogglingLock)
  const model: Model<boolean> = {
    name: 'lock',
    init: () => false,
    step: (isHeld, { f }) => (f === 'unlock' ? [false] : isHeld ? [] : [true]),
    equal: Object.is,
  }
  const clients: typeof contract.clients = (threads) =>
    [...contract.clients(threads)].map((each) => Object.assign(each, { model }))
  expect(prove({ ...contract, clients, pairs: pairs! }, { threads: 2 })).toMatchObject({ kind: 'proved' })
  expect(prove({ ...contract, clients }, { threads: 2 })).toMatchObject({ kind: 'refuted' })
})

/** It looks before it tries, with a plain read. */
class PlainLock extends SpinLock {
  override lock(): void {
    do while (this.words[0] !== 0);
    while (Atomics.compareExchange(this.words, 0, 0, 1) !== 0)
  }
}

test('a lock with plain accesses is explored inside: they may be data races', () => {
  const { contracts, inside, failures } = explore(twice(PlainLock, 2), { timeout: 20 })
  expect(contracts).toBeUndefined()
  expect(inside).toEqual({ PlainLock: 'a call makes a plain access, and a proof does not look for data races' })
  expect(failures).toMatchObject([{ kind: 'data-race' }])
})

test('a proof that is known is not made again', () => {
  const asked: string[] = []
  const proofs = { has: (of: string, threads: number) => asked.push(`${of} ${threads}`) > 0, add: () => {} }
  expect(explore(twice(SpinLock, 2), { proofs })).toMatchObject({ contracts: ['SpinLock'] })
  expect(asked).toEqual(['SpinLock 2'])
})

test.each([
  [
    'uses its words by itself',
    (words: Int32Array) => void Atomics.load(words, 0),
    /^bob uses its memory by itself at .*own-contracts/,
  ],
  [
    'gives what it has not taken',
    (words: Int32Array) => new SpinLock(words).unlock(),
    /^bob calls unlock without having it$/,
  ],
])('an actor that %s is explored inside', (_, act, why) => {
  const alice = (words: Int32Array): void => {
    new SpinLock(words).lock()
    new SpinLock(words).unlock()
  }
  const { complete, contracts, inside } = explore(over({ alice, bob: act }, { contracts: [contractOf(SpinLock)] }))
  expect({ complete, contracts }).toEqual({ complete: true, contracts: undefined })
  expect(inside).toEqual({ SpinLock: expect.stringMatching(why) })
})

test.each([
  ['a timeout', (words: Int32Array) => void new Mutex(words, 0).tryLockFor(1), /uses its memory by itself/],
  ['a word that observe() looks at', () => {}, /^a function of the scenario uses its memory by itself/],
  ['an exception', (words: Int32Array) => new Mutex(words, 0).unlock(), /^bob's call of unlock throws$/],
])('a mutex is explored inside if there is %s', (what, bob, why) => {
  const alice = (words: Int32Array): void => new Mutex(words, 0).holding(() => {})
  const looks = what.startsWith('a word')
  const scenario = over({ alice, bob }, { observe: (words: Int32Array) => (looks ? Atomics.load(words, 0) : 0) })
  const { contracts, inside } = explore(scenario, { allFailures: true })
  expect(contracts).toBeUndefined()
  expect(inside).toEqual({ Mutex: expect.stringMatching(why) })
})

test('an access before the first call of a lock counts too', () => {
  const alice = (words: Int32Array): number => Atomics.load(words, 0)
  const bob = (words: Int32Array): void => {
    Atomics.load(words, 1)
    new Mutex(words, 0).holding(() => {})
  }
  const { contracts, inside } = explore(over({ alice, bob }))
  expect(contracts).toBeUndefined()
  expect(inside).toEqual({ Mutex: expect.stringMatching(/^alice uses its memory by itself at /) })
})

test('a barrier for two that three actors use is explored inside', () => {
  const scenario = over(nth(3, (words) => void new Barrier(words, 0, 2).arriveAndWait()))
  const { inside } = explore(scenario, { allFailures: true })
  expect(inside).toEqual({ Barrier: '3 actors call arriveAndWait, which is for 2' })
})

test('a read-write lock is one object, though its calls touch different words of it first', () => {
  const writer = (words: Int32Array): void => new RwLock(words, 0).writing(() => void words[3]!++)
  const reader = (words: Int32Array): number => new RwLock(words, 0).reading(() => words[3]!)
  const { complete, contracts, inside } = explore(over({ writer, reader }, { observe: (_, { reader: seen }) => seen }))
  expect({ complete, contracts, inside }).toEqual({ complete: true, contracts: ['RwLock'], inside: undefined })
})

test.each([
  [1, ['Condition', 'Mutex'], undefined],
  [2, ['Mutex'], '3 actors use one, and an actor makes more calls of notifyOne than are proved'],
])('for three actors, a condition is proved for one call of each: %i', (items, contracts, why) => {
  const wait = (words: Int32Array): void => {
    const mutex = new Mutex(words, 0)
    mutex.holding(() => new Condition(words, 1).waitUntil(mutex, () => words[3]! > 0))
  }
  const put = (words: Int32Array): void => {
    for (let item = 0; item < items; item++) {
      new Mutex(words, 0).holding(() => void words[3]!++)
      new Condition(words, 1).notifyOne()
    }
  }
  const found = explore(over({ alice: wait, bob: wait, producer: put }), { allFailures: true, timeout: 30 })
  expect(found.contracts).toEqual(contracts)
  expect(found.inside?.['Condition']).toEqual(why)
})

test('five actors are more than the mutex is proved for', () => {
  const scenario = over(nth(5, (words) => void new Mutex(words, 0).tryLock()))
  expect(explore(scenario, { timeout: 20 }).inside).toEqual({ Mutex: '5 actors use one, more than is proved' })
})

test('a schedule that was found with contracts is one of accesses: its token replays without them', () => {
  const actor = (one: number, other: number) => (words: Int32Array) =>
    new Mutex(words, one).holding(() => new Mutex(words, other).holding(() => {}))
  const scenario = over({ alice: actor(0, 1), bob: actor(1, 0) }, { observe: () => 0 })
  const found = explore(scenario)
  expect(found.failures).toMatchObject([{ kind: 'deadlock', preemptions: 1 }])
  const replayed = replay(scenario, found.failures[0]!.token)
  if (replayed.kind === 'diverged') throw new Error(replayed.divergence.message)
  expect(replayed.recording.judgement.faults).toMatchObject([{ kind: 'deadlock' }])
  expect(replayed.recording.stuck.map(({ how }) => how)).toEqual(['asleep', 'asleep'])
  expect(explore(scenario, { inside: true }).failures).toMatchObject([{ kind: 'deadlock' }])
})

test('a contract of a wrong shape is refused by name', () => {
  const good = contractOf(SpinLock)
  const error = (contract: unknown): string | undefined =>
    explore(
      over(
        nth(2, () => {}),
        { contracts: [contract as Contract] },
      ),
    ).error?.message
  expect(error({ ...good, of: {} })).toBe('The scenario has a contract whose "of" is an object, not a class.')
  expect(error({ ...good, name: undefined })).toBe('The scenario has a contract without a name.')
  expect(error({ ...good, methods: { look: 'never' } })).toMatch(
    /the contract of SpinLock with "look", which is no method of it/,
  )
  expect(error({ ...good, methods: { lock: 'befor' } })).toMatch(/waits befor: did you mean "before"\?/)
  expect(error({ ...good, clients: [] })).toMatch(/clients\(\) of the contract of SpinLock is an array, not a function/)
})
