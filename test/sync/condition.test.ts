import { afterAll, describe, expect, test } from 'vitest'
import { Condition } from '../../src/sync/condition.ts'
import { NotOwnerError, SyncRangeError } from '../../src/sync/errors.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { freshWords, threads, until } from '../threads.ts'
import { ROUNDS, as, episodeWords, leftBy } from './contention.ts'
import { COMING, CONDITION, PUT, SUM, TAKEN, TOKENS } from './condition.jobs.ts'
import type { Jobs } from './condition.jobs.ts'

const WAITING = CONDITION + 1
const BOB = 1002
const { run, end } = threads<Jobs>(new URL('condition.jobs.ts', import.meta.url))
afterAll(end)

function fresh() {
  const words = freshWords(16)
  return { words, mutex: new Mutex(words, 0), condition: new Condition(words, CONDITION) }
}

describe.each([2, 8])('a condition between %i threads', (count) => {
  test.each(['handOverOne', 'handOverAll'] as const)('hands every item over, once (%s)', async (job) => {
    const words = freshWords(16)
    await run(job, count, words)
    // The producers put the numbers from 0 to ROUNDS - 1. The sum shows a number that was lost, doubled or overwritten.
    expect([words[PUT], words[TAKEN]]).toEqual([ROUNDS, ROUNDS])
    expect(words[SUM]).toBe((ROUNDS * (ROUNDS - 1)) / 2)
    expect(words[0]).toBe(0)
  })

  test('lets threads take turns in a circle', async () => {
    const words = freshWords(16)
    expect(await run('takeTurns', count, words)).toEqual(Array.from({ length: count }, () => 0))
    expect(words[COMING]).toBe(ROUNDS)
  })

  test('loses no wake-up if there are as many as waiters, and ends with no waiter', async () => {
    const size = Mutex.WORDS + Condition.WORDS + 1
    const words = episodeWords(size)
    await run('fillInEpisodes', count, words)
    const ends = leftBy(words, size).map((left) => {
      const [mutex, , waiting, tokens] = left.split(' ')
      return { mutex, waiting, tokens }
    })
    expect(new Set(ends.map((left) => JSON.stringify(left)))).toEqual(
      new Set([JSON.stringify({ mutex: '0', waiting: '0', tokens: '0' })]),
    )
  })
})

test.each(['notifyOne', 'notifyAll'] as const)('%s reaches waiters that are about to sleep', async (wake) => {
  const { words, mutex, condition } = fresh()
  await run('waitForToken', 4, words, async () => {
    await until(() => words[WAITING] === 4)
    mutex.lock()
    words[TOKENS] = 4
    mutex.unlock()
    for (let token = 0; token < (wake === 'notifyOne' ? 4 : 1); token++) condition[wake]()
  })
  expect(words[TOKENS]).toBe(0)
  expect(words[WAITING]).toBe(0)
})

test('a waiter has unlocked the mutex while it waits, and holds it again when its wait ends', async () => {
  const { words, mutex, condition } = fresh()
  const results = await run('waitForTokenWithinLimit', 1, words, async () => {
    await until(() => words[COMING] === 1)
    mutex.lock()
    words[TOKENS] = 1
    mutex.unlock()
    condition.notifyOne()
  })
  expect(results).toEqual([[true, true]])
})

test('a timed waiter that gave up leaves the waiter beside it to be woken', async () => {
  const { words, mutex, condition } = fresh()
  await run('waitForToken', 1, words, async () => {
    await until(() => words[WAITING] === 1)
    mutex.lock()
    expect(condition.waitUntilFor(mutex, () => false, 1)).toBe(false)
    words[TOKENS] = 1
    mutex.unlock()
    condition.notifyOne()
  })
  expect(words[TOKENS]).toBe(0)
})

test.each([0, 0.01, 1])('timed waits of %d ms end without a wake-up, with the mutex held', (milliseconds) => {
  const { words, mutex, condition } = fresh()
  mutex.lock()
  expect(condition.waitFor(mutex, milliseconds)).toBe(false)
  expect(condition.waitUntilFor(mutex, () => false, milliseconds)).toBe(false)
  expect(as(BOB, () => mutex.tryLock())).toBe(false)
  mutex.unlock()
  expect(words[WAITING]).toBe(0)
})

test('a timed wait returns what the predicate returns at the end, not whether the waiter was woken', () => {
  const { mutex, condition } = fresh()
  const answers = [false, true]
  mutex.lock()
  expect(condition.waitUntilFor(mutex, () => answers.shift()!, 0)).toBe(true)
  mutex.unlock()
})

test('a wait for a predicate that is already true never unlocks the mutex', () => {
  const { words, mutex, condition } = fresh()
  mutex.lock()
  const before = words.slice()
  condition.waitUntil(mutex, () => true)
  expect(condition.waitUntilFor(mutex, () => true, 0)).toBe(true)
  expect(words).toEqual(before)
})

test('a notification that no agent waits for changes nothing', () => {
  const { words, condition } = fresh()
  condition.notifyOne()
  condition.notifyAll()
  expect([...words]).toEqual([...freshWords(16)])
})

test('two conditions over the same words are one', async () => {
  const { words, mutex } = fresh()
  const same = new Condition(new Int32Array(words.buffer, 4 * CONDITION), 0)
  await run('waitForToken', 2, words, async () => {
    await until(() => words[WAITING] === 2)
    mutex.lock()
    words[TOKENS] = 2
    same.notifyAll()
    mutex.unlock()
  })
  expect(words[TOKENS]).toBe(0)
})

test('an error that a predicate throws comes out, with the mutex held', () => {
  const { words, mutex, condition } = fresh()
  mutex.lock()
  expect(() => condition.waitUntil(mutex, () => words[COMING]! > 0 || JSON.parse('no'))).toThrow(SyntaxError)
  mutex.unlock()
  expect([...words]).toEqual([...freshWords(16)])
})

describe('misuse of a condition is an error and changes nothing', () => {
  test('waiting without holding the mutex, be it free or held by another agent', () => {
    const { words, mutex, condition } = fresh()
    for (const hold of [() => {}, () => as(BOB, () => mutex.lock())]) {
      hold()
      const before = words.slice()
      expect(() => condition.wait(mutex)).toThrow(NotOwnerError)
      expect(() => condition.waitFor(mutex, 1)).toThrow(NotOwnerError)
      expect(() => condition.waitUntil(mutex, () => false)).toThrow(NotOwnerError)
      expect(() => condition.waitUntilFor(mutex, () => false, 1)).toThrow(NotOwnerError)
      expect(words).toEqual(before)
    }
  })

  test.each([Number.NaN, -1, -Infinity])('a time limit of %d', (milliseconds) => {
    const { words, mutex, condition } = fresh()
    mutex.lock()
    const before = words.slice()
    expect(() => condition.waitFor(mutex, milliseconds)).toThrow(SyncRangeError)
    expect(() => condition.waitUntilFor(mutex, () => true, milliseconds)).toThrow(SyncRangeError)
    expect(words).toEqual(before)
  })
})
