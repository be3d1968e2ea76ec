import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { currentAgent } from '../../src/sync/agent.ts'
import { NotOwnerError, RelockError, SyncRangeError } from '../../src/sync/errors.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { freshWords, threads, until } from '../threads.ts'
import { ROUNDS, as, episodeWords, leftBy } from './contention.ts'
import { COUNTER } from './mutex.jobs.ts'
import type { Jobs } from './mutex.jobs.ts'

const ALICE = 1001
const BOB = 1002
const { run, end } = threads<Jobs>(new URL('mutex.jobs.ts', import.meta.url))
afterAll(end)

describe.each([2, 8])('a mutex between %i threads', (count) => {
  test('loses no update of a plain read, add and write', async () => {
    const words = freshWords(16)
    await run('add', count, words)
    expect(words[COUNTER]).toBe(count * ROUNDS)
    expect(words[0]).toBe(0)
  })

  test('excludes other threads in every form of locking', async () => {
    const words = freshWords(16)
    await run('addWithEveryFormOfLocking', count, words)
    expect(words[COUNTER]).toBe((count * ROUNDS) / 4)
    expect(words[0]).toBe(0)
  })

  test('forgets no sleeper if no more traffic comes, and ends unlocked', async () => {
    const words = episodeWords(Mutex.WORDS)
    await run('lockInEpisodes', count, words)
    expect(leftBy(words, Mutex.WORDS)).toEqual(['0'])
  })

  test('forgets no sleeper if other threads give up', async () => {
    const words = episodeWords(Mutex.WORDS)
    await run('giveUpInEpisodes', count, words)
    expect(leftBy(words, Mutex.WORDS)).toEqual(['0'])
  })
})

test('a timed lock gets the mutex if its holder unlocks within the time', async () => {
  const words = freshWords(16)
  const mutex = new Mutex(words, 0)
  mutex.lock()
  const got = await run('lockWithinLimit', 1, words, async () => {
    await until(() => (words[0]! & 1) === 1)
    mutex.unlock()
  })
  expect(got).toEqual([true])
})

test('a timed lock that gave up leaves the sleeper beside it to be woken', async () => {
  const words = freshWords(16)
  const mutex = new Mutex(words, 0)
  mutex.lock()
  await run('lockOnce', 1, words, async () => {
    await until(() => (words[0]! & 1) === 1)
    expect(as(BOB, () => mutex.tryLockFor(1))).toBe(false)
    mutex.unlock()
  })
  expect(words[COUNTER]).toBe(1)
  expect(words[0]).toBe(0)
})

test.each([0, 0.01, 1])(
  'a timed lock of %d ms gives up on a held mutex and leaves it to its holder',
  (milliseconds) => {
    const mutex = new Mutex(freshWords(1), 0)
    as(ALICE, () => mutex.lock())
    expect(as(BOB, () => mutex.tryLockFor(milliseconds))).toBe(false)
    expect(mutex.owner()).toBe(ALICE)
    as(ALICE, () => mutex.unlock())
    expect(as(BOB, () => mutex.tryLockFor(milliseconds))).toBe(true)
    expect(mutex.owner()).toBe(BOB)
  },
)

test('the owner is the agent that locked, and 0 before the lock and after the unlock', () => {
  const mutex = new Mutex(freshWords(1), 0)
  expect(mutex.owner()).toBe(0)
  mutex.lock()
  expect(mutex.owner()).toBe(currentAgent())
  mutex.unlock()
  expect(mutex.owner()).toBe(0)
})

test('two mutexes over the same words are one', () => {
  const words = freshWords(4)
  const mutex = new Mutex(words, 2)
  const same = new Mutex(new Int32Array(words.buffer, 8), 0)
  mutex.lock()
  expect(as(BOB, () => same.tryLock())).toBe(false)
  expect(same.owner()).toBe(currentAgent())
  same.unlock()
  expect(as(BOB, () => mutex.tryLock())).toBe(true)
})

describe('misuse of a mutex is an error and changes nothing', () => {
  test('unlocking a mutex that no agent holds', () => {
    const words = freshWords(1)
    const mutex = new Mutex(words, 0)
    expect(() => mutex.unlock()).toThrow(NotOwnerError)
    expect(() => mutex.unlock()).toThrow(/no agent holds it/)
    expect(words[0]).toBe(0)
    expect(mutex.tryLock()).toBe(true)
  })

  test.each([false, true])('unlocking a mutex that another agent holds (contended: %s)', (contended) => {
    const words = freshWords(1)
    const mutex = new Mutex(words, 0)
    as(ALICE, () => mutex.lock())
    if (contended) as(BOB, () => mutex.tryLockFor(0))
    const before = words[0]
    expect(() => as(BOB, () => mutex.unlock())).toThrow(NotOwnerError)
    expect(() => as(BOB, () => mutex.unlock())).toThrow(/Agent 1002 .* agent 1001 holds it/)
    expect(words[0]).toBe(before)
    as(ALICE, () => mutex.unlock())
    expect(words[0]).toBe(0)
  })

  test.each([false, true])('locking twice (contended: %s)', (contended) => {
    const words = freshWords(1)
    const mutex = new Mutex(words, 0)
    as(ALICE, () => mutex.lock())
    if (contended) as(BOB, () => mutex.tryLockFor(0))
    const before = words[0]
    expect(() => as(ALICE, () => mutex.lock())).toThrow(RelockError)
    expect(() => as(ALICE, () => mutex.tryLockFor(1))).toThrow(RelockError)
    expect(as(ALICE, () => mutex.tryLock())).toBe(false)
    expect(words[0]).toBe(before)
    as(ALICE, () => mutex.unlock())
    expect(words[0]).toBe(0)
  })

  test.each([Number.NaN, -1, -Infinity])('a time limit of %d', (milliseconds) => {
    const words = freshWords(1)
    const mutex = new Mutex(words, 0)
    as(ALICE, () => mutex.lock())
    const before = words[0]
    expect(() => as(BOB, () => mutex.tryLockFor(milliseconds))).toThrow(SyncRangeError)
    expect(words[0]).toBe(before)
    as(ALICE, () => mutex.unlock())
    expect(words[0]).toBe(0)
  })
})

test('for any sequence of calls by several agents, the mutex behaves as one variable', () => {
  const agent = fc.integer({ min: 1, max: 3 })
  const act = fc.constantFrom('lock', 'tryLock', 'tryLockFor', 'unlock')
  const property = fc.property(fc.array(fc.tuple(agent, act)), (steps) => {
    const mutex = new Mutex(freshWords(1), 0)
    let owner = 0
    for (const [who, what] of steps) {
      if (what === 'unlock') {
        if (owner === who) {
          as(who, () => mutex.unlock())
          owner = 0
        } else expect(() => as(who, () => mutex.unlock())).toThrow(NotOwnerError)
      } else if (what === 'tryLock') {
        expect(as(who, () => mutex.tryLock())).toBe(owner === 0)
        owner ||= who
      } else if (owner === who) {
        expect(() => as(who, () => (what === 'lock' ? mutex.lock() : mutex.tryLockFor(0)))).toThrow(RelockError)
      } else if (what === 'tryLockFor' || owner === 0) {
        expect(as(who, () => mutex.tryLockFor(0))).toBe(owner === 0)
        owner ||= who
      }
      expect(mutex.owner()).toBe(owner)
    }
  })
  fc.assert(property)
})
