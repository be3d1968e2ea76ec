import { expect, test } from 'vitest'

import { assertHoldsInEverySchedule, DoesNotHoldError } from '../../src/assert.ts'
import '../../src/vitest.ts'
import { lockedIncrement, nth, over, splitIncrement } from './counters.ts'

const rest = { observe: (words: Int32Array) => Atomics.load(words, 0), outcomes: { 2: 'acceptable' } } as const
const sound = over(nth(2, lockedIncrement), rest)
const broken = over(nth(2, splitIncrement), rest)

test('a sound scenario holds in every schedule', async () => {
  await expect(sound).toHoldInEverySchedule()
  expect(assertHoldsInEverySchedule(sound)).toMatchObject({ verdict: 'pass', complete: true })
  await expect(sound).not.toFailInSomeSchedule()
})

test('a broken one fails, and the message shows the schedule', async () => {
  await expect(broken).toFailInSomeSchedule('outcome')
  await expect(broken).not.toFailInSomeSchedule('deadlock')
  await expect(expect(broken).toHoldInEverySchedule()).rejects.toThrow(/preempted here.*replay\(scenario, 'rl1\./s)
  expect(() => assertHoldsInEverySchedule(broken)).toThrow(DoesNotHoldError)
})

test('what was not explored to the end is not said to hold', () => {
  expect(() => assertHoldsInEverySchedule(sound, { maxSchedules: 1 })).toThrow(/gave up after 1 schedules/)
})
