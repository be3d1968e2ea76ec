import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { OverReleaseError, SyncRangeError } from '../../src/sync/errors.ts'
import { Semaphore } from '../../src/sync/semaphore.ts'
import { freshWords, threads, until } from '../threads.ts'
import { ROUNDS, episodeWords, leftBy } from './contention.ts'
import { COUNTER, INSIDE, MOST } from './semaphore.jobs.ts'
import type { Jobs } from './semaphore.jobs.ts'

const WAITING = 1
const { run, end } = threads<Jobs>(new URL('semaphore.jobs.ts', import.meta.url))
afterAll(end)

describe.each([2, 8])('a semaphore between %i threads', (count) => {
  test('with one permit loses no update of a plain read, add and write', async () => {
    const words = freshWords(16)
    await run('add', count, words)
    expect(words[COUNTER]).toBe(count * ROUNDS)
    expect(Array.from(words.slice(0, 2))).toEqual([0, 0])
  })

  test('never lets more threads in than it has permits', async () => {
    const words = freshWords(16)
    await run('enterThree', count, words)
    expect(words[INSIDE]).toBe(0)
    expect(words[MOST]).toBeGreaterThan(0)
    expect(words[MOST]).toBeLessThanOrEqual(3)
    expect(Array.from(words.slice(0, 2))).toEqual([0, 0])
  })

  test.each(['enterOneInEpisodes', 'enterTwoInEpisodes'] as const)(
    'forgets no sleeper if no more traffic comes, and ends with all permits (%s)',
    async (job) => {
      const words = episodeWords(Semaphore.WORDS)
      await run(job, count, words)
      expect(leftBy(words, Semaphore.WORDS)).toEqual(['0 0'])
    },
  )

  test('wakes as many sleepers as permits are released in one step', async () => {
    const words = freshWords(16)
    const semaphore = new Semaphore(words, 0, count)
    for (let permit = 0; permit < count; permit++) semaphore.acquire()
    await run('takeOne', count, words, async () => {
      await until(() => words[WAITING] === count)
      semaphore.release(count)
    })
    expect(Array.from(words.slice(0, 2))).toEqual([count, 0])
  })
})

test('a timed acquire gets the permit that is released within the time', async () => {
  const words = freshWords(16)
  const semaphore = new Semaphore(words, 0, 1)
  semaphore.acquire()
  const got = await run('takeWithinLimit', 1, words, async () => {
    await until(() => words[WAITING] === 1)
    semaphore.release()
  })
  expect(got).toEqual([true])
})

test('a timed acquire that gave up leaves the sleeper beside it to be woken', async () => {
  const words = freshWords(16)
  const semaphore = new Semaphore(words, 0, 1)
  semaphore.acquire()
  await run('takeOne', 1, words, async () => {
    await until(() => words[WAITING] === 1)
    expect(semaphore.tryAcquireFor(1)).toBe(false)
    semaphore.release()
  })
  expect(Array.from(words.slice(0, 2))).toEqual([1, 0])
})

test.each([0, 0.01, 1])(
  'a timed acquire of %d ms gives up if all permits are acquired, and no longer counts as waiting',
  (milliseconds) => {
    const words = freshWords(2)
    const semaphore = new Semaphore(words, 0, 2)
    expect(semaphore.tryAcquireFor(milliseconds)).toBe(true)
    expect(semaphore.tryAcquireFor(milliseconds)).toBe(true)
    expect(semaphore.tryAcquireFor(milliseconds)).toBe(false)
    expect([...words]).toEqual([2, 0])
  },
)

test('two semaphores over the same words are one', () => {
  const words = freshWords(8)
  const semaphore = new Semaphore(words, 2, 2)
  const same = new Semaphore(new Int32Array(words.buffer, 8), 0, 2)
  semaphore.acquire()
  expect(same.available()).toBe(1)
  same.acquire()
  expect(semaphore.tryAcquire()).toBe(false)
  same.release(2)
  expect(semaphore.available()).toBe(2)
})

describe('misuse of a semaphore is an error and changes nothing', () => {
  test.each([0, -1, 1.5, 2 ** 31, Number.NaN, Infinity])('making one of %d permits', (permits) => {
    const words = freshWords(2)
    expect(() => new Semaphore(words, 0, permits)).toThrow(SyncRangeError)
    expect([...words]).toEqual([0, 0])
  })

  test.each([0, -1, 1.5, Number.NaN, Infinity])('releasing %d permits', (count) => {
    const words = freshWords(2)
    const semaphore = new Semaphore(words, 0, 3)
    semaphore.acquire()
    expect(() => semaphore.release(count)).toThrow(SyncRangeError)
    expect([...words]).toEqual([1, 0])
    semaphore.release()
    expect(semaphore.available()).toBe(3)
  })

  test.each([2, 4, 2 ** 31, 2 ** 32 + 1])('releasing %d permits if one is acquired', (count) => {
    const words = freshWords(2)
    const semaphore = new Semaphore(words, 0, 3)
    semaphore.acquire()
    expect(() => semaphore.release(count)).toThrow(OverReleaseError)
    expect([...words]).toEqual([1, 0])
    semaphore.release()
    expect(() => semaphore.release()).toThrow(OverReleaseError)
    expect(semaphore.available()).toBe(3)
  })

  test.each([Number.NaN, -1, -Infinity])('a time limit of %d', (milliseconds) => {
    const words = freshWords(2)
    const semaphore = new Semaphore(words, 0, 1)
    semaphore.acquire()
    expect(() => semaphore.tryAcquireFor(milliseconds)).toThrow(SyncRangeError)
    expect([...words]).toEqual([1, 0])
    semaphore.release()
    expect(semaphore.tryAcquire()).toBe(true)
  })
})

test('as many permits as a word can count are acquired and released', () => {
  const words = freshWords(2)
  const most = 2 ** 31 - 1
  const semaphore = new Semaphore(words, 0, most)
  words[0] = most - 1
  expect(semaphore.tryAcquire()).toBe(true)
  expect(semaphore.tryAcquire()).toBe(false)
  semaphore.release(most)
  expect(semaphore.available()).toBe(most)
})

test('for any sequence of acquires and releases, the semaphore counts', () => {
  const act = fc.oneof(fc.constant('take' as const), fc.constant('takeFor' as const), fc.integer({ min: 1, max: 6 }))
  const property = fc.property(fc.integer({ min: 1, max: 4 }), fc.array(act), (permits, steps) => {
    const semaphore = new Semaphore(freshWords(2), 0, permits)
    let out = 0
    for (const step of steps) {
      if (typeof step === 'string') {
        const got = step === 'take' ? semaphore.tryAcquire() : semaphore.tryAcquireFor(0)
        expect(got).toBe(out < permits)
        if (got) out++
      } else if (step <= out) {
        semaphore.release(step)
        out -= step
      } else expect(() => semaphore.release(step)).toThrow(OverReleaseError)
      expect(semaphore.available()).toBe(permits - out)
    }
  })
  fc.assert(property)
})
