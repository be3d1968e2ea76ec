import { afterAll, describe, expect, test } from 'vitest'
import { Barrier } from '../../src/sync/barrier.ts'
import { SyncRangeError, TooManyArrivalsError } from '../../src/sync/errors.ts'
import { freshWords, threads } from '../threads.ts'
import { EPISODES } from './contention.ts'
import type { Jobs } from './meeting.jobs.ts'

const { run, end } = threads<Jobs>(new URL('meeting.jobs.ts', import.meta.url))
afterAll(end)

describe.each([2, 8])('a barrier for %i threads', (count) => {
  test('keeps all threads in the same round, and tells exactly one in each round that it was the last', async () => {
    const words = freshWords(16)
    const last = await run('goRounds', count, words)
    expect(last).not.toContain(-1)
    expect(last.reduce((sum, rounds) => sum + rounds, 0)).toBe(EPISODES)
    expect(Array.from(words.slice(0, Barrier.WORDS))).toEqual([0, EPISODES])
  })

  test('lets all threads pass in every round if they arrive within the time', async () => {
    const words = freshWords(16)
    expect(await run('goRoundsWithinLimit', count, words)).toEqual(Array.from({ length: count }, () => true))
    expect(Array.from(words.slice(0, Barrier.WORDS))).toEqual([0, EPISODES])
  })
})

test('a barrier for one party never waits', () => {
  const words = freshWords(Barrier.WORDS)
  const barrier = new Barrier(words, 0, 1)
  for (let round = 0; round < 3; round++) expect(barrier.arriveAndWait()).toBe(true)
  expect(barrier.arriveAndWaitFor(0)).toBe(true)
  expect([...words]).toEqual([0, 4])
})

test.each([0, 0.01, 1])('a party whose %d ms run out is told that not all arrived', (milliseconds) => {
  expect(new Barrier(freshWords(2), 0, 2).arriveAndWaitFor(milliseconds)).toBe(false)
})

test('rounds are counted past the greatest number that a word holds', () => {
  const words = freshWords(Barrier.WORDS)
  words[1] = 2 ** 31 - 1
  const barrier = new Barrier(words, 0, 1)
  barrier.arriveAndWait()
  expect(words[1]).toBe(-(2 ** 31))
  expect(barrier.arriveAndWait()).toBe(true)
})

test('one party too many between the last arrival and the next round gets an error, and does not end the round', () => {
  const words = freshWords(Barrier.WORDS)
  const barrier = new Barrier(words, 0, 2)
  // As the last party leaves the words for a moment: all parties have arrived, and the round has not changed yet.
  words[0] = 2
  expect(() => barrier.arriveAndWait()).toThrow(TooManyArrivalsError)
  expect(words[1]).toBe(0)
})

describe('misuse of a barrier is an error and changes nothing', () => {
  test.each([0, -1, 1.5, Number.NaN, Infinity])('making one for %d parties', (parties) => {
    expect(() => new Barrier(freshWords(2), 0, parties)).toThrow(SyncRangeError)
  })

  test.each([Number.NaN, -1, -Infinity])('a time limit of %d', (milliseconds) => {
    const words = freshWords(Barrier.WORDS)
    const barrier = new Barrier(words, 0, 1)
    expect(() => barrier.arriveAndWaitFor(milliseconds)).toThrow(SyncRangeError)
    expect([...words]).toEqual([0, 0])
    expect(barrier.arriveAndWait()).toBe(true)
  })
})
