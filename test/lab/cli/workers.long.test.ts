/** `lab explore --workers n` where the search is long enough for the other threads to help: the result is the same whatever n. */
import { expect, test } from 'vitest'
import { Files } from './files.ts'
import { expectSameResult, increments, LOCK } from './same-result.ts'

const files = new Files()

const INCREMENTS = increments(6)
const LOCKED = `${LOCK}
  const short = (words) => { lock(words); words[0]++; unlock(words) }
  const long = (words) => { lock(words); const seen = words[0]; unlock(words); lock(words); words[0] = seen + 1; unlock(words) }`

test('a complete one', { timeout: 240_000 }, async () => {
  const file = files.scenario('complete.mjs', INCREMENTS)
  expect(await expectSameResult(file)).toMatchObject({ verdict: 'pass', schedules: 372_436 })
})

/** The outcomes that are not forbidden. The others are seen in few schedules, or in many. */
const acceptable = (...outcomes: readonly number[]): string =>
  `{ ${outcomes.map((outcome) => `${outcome}: 'acceptable'`).join()} }`

test('one with two failing schedules', { timeout: 240_000 }, async () => {
  const outcomes = acceptable(3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
  const file = files.scenario('two.mjs', { ...INCREMENTS, outcomes })
  expect(await expectSameResult(file)).toMatchObject({ verdict: 'fail', failures: [{ outcome: '2' }] })
})

test('one with several failures, which are all listed', { timeout: 240_000 }, async () => {
  const file = files.scenario('several.mjs', { ...INCREMENTS, outcomes: acceptable(5, 6, 7, 8, 9, 10, 11, 12) })
  const { failures, schedules } = await expectSameResult(file, '--all-failures', '--strategy', 'dpor')
  expect(schedules).toBe(372_436)
  expect(new Set(failures.map(({ outcome }) => outcome))).toEqual(new Set(['2', '3', '4']))
})

test('one that throws late', { timeout: 240_000 }, async () => {
  const observe = '(words) => { if (words[0] === 2) throw new Error("two"); return words[0] }'
  const file = files.scenario('throws.mjs', { ...INCREMENTS, observe })
  expect(await expectSameResult(file)).toMatchObject({ verdict: 'error' })
})

test('one with waits', { timeout: 240_000 }, async () => {
  const actors = '{ a: short, b: short, c: short }'
  const file = files.scenario('waits.mjs', { observe: '(words) => words[0]', actors }, LOCKED)
  expect(await expectSameResult(file, '--no-races')).toMatchObject({ verdict: 'pass' })
})

test('one with waits, of which a schedule fails', { timeout: 240_000 }, async () => {
  const actors = '{ a: short, b: long, c: short }'
  const parts = { observe: '(words) => words[0]', actors, outcomes: "{ 1: ['forbidden', 'two were lost'] }" }
  const file = files.scenario('waits-fails.mjs', parts, LOCKED)
  expect(await expectSameResult(file, '--no-races')).toMatchObject({ verdict: 'fail' })
})

/** A counter under a lock, whose update is torn from its third call on if `torn` is true. */
function lockedCounter(torn: boolean): string {
  return `${LOCK}
  const next = (words) => {
    lock(words)
    const seen = words[0]
    if (${torn} && seen === 2) { unlock(words); lock(words) }
    words[0] = seen + 1
    unlock(words)
    return seen
  }
  const read = (words) => { lock(words); const seen = words[0]; unlock(words); return seen }
  const step = (count, { f, output }) => output === count ? [f === 'next' ? count + 1 : count] : []
  export default {
    name: 'counter', memory: () => new Int32Array(new SharedArrayBuffer(16)), operations: { next, read },
    threads: 2, calls: 2,
    model: { name: 'counter', init: () => 0, equal: (one, other) => one === other, step },
  }`
}

test('clients, of which none fails', { timeout: 240_000 }, async () => {
  const file = files.write('clients.mjs', lockedCounter(false))
  expect(await expectSameResult(file, '--no-races')).toMatchObject({
    verdict: 'pass',
    complete: true,
  })
})

test('clients, of which a late one fails', { timeout: 240_000 }, async () => {
  const file = files.write('torn-clients.mjs', lockedCounter(true))
  const { verdict, client } = await expectSameResult(file, '--no-races')
  expect(verdict).toBe('fail')
  expect(Object.values(client ?? {}).flat()).toHaveLength(4)
})

test('clients, of which the last one is large', { timeout: 240_000 }, async () => {
  const file = files.write(
    'large-client.mjs',
    `const next = (words) => { const seen = Atomics.load(words, 0); Atomics.store(words, 0, seen + 1); return seen }
    export default {
      name: 'counter', memory: () => new Int32Array(new SharedArrayBuffer(16)), operations: { next },
      threads: 2, calls: 5,
      model: { name: 'anything', init: () => 0, equal: () => true, step: () => [0] },
    }`,
  )
  expect(await expectSameResult(file)).toMatchObject({ verdict: 'pass', complete: true, clients: 20 })
})

test('one with a lock that a contract covers', { timeout: 240_000 }, async () => {
  const before = `class Lock {
    constructor(words) { this.words = words }
    lock() { while (Atomics.compareExchange(this.words, 1, 0, 1) !== 0); }
    unlock() { Atomics.store(this.words, 1, 0) }
  }
  const locked = (rounds) => (words) => {
    const lock = new Lock(words)
    for (let round = 0; round < rounds; round++) { lock.lock(); words[0]++; lock.unlock() }
  }
  const step = (holder, { f, process }) => f === 'lock' ? (holder === null ? [process] : []) : (holder === process ? [null] : [])
  const client = {
    memory: () => new Int32Array(new SharedArrayBuffer(16)), blocking: ['lock'],
    operations: { lock: (words) => new Lock(words).lock(), unlock: (words) => new Lock(words).unlock() },
    model: { name: 'lock', init: () => null, step, equal: (one, other) => one === other },
  }
  const contract = {
    of: Lock, name: 'Lock', clients: () => [client],
    methods: { lock: 'before', unlock: 'never' }, pairs: { lock: 'takes', unlock: 'gives' },
  }`
  const actors = '{ a: locked(4), b: locked(4), c: locked(3) }'
  const parts = { observe: '(words) => words[0]', actors, contracts: '[contract]' }
  const found = await expectSameResult(files.scenario('contract.mjs', parts, before))
  // The ways to order eleven rounds: 11! / (4! 4! 3!).
  expect(found).toMatchObject({ verdict: 'pass', complete: true, schedules: 11_550, contracts: ['Lock'] })
})

test('one with a loop that spins', { timeout: 240_000 }, async () => {
  const locked = `const locked = (rounds) => (words) => {
    for (let round = 0; round < rounds; round++) {
      while (Atomics.compareExchange(words, 1, 0, 1) !== 0);
      words[0]++
      Atomics.store(words, 1, 0)
    }
  }`
  const actors = '{ a: locked(3), b: locked(2), c: locked(1) }'
  const file = files.scenario('spins.mjs', { observe: '(words) => words[0]', actors }, locked)
  expect(await expectSameResult(file)).toMatchObject({ verdict: 'pass', complete: true })
})
