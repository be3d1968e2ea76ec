/** What the report says of each kind of failure, and how often. */
import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { replay } from '../../../src/explore/replay/replay.ts'
import { replayReport } from '../../../src/explore/report/replay-report.ts'
import type { Scenario } from '../../../src/scenario.ts'
import { over } from '../counters.ts'
import { plain, reportOf } from './recorded.ts'

const increment = (words: Int32Array): number => Atomics.store(words, 0, Atomics.load(words, 0) + 1)
const observe = (words: Int32Array): number => Atomics.load(words, 0)
const both = { alice: increment, bob: increment }

function times(text: string, part: string): number {
  return text.split(part).length - 1
}

/** The end of a report, without the token. */
function replayed(scenario: Scenario): string {
  const run = replay(scenario, explore(scenario).failures[0]?.token ?? '')
  return run.kind === 'replayed' ? replayReport('again', run.recording, { verbose: false, colours: plain }) : ''
}

test('a forbidden outcome has one sentence, and it is said once', () => {
  const listed = over(both, { observe, outcomes: { 2: 'acceptable', 1: ['forbidden', 'an increment was lost'] } })
  const text = reportOf(listed, explore(listed, { allFailures: true }))
  expect(times(text, 'an increment was lost')).toBe(1)
  expect(text).toContain('outcome 1: an increment was lost\n')
  expect(times(replayed(listed), 'an increment was lost')).toBe(1)

  const unlisted = over(both, { observe, outcomes: { 2: 'acceptable' } })
  expect(times(reportOf(unlisted, explore(unlisted)), 'not among those listed')).toBe(1)
  expect(replayed(unlisted)).toMatch(/\noutcome 1: forbidden, not among those listed$/)

  const bare = over(both, { observe, outcomes: { 2: 'acceptable', 1: 'forbidden' } })
  expect(times(reportOf(bare, explore(bare)), 'the outcome 1 is forbidden')).toBe(1)
})

test('the descriptions of outcomes that are no failures stand in the table', () => {
  const graded = over(both, { observe, outcomes: { 2: 'acceptable', 1: ['interesting', 'one of them came too late'] } })
  expect(reportOf(graded, explore(graded))).toMatch(/^1 .* interesting +one of them came too late$/m)
})

test('schedules that broke the invariant have a row of their own in the table of outcomes', () => {
  const checked = over(both, {
    observe: () => 'done',
    outcomes: { done: 'acceptable' },
    invariant: (words) => Atomics.load(words, 0) === 2,
  })
  const text = reportOf(checked, explore(checked, { allFailures: true }))
  expect(text).toMatch(/^done +\d+ +[\d.]+ % +acceptable$/m)
  expect(text).toMatch(/^done +\d+ +[\d.]+ % +forbidden +broke the invariant$/m)
  expect(replayed(checked)).toMatch(/\noutcome done\ninvariant: the invariant does not hold$/)
})

function check(words: Int32Array): void {
  if (Atomics.load(words, 0) === 1) throw new RangeError('one is too many')
}

test('an exception shows where it was thrown', () => {
  const strict = over({ alice: (words) => check(words), bob: (words) => Atomics.store(words, 0, 1) })
  const text = reportOf(strict, explore(strict))
  expect(text).toMatch(/exception: alice threw RangeError: one is too many\n/)
  expect(text).toMatch(/\n {2}alice threw\n {6}at check \S+failures-told\.test\.ts:\d+:\d+\n {6}at alice \S+:\d+:\d+\n/)
  expect(replayed(strict)).toMatch(/ {6}at check /)
})

test('what was thrown and is no Error has no stack, and the report says so', () => {
  const odd = over({
    alice: (words) => {
      Atomics.load(words, 0)
      throw 'oops'
    },
  })
  const text = reportOf(odd, explore(odd))
  expect(text).toContain('exception: alice threw oops')
  expect(times(text, 'What alice threw is not an Error, so it has no stack.')).toBe(1)
})

const torn = over({ writer: (words) => words.fill(7), reader: (words) => words.slice().length })

test('the data races of one schedule are told once each', () => {
  const exploration = explore(torn)
  const text = reportOf(torn, exploration)
  for (const index of [0, 1, 2, 3]) {
    const words = index === 0 ? `writer's write and reader's read of word 0` : `reader's read of word ${index}`
    expect(times(text, words)).toBe(1)
  }
  expect(times(text, 'WARNING: data race')).toBe(1)
  expect(text).toContain('In the same schedule there are 3 more:')
})

test('each race is shown with its own two accesses', () => {
  // The schedule that shows the race on word 2 has that on word 1 as well, which is told before.
  const both = over({
    writer: (words) => {
      Atomics.store(words, 0, 1)
      words[1] = 1
      words[2] = 1
    },
    reader: (words) => [words[1], Atomics.load(words, 0) === 1 ? words[2] : 0],
  })
  const text = reportOf(both, explore(both))
  const [, first = '', second = ''] = text.split('data-race: ')
  for (const [index, told] of [first, second].entries()) {
    expect(told).toMatch(new RegExp(`^writer's write and reader's read of word ${index + 1} `))
    expect(times(told, `of size 4 at word ${index + 1} by`)).toBe(2)
  }
})

test('a failure of a schedule that was shown has no second table and no second token', () => {
  const racyAndWrong = over(
    { alice: (words) => (words[0] = 1), bob: (words) => words[0] },
    { observe: () => 'so', outcomes: { otherwise: 'acceptable' } },
  )
  const exploration = explore(racyAndWrong)
  expect(exploration.failures.map(({ kind }) => kind)).toEqual(['outcome', 'data-race'])
  const text = reportOf(racyAndWrong, exploration)
  expect(times(text, 'token: rl1.')).toBe(1)
  expect(text).toContain('the same schedule as above')
})

test('where the search for the smallest schedule was cut short, the report claims no more than it found', () => {
  const counter = over(both, { observe, outcomes: { 2: 'acceptable' } })
  const exploration = explore(counter)
  const cut = { ...exploration, failures: exploration.failures.map((failure) => ({ ...failure, minimal: false })) }
  expect(reportOf(counter, exploration)).toContain('4 steps, 1 preemption: the fewest\n')
  expect(reportOf(counter, cut)).toContain('4 steps, 1 preemption: the fewest found\n')
})

const LONG = 'x'.repeat(400)

test.each([80, 120])('a report for %i columns has no longer line, but for tokens, which stay whole', (columns) => {
  const wide = over(both, {
    name: 'a counter',
    observe: (words) => `${Atomics.load(words, 0)} ${LONG}`,
    outcomes: { [`2 ${LONG}`]: ['acceptable', 'both increments arrived, as they have to in every schedule there is'] },
    names: (words) => ({ 'store.tables[0].counters[0].value': [words, 0] }),
  })
  const exploration = explore(wide)
  const lines = reportOf(wide, exploration, columns).split('\n')
  const long = lines.filter((line) => line.length > columns && !line.includes(LONG))
  expect(long.every((line) => /^(token|replay): /.test(line))).toBe(true)
  expect(lines).toContain(`token: ${exploration.failures[0]?.token}`)
})
