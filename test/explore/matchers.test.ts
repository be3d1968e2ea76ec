import { expect, test } from 'vitest'

import { assertHoldsInEverySchedule, DoesNotHoldError } from '../../src/explore/assert.ts'
import type { ExploreOptions } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'
import '../../src/explore/vitest.ts'
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
  expect(() => assertHoldsInEverySchedule(sound, { maxSchedules: 1 })).toThrow(/gave up after 1 schedule/)
})

/** Returns the message that a failed assertion throws. */
async function complaintOf(assertion: Promise<void>): Promise<string> {
  return assertion.then(
    () => 'none',
    (error: unknown) => String(error),
  )
}

test.each<[name: string, scenario: Scenario, options: object, complaint: RegExp]>([
  ['a bound', sound, { maxSchedules: 1 }, /not every schedule was explored \(gave up after 1 schedule\)/],
  ['an option that there is not', sound, { maxSchedule: 1 }, /could not be explored.*no option "maxSchedule"/s],
  ['an error', over({ alice: async () => {} }, rest), {}, /could not be explored.*"alice" is an async function/s],
])('after %s no matcher is satisfied, negated or not', async (_, scenario, given, complaint) => {
  const options = given as ExploreOptions
  const assertions = [
    expect(scenario).toHoldInEverySchedule(options),
    expect(scenario).not.toHoldInEverySchedule(options),
    expect(scenario).toFailInSomeSchedule(undefined, options),
    expect(scenario).not.toFailInSomeSchedule(undefined, options),
    expect(scenario).not.toFailInSomeSchedule('outcome', options),
  ]
  for (const assertion of assertions) expect(await complaintOf(assertion)).toMatch(complaint)
})

test('a failure that was found before a bound was hit is a failure', async () => {
  await expect(broken).toFailInSomeSchedule('outcome', { strategy: 'pct', maxSchedules: 500 })
  await expect(broken).not.toHoldInEverySchedule({ strategy: 'pct', maxSchedules: 500 })
})

test('a kind is looked for beyond the first failure, and missed only when all was explored', async () => {
  const both = over(
    {
      alice: (words) => {
        if (Atomics.add(words, 0, 1) === 1) Atomics.wait(words, 1, 0)
      },
      bob: (words) => {
        if (Atomics.add(words, 0, 1) === 1) throw new Error('second')
      },
    },
    {},
  )
  await expect(both).toFailInSomeSchedule('exception')
  await expect(both).toFailInSomeSchedule('deadlock')
  await expect(both).not.toFailInSomeSchedule('livelock')
  const complaint = await complaintOf(expect(both).not.toFailInSomeSchedule('livelock', { maxSchedules: 1 }))
  expect(complaint).toMatch(/not every schedule was explored/)
})

test('a kind that there is not is refused with the nearest right word', async () => {
  const misspelt = 'outcom' as 'outcome'
  await expect(expect(broken).toFailInSomeSchedule(misspelt)).rejects.toThrow('did you mean "outcome"?')
  await expect(expect(sound).not.toFailInSomeSchedule(misspelt)).rejects.toThrow('did you mean "outcome"?')
})
