/** What a proof does not cover is explored inside, or makes the proof one of nothing. */
import { expect, test } from 'vitest'

import { models } from '../../../src/check/index.ts'
import type { Contract } from '../../../src/contract.ts'
import { coveredClasses } from '../../../src/explore/contracts/covered-class.ts'
import { prove } from '../../../src/explore/contracts/proof/prove.ts'
import type { CoveredClass } from '../../../src/explore/globals/covered-calls.ts'
import { explore } from '../../../src/explore/index.ts'
import { Actor } from '../../../src/explore/model/actor.ts'
import { Coverage } from '../../../src/explore/run/coverage.ts'
import { nth, over } from '../counters.ts'
import { clientOf, contractOf, SpinLock } from './spin-lock.ts'

/** A lock with a method that takes it without looking. */
class OpenLock extends SpinLock {
  seize(): boolean {
    return Atomics.exchange(this.words, this.at, 1) === 0
  }
}

/** A mutex, and further operations that may do and return anything. */
const model: typeof models.mutex = {
  ...models.mutex,
  step: (holder, operation) => (operation.f.endsWith('lock') ? models.mutex.step(holder, operation) : [holder]),
}

const seizing = (of: typeof SpinLock) => ({
  ...clientOf(of).operations,
  seize: (words: Int32Array) => new OpenLock(words).seize(),
})

test.each([
  ['does not call a method', {}, 'no client calls seize'],
  [
    'calls two methods at once',
    {
      operations: {
        ...seizing(OpenLock),
        seize: (words: Int32Array) => {
          new OpenLock(words).seize()
          new OpenLock(words).unlock()
        },
      },
    },
    "its client's seize calls unlock after seize",
  ],
  [
    'calls a method by another name',
    { operations: { ...clientOf(OpenLock).operations, look: (words: Int32Array) => new OpenLock(words).seize() } },
    "its client's look calls seize, another name",
  ],
  [
    'does not return that it has taken nothing',
    { operations: { ...seizing(OpenLock), seize: (words: Int32Array) => void new OpenLock(words).seize() } },
    "its client's seize does not return what seize returns",
  ],
])('a client that %s proves nothing', (_, parts, message) => {
  const contract = contractOf(OpenLock, {
    methods: { lock: 'before', seize: 'never', unlock: 'never' },
    pairs: { lock: 'takes', seize: 'takes', unlock: 'gives' },
    clients: () => [clientOf(OpenLock, { model, ...parts })],
  })
  expect(prove(contract, { threads: 2 })).toEqual({ kind: 'unknown', message })
})

test('an object for two is proved with two threads, also where there are three', () => {
  // With one permit or three it is right, and with two it lets all in.
  class OddLock extends SpinLock {
    readonly parties: number

    constructor(words: Int32Array, parties: number) {
      super(words)
      this.parties = parties
    }

    override lock(): void {
      if (this.parties === 2) Atomics.store(this.words, 0, 1)
      else super.lock()
    }
  }
  const contract = contractOf(OddLock, {
    callers: ({ parties }: OddLock) => parties,
    clients: (threads) => [
      clientOf(SpinLock, {
        operations: {
          lock: (words) => new OddLock(words, threads).lock(),
          unlock: (words) => new OddLock(words, threads).unlock(),
        },
      }),
    ],
  })
  expect(prove(contract, { threads: 3 })).toMatchObject({ kind: 'refuted' })
})

test('a proof may have more threads than there are names', () => {
  const lazy = { ...contractOf(SpinLock), clients: (threads: number) => (threads < 10 ? [] : [clientOf(SpinLock)]) }
  expect(prove(lazy, { threads: 10, mostStates: 100 })).toMatchObject({ kind: 'unknown', message: /more than 100/ })
  let most = 0
  const step: typeof models.mutex.step = (holder, operation) => {
    most = Math.max(most, operation.process as number)
    return models.mutex.step(holder, operation)
  }
  prove(
    { ...lazy, clients: (threads) => (threads < 10 ? [] : [clientOf(SpinLock, { model: { ...models.mutex, step } })]) },
    { threads: 10, mostStates: 100 },
  )
  // The first thread is number 2.
  expect(most).toBe(11)
})

/** Whoever asks while it is held can no longer give it back. */
class AskedLock extends SpinLock {
  isFree(): boolean {
    return Atomics.compareExchange(this.words, this.at, 1, 2) === 0
  }

  override unlock(): void {
    Atomics.compareExchange(this.words, this.at, 1, 0)
  }
}

test('a call that returns false without taking anything changes nothing of what a thread has taken', () => {
  const step: typeof models.mutex.step = (holder, operation) => {
    const { f, unknown, output } = operation
    if (f !== 'isFree') return models.mutex.step(holder, operation)
    return unknown === true || output === (holder === null) ? [holder] : []
  }
  const operations = {
    ...clientOf(AskedLock).operations,
    isFree: (words: Int32Array) => new AskedLock(words).isFree(),
  }
  const contract = contractOf(AskedLock, {
    methods: { lock: 'before', unlock: 'never', isFree: 'never' },
    clients: () => [clientOf(AskedLock, { operations, model: { ...models.mutex, step } })],
  })
  expect(prove(contract, { threads: 1 })).toMatchObject({ kind: 'refuted' })
})

test('memory() of a client may use Atomics', () => {
  const memory = (): Int32Array => {
    const words = new Int32Array(new SharedArrayBuffer(4))
    Atomics.store(words, 0, 0)
    return words
  }
  const contract = contractOf(SpinLock, { clients: () => [clientOf(SpinLock, { memory })] })
  expect(prove(contract, { threads: 2 })).toMatchObject({ kind: 'proved' })
})

class OtherLock extends SpinLock {
  override lock(): void {
    while (Atomics.exchange(this.words, this.at, 1) !== 0);
  }

  override unlock(): void {
    Atomics.store(this.words, this.at, 0)
  }
}

test('two classes that share a word are explored inside', () => {
  const act = (of: typeof SpinLock) => (words: Int32Array) => {
    new of(words).lock()
    new of(words).unlock()
  }
  const contracts = [contractOf(SpinLock), contractOf(OtherLock)]
  const found = explore(over({ alice: act(SpinLock), bob: act(OtherLock) }, { contracts }))
  expect(found).toMatchObject({ verdict: 'pass', complete: true })
  expect(found.contracts).toBeUndefined()
  expect(found.inside).toEqual({
    SpinLock: 'it shares memory with OtherLock',
    OtherLock: 'it shares memory with SpinLock',
  })
})

/** Two locks, one within the other: its proof takes the calls of the inner one for steps. */
class DoubleLock extends SpinLock {
  override lock(): void {
    super.lock()
    new OtherLock(this.words, this.at + 1).lock()
  }

  override unlock(): void {
    new OtherLock(this.words, this.at + 1).unlock()
    super.unlock()
  }
}

const doubleContract = contractOf(DoubleLock, {
  clients: () => [clientOf(DoubleLock, { memory: () => new Int32Array(new SharedArrayBuffer(8)) })],
})
const lockTwice = (words: Int32Array): void => {
  new DoubleLock(words).lock()
  new DoubleLock(words).unlock()
}

test('a class that calls another one is explored inside if that is', () => {
  const contracts = [contractOf(OtherLock), doubleContract]
  const both = explore(over(nth(2, lockTwice), { contracts }))
  expect([both.schedules, both.inside, both.contracts]).toEqual([2, undefined, ['DoubleLock', 'OtherLock']])
  const touch = (words: Int32Array): void => void Atomics.load(words, 1)
  const { contracts: used, inside } = explore(over({ alice: lockTwice, bob: touch }, { contracts }))
  expect(used).toBeUndefined()
  expect(inside).toEqual({
    DoubleLock: 'it calls unlock of OtherLock, which is explored inside',
    OtherLock: expect.stringMatching(/^bob uses its memory by itself/),
  })
})

test('a contract is proved beside those only that are proved themselves', () => {
  const asked: string[] = []
  const proofs = { has: (what: string) => asked.push(what) < 0, add: () => {} }
  const unproved = contractOf(OtherLock, { clients: () => [] })
  explore(over(nth(2, lockTwice), { contracts: [unproved, doubleContract] }), { proofs })
  expect(asked).toEqual(['OtherLock beside DoubleLock', 'DoubleLock beside OtherLock', 'DoubleLock'])
})

test('a call that does not end, with an argument that no client gives, is explored inside', () => {
  class PatientLock extends SpinLock {
    override unlock(waits = false): void {
      if (waits) while (Atomics.load(this.words, this.at) === 1);
      super.unlock()
    }
  }
  const alice = (words: Int32Array): void => {
    new PatientLock(words).lock()
    new PatientLock(words).unlock(true)
  }
  const { contracts, inside, failures } = explore(over({ alice }, { contracts: [contractOf(PatientLock)] }))
  expect(contracts).toBeUndefined()
  expect(inside).toEqual({ PatientLock: "alice's call of unlock makes more than 1000 accesses" })
  expect(failures).toMatchObject([{ kind: 'livelock' }])
})

test('a call that gives something back, nobody knows of which object, is explored inside', () => {
  class QuietLock extends SpinLock {
    override unlock(quietly = false): void {
      if (!quietly) super.unlock()
    }
  }
  const alice = (words: Int32Array): void => {
    new QuietLock(words).lock()
    new QuietLock(words).unlock(true)
  }
  const { inside } = explore(over({ alice }, { contracts: [contractOf(QuietLock)] }))
  expect(inside).toEqual({ QuietLock: "alice's call of unlock touches no memory" })
})

test('two contracts of one name are refused', () => {
  const message = (...contracts: readonly Contract[]): string | undefined =>
    explore(over(nth(2, lockTwice), { contracts })).error?.message
  const expected = (name: string): string => `There are two contracts with the name ${name}: give one another name.`
  expect(message(contractOf(SpinLock), contractOf(OtherLock, { name: 'SpinLock' }))).toBe(expected('SpinLock'))
  expect(message(contractOf(SpinLock, { name: 'Mutex' }))).toBe(expected('Mutex'))
})

/** Two meet: who passes waits until somebody sleeps, and wakes them. */
class Meeting extends SpinLock {
  pass(): void {
    while (Atomics.load(this.words, 0) !== 0 || Atomics.notify(this.words, 0, 1) === 0);
  }

  sleep(): void {
    Atomics.wait(this.words, 0, 0)
  }
}

test('a call that goes through once somebody sleeps is tried again then', () => {
  const contract = contractOf(Meeting, { methods: { pass: 'before', sleep: 'within' }, pairs: {} })
  const alice = (words: Int32Array): number => {
    new Meeting(words).pass()
    return Atomics.load(words, 1)
  }
  const bob = (words: Int32Array): void => new Meeting(words).sleep()
  const carol = (words: Int32Array): void => void Atomics.store(words, 1, 1)
  const observe = (_: Int32Array, { alice: seen }: { readonly alice?: unknown }): unknown => seen
  // What is to be seen here is the explorer, not the proof.
  const proofs = { has: () => true, add: () => {} }
  const found = explore(over({ alice, bob, carol }, { contracts: [contract], observe }), { proofs })
  expect(found).toMatchObject({ verdict: 'pass', complete: true, contracts: ['Meeting'] })
  // She may pass before carol writes.
  expect(Object.keys(found.outcomes)).toEqual(['0', '1'])
})

test('a class that is excluded in the middle of a call is covered no more, and the call ends all the same', () => {
  const coverage = new Coverage('units', () => {})
  const alice = new Actor(0, 'alice', () => undefined)
  const [{ methods }] = coveredClasses(contractOf(SpinLock), []) as [CoveredClass]
  const call = coverage.begins(alice, methods[0]!, {})!
  expect([coverage.isActive, alice.calls]).toEqual([true, [call]])
  coverage.exclude('SpinLock', 'of this test')
  coverage.ends(alice, call)
  expect([coverage.isActive, alice.calls]).toEqual([false, []])
  expect(coverage.begins(alice, methods[0]!, {})).toBeUndefined()
})

test('a reason to stop that is given once, during a proof, stops the exploration', () => {
  const reasons = ['enough']
  const act = (words: Int32Array): void => {
    new SpinLock(words).lock()
    new SpinLock(words).unlock()
  }
  const scenario = over(nth(5, act), { contracts: [contractOf(SpinLock)] })
  const found = explore(scenario, { timeout: 10, onProgress: () => reasons.pop() })
  expect(found).toMatchObject({ verdict: 'inconclusive', stopped: 'enough' })
})

test('a class whose methods cannot be replaced is explored inside', () => {
  class FrozenLock extends SpinLock {
    override lock(): void {
      super.lock()
    }
  }
  Object.freeze(FrozenLock.prototype)
  const act = (words: Int32Array): void => {
    new FrozenLock(words).lock()
    new FrozenLock(words).unlock()
  }
  const { verdict, contracts, inside } = explore(over(nth(2, act), { contracts: [contractOf(FrozenLock)] }))
  expect({ verdict, contracts, inside }).toEqual({
    verdict: 'pass',
    contracts: undefined,
    inside: { FrozenLock: expect.stringMatching(/does not cover its own client: alice uses its memory by itself/) },
  })
})
