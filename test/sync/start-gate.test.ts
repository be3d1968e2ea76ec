import { afterAll, describe, expect, test } from 'vitest'
import { SyncRangeError, TooManyArrivalsError } from '../../src/sync/errors.ts'
import { StartGate } from '../../src/sync/start-gate.ts'
import { freshWords, threads, until } from '../threads.ts'
import { episodeWords, leftBy } from './contention.ts'
import { COMING } from './meeting.jobs.ts'
import type { Jobs } from './meeting.jobs.ts'

const { run, end } = threads<Jobs>(new URL('meeting.jobs.ts', import.meta.url))
afterAll(end)

describe.each([2, 8])('a start gate for %i threads', (count) => {
  test('lets no thread pass before all have arrived, and then lets all pass', async () => {
    const size = StartGate.WORDS + 1
    const words = episodeWords(size)
    expect(await run('passGates', count, words)).toEqual(Array.from({ length: count }, () => 0))
    expect(leftBy(words, size)).toEqual([`${count} 1 ${count}`])
  })

  test('wakes the threads that sleep when the last one arrives', async () => {
    const words = freshWords(16)
    const gate = new StartGate(words, 0, count + 1)
    const passed = await run('passWhenTestComes', count, words, async () => {
      await until(() => words[0] === count)
      expect(gate.isOpen()).toBe(false)
      Atomics.store(words, COMING, 1)
      gate.arrive()
      expect(gate.isOpen()).toBe(true)
    })
    expect(passed).toEqual(Array.from({ length: count }, () => true))
  })
})

test.each([0, 0.01, 1])('a thread whose %d ms run out is told that the gate did not open', (milliseconds) => {
  const gate = new StartGate(freshWords(2), 0, 2)
  expect(gate.arriveFor(milliseconds)).toBe(false)
  expect(gate.isOpen()).toBe(false)
})

test('the last party passes at once, whatever its time limit', () => {
  expect(new StartGate(freshWords(2), 0, 1).arriveFor(0)).toBe(true)
})

test('two gates over the same words are one', () => {
  const words = freshWords(4)
  new StartGate(words, 2, 1).arrive()
  expect(new StartGate(new Int32Array(words.buffer, 8), 0, 1).isOpen()).toBe(true)
})

describe('misuse of a start gate is an error and does not move the gate', () => {
  test('one thread too many', () => {
    const gate = new StartGate(freshWords(2), 0, 1)
    gate.arrive()
    expect(() => gate.arrive()).toThrow(TooManyArrivalsError)
    expect(() => gate.arriveFor(1)).toThrow(TooManyArrivalsError)
    expect(gate.isOpen()).toBe(true)
  })

  test.each([0, -1, 1.5, Number.NaN, Infinity])('making one for %d parties', (parties) => {
    expect(() => new StartGate(freshWords(2), 0, parties)).toThrow(SyncRangeError)
  })

  test.each([Number.NaN, -1, -Infinity])('a time limit of %d', (milliseconds) => {
    const words = freshWords(2)
    const gate = new StartGate(words, 0, 1)
    expect(() => gate.arriveFor(milliseconds)).toThrow(SyncRangeError)
    expect([...words]).toEqual([0, 0])
    gate.arrive()
    expect(gate.isOpen()).toBe(true)
  })
})
