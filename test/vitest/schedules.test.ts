import { expect, test } from 'vitest'

import { assertHoldsInEverySchedule, DoesNotHoldError } from '../../src/explore/assert.ts'
import type { ExploreOptions } from '../../src/explore/index.ts'
import { models } from '../../src/check/index.ts'
import type { Model } from '../../src/check/index.ts'
import type { OperationsScenario, Scenario } from '../../src/scenario.ts'
import '../../src/vitest/index.ts'
import { lockedIncrement, nth, over, splitIncrement } from '../explore/counters.ts'

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
  await expect(expect(broken).not.toFailInSomeSchedule('outcome')).rejects.toThrow(
    /^expected no schedule to fail with outcome\n\n/,
  )
  await expect(expect(sound).toFailInSomeSchedule()).rejects.toThrow(/^expected some schedule to fail\n\n/)
  await expect(expect(broken).toHoldInEverySchedule()).rejects.toThrow(/preempted here.*replay\(scenario, 'rl1\./s)
  expect(() => assertHoldsInEverySchedule(broken)).toThrow(DoesNotHoldError)
})

test('what was not explored to the end is not said to hold', () => {
  expect(() => assertHoldsInEverySchedule(sound, { maxSchedules: 1 })).toThrow(/gave up after 1 schedule/)
})

const { queue } = models
const swapped = [
  { process: 'alice', f: 'push', input: 1, called: 1, returned: 2 },
  { process: 'alice', f: 'push', input: 2, called: 3, returned: 4 },
  { process: 'bob', f: 'pop', output: 2, called: 5, returned: 6 },
]

test('a history is linearizable or not, and the message says which operation cannot be placed, and what came before', () => {
  expect(swapped.slice(0, 2)).toBeLinearizable(queue)
  expect(swapped).not.toBeLinearizable(queue)
  expect(() => expect(swapped).toBeLinearizable(queue)).toThrow(
    /the history of 3 operations is not linearizable\n\npop\(\) = 2 of bob cannot be placed.*push\(1\) of alice, push\(2\) of alice/,
  )
  expect(() => expect(swapped.slice(0, 2)).not.toBeLinearizable(queue)).toThrow(/2 operations is linearizable$/)
})

test('a check that reached a bound satisfies neither the matcher nor its negation', () => {
  const pushes = Array.from({ length: 8 }, (_, process) => ({
    process,
    f: 'push',
    input: process,
    called: 1,
    returned: 2,
  }))
  const history = [...pushes, { process: 9, f: 'pop', output: 'none of them', called: 3, returned: 4 }]
  const few = { maxPositions: 2 }
  const complaint =
    /gave up after 2 positions: neither the matcher nor its negation[^]*\n\nit is unknown whether the history of 9 operations is linearizable$/
  expect(() => expect(history).toBeLinearizable(queue, few)).toThrow(complaint)
  expect(() => expect(history).not.toBeLinearizable(queue, few)).toThrow(complaint)
})

const counterWith = (add: (words: Int32Array) => number): OperationsScenario => ({
  name: 'counter',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  operations: { add },
  model: {
    name: 'counter',
    init: () => 0,
    step: (count: number, { output }) => (output === count ? [count + 1] : []),
    equal: (one: number, other: number) => one === other,
  } as Model<number>,
})

test('every client holds or the smallest that fails is shown; a scenario with actors is refused', async () => {
  const torn = counterWith((words) => Atomics.store(words, 0, Atomics.load(words, 0) + 1) - 1)
  await expect(counterWith((words) => Atomics.add(words, 0, 1))).toHoldInEveryClient()
  await expect(torn).not.toHoldInEveryClient()
  expect(await complaintOf(expect(torn).toHoldInEveryClient())).toMatch(/not-linearizable[^]*add\(\) = 0/)
  expect(await complaintOf(expect(torn).not.toHoldInEveryClient({ maxSchedules: 1 }))).toMatch(/neither the matcher/)
  expect(await complaintOf(expect(sound as never).toHoldInEveryClient())).toMatch(/takes a scenario with operations/)
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
