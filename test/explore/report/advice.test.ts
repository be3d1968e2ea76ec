/** What an inconclusive result says to do, and what a complete one says that it takes on trust. */
import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import type { ExploreOptions } from '../../../src/explore/search/options.ts'
import type { Exploration } from '../../../src/explore/search/result.ts'
import { nth, over } from '../counters.ts'
import { asFlag } from '../../../src/lab/report/as-flag.ts'
import { reportOf } from './recorded.ts'

const busy = (words: Int32Array): void => {
  for (let round = 0; round < 6; round++) Atomics.add(words, 0, 1)
}
const crowd = over(nth(5, busy))

test.each<[string, ExploreOptions, RegExp]>([
  ['schedules', { maxSchedules: 3 }, /Raise maxSchedules/],
  ['time', { timeout: 0.001 }, /Raise timeout, or make the scenario smaller/],
  ['steps', { maxSteps: 5, maxSchedules: 50, strategy: 'dfs', preemptions: 0 }, /Raise maxSteps/],
  ['preemptions', { preemptions: 0 }, /Raise preemptions/],
  ['schedules that are drawn by lot', { strategy: 'random', maxSchedules: 3 }, /leave out strategy: random/],
])('a bound on %s that was hit names the option that moves it', (_, options, advice) => {
  const exploration = explore(crowd, options)
  expect(exploration.verdict).toBe('inconclusive')
  expect(reportOf(crowd, exploration)).toMatch(advice)
})

test.each([
  ['gave up after 60 s: a was still at file.mjs:4:7', /The code at that line does not end/],
  ['gave up after 3.3 s, in a call that could not be paused to name its line', /That call takes too long/],
  ['the file did not come to rest after the exploration', /what an actor left behind cannot be seen/],
  ['gave up after 1 schedule', /Raise maxSchedules/],
  ['gave up after 10,000 schedules', /Raise maxSchedules/],
  ['1 schedule was cut off after 5 steps', /Raise maxSteps/],
  ['gave up at 256 MiB of memory (--memory)', /Raise memory/],
  ['a loop was cut off after 3 rounds', /Raise spinRounds/],
])('a search that was ended from outside has advice as well: %s', (stopped, advice) => {
  const exploration: Exploration = { ...explore(crowd, { maxSchedules: 1 }), stopped }
  expect(reportOf(crowd, exploration)).toMatch(advice)
})

test('the command writes an option as its user types it', () => {
  expect(asFlag('maxSchedules')).toBe('--max-schedules')
  expect(asFlag('preemptions', 2)).toBe('--preemptions 2')
})

test('a verdict needs no advice', () => {
  const small = over(nth(2, (words) => Atomics.add(words, 0, 1)))
  const exploration = explore(small)
  expect(exploration.verdict).toBe('pass')
  expect(reportOf(small, exploration)).not.toMatch(/Raise|leave out/)
})

const CUT = {
  place: 'src/queue.ts:12:5',
  actor: 'taker',
  rounds: 3,
  reason: 'it counts its rounds in a variable',
}

test('each spin loop that was cut off has a line: where it is, how many rounds were followed, and how to follow it further', () => {
  const spins = [CUT, { ...CUT, place: 'src/queue.ts:40:9', rounds: 1 }]
  const exploration: Exploration = { ...explore(crowd, { maxSchedules: 1 }), spins }
  const text = reportOf(crowd, exploration, 200)
  expect(text).toContain(
    'Loop cut off: taker at src/queue.ts:12:5, followed for 3 rounds: it counts its rounds in a variable. ' +
      'spinRounds: <n> follows it further.',
  )
  expect(text).toContain('src/queue.ts:40:9, followed for 1 round: ')
})

test('declared races are one line, in any width, and stand beside the word complete', () => {
  const races = Array.from({ length: 40 }, (_, index) => `table[].column${index}`)
  const racy = over(
    { alice: (words) => (words[0] = 1), bob: (words) => words[0] },
    {
      races: [...races, 'flag'],
      names: (words) => Object.fromEntries(['flag', ...races].map((name) => [name.replace('[]', '[0]'), [words, 0]])),
    },
  )
  const exploration = explore(racy)
  expect(exploration.verdict).toBe('pass')
  for (const columns of [80, 120, 5000]) {
    const lines = reportOf(racy, exploration, columns).split('\n')
    const declared = lines.filter((line) => line.includes('declared, and no failures'))
    expect(declared).toHaveLength(1)
    expect(declared[0]?.length).toBeLessThanOrEqual(columns)
    expect(lines[1]).toMatch(/^complete, given the declared races: /)
  }
})
