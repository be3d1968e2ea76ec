/** Which failures an exploration shows, in which order, and with what text. */
import { expect, test } from 'vitest'

import { smallestOf } from '../../src/explore/search/failures.ts'
import { explore } from '../../src/explore/index.ts'
import { decodeToken } from '../../src/explore/replay/token.ts'
import { boundsOf } from '../../src/explore/search/options.ts'
import { Pace } from '../../src/explore/search/pace.ts'
import type { Failure } from '../../src/explore/search/result.ts'
import type { FailureKind } from '../../src/explore/subject/failure-kind.ts'
import { search } from '../../src/explore/search/search.ts'
import { bySeverity } from '../../src/explore/search/severity.ts'
import { ControlledScenario } from '../../src/explore/subject/controlled-scenario.ts'
import { scenario } from '../../src/scenario.ts'
import { nth, over } from './counters.ts'

const sharedBytes = (): Uint8Array => new Uint8Array(new SharedArrayBuffer(8))

test('the data races of one schedule are one failure: the first with its own words, the others in a list', () => {
  const torn = scenario({
    name: 'three bytes',
    memory: sharedBytes,
    actors: { writer: (bytes) => bytes.fill(7, 0, 3), reader: (bytes) => bytes.slice(0, 3).length },
  })
  expect(explore(torn).failures).toMatchObject([
    {
      kind: 'data-race',
      message: "writer's write and reader's read of word 0 are unordered, and not both atomic",
      otherRaces: [
        "writer's write and reader's read of word 1 are unordered, and not both atomic",
        "writer's write and reader's read of word 2 are unordered, and not both atomic",
      ],
    },
  ])
})

test('each data race is told once, also where several schedules have it', () => {
  // The order decides which of the other two words the reader reads.
  const branching = over({
    writer: (words) => {
      words[1] = 1
      words[2] = 1
      Atomics.store(words, 0, 1)
    },
    reader: (words) => words[Atomics.load(words, 0) === 0 ? 1 : 2],
    other: (words) => words[1],
  })
  const { failures } = explore(branching, { allFailures: true })
  const told = failures.flatMap(({ message, otherRaces }) => [message].concat(otherRaces ?? []))
  expect(new Set(told).size).toBe(told.length)
  // The reader reads words[2] only after it has seen the flag, so that is not a race.
  expect(told.toSorted()).toEqual([
    "writer's write and other's read of word 1 are unordered, and not both atomic",
    "writer's write and reader's read of word 1 are unordered, and not both atomic",
  ])
})

test('a race that the smallest schedule with another one does not have is a failure of its own', () => {
  const later = over({
    writer: (words) => {
      Atomics.store(words, 0, 1)
      words[1] = 1
      words[2] = 1
    },
    // The smallest schedule with a race on word 1 is the one in which the reader ends after it.
    reader: (words) => [words[1], Atomics.load(words, 0) === 1 ? words[2] : 0],
  })
  const { failures } = explore(later)
  expect(failures.map(({ message, steps }) => [/word \d/.exec(message)?.[0], steps])).toEqual([
    ['word 1', 5],
    ['word 2', 6],
  ])
})

test('atomic accesses of different sizes race, and the sentence says why', () => {
  const halves = over({
    whole: (words) => Atomics.store(words, 0, 1),
    half: (words) => Atomics.load(new Int16Array(words.buffer), 1),
  })
  const [failure] = explore(halves).failures
  expect(failure?.message).toBe(
    "whole's atomic write of word 0 and half's atomic read of word 0 byte 2 are unordered, and not atomic on the same bytes",
  )
})

const plainIncrement = (words: Int32Array): void => {
  words[0] = (words[0] ?? 0) + 1
}

test('a wrong outcome is looked for and shown before the data race that was found first', () => {
  const counter = over(
    { alice: plainIncrement, bob: plainIncrement },
    { observe: (words) => words[0], outcomes: { 2: 'acceptable', 1: ['forbidden', 'an increment was lost'] } },
  )
  const result = explore(counter)
  expect(result.failures.map(({ kind }) => kind)).toEqual(['outcome', 'data-race'])
  // The failure that is shown has one of the counted outcomes.
  expect(result.outcomes['1']).toMatchObject({ grade: 'forbidden' })
  expect(result).toMatchObject({ verdict: 'fail' })
})

test('a livelock comes after an exception, whichever has fewer preemptions', () => {
  const both = over({
    waiting: (words) => {
      while (Atomics.load(words, 0) === 0);
    },
    strict: (words) => {
      Atomics.store(words, 1, 1)
      if (Atomics.load(words, 2) === 1) throw new Error('too late')
    },
    marking: (words) => Atomics.store(words, 2, 1),
  })
  const { failures } = explore(both, { allFailures: true })
  expect(failures.map(({ kind }) => kind)).toEqual(['exception', 'livelock'])
})

test('when all that can matter was looked through for a graver failure, the result is complete', () => {
  const racy = over({ alice: (words) => (words[0] = 1), bob: (words) => words[0] })
  expect(explore(racy)).toMatchObject({ verdict: 'fail', complete: true, schedules: 2 })
})

test('of failures of one rank the one with the fewest preemptions is first, then the one with the fewest steps', () => {
  const failure = (kind: FailureKind, preemptions: number, steps: number): Failure => {
    return { kind, preemptions, steps, message: '', outcome: null, minimal: true, inevitable: null, token: '' }
  }
  const sorted = [
    failure('deadlock', 0, 90),
    failure('outcome', 1, 4),
    failure('exception', 1, 8),
    failure('data-race', 0, 2),
    failure('livelock', 2, 1),
  ]
  expect(sorted.toReversed().toSorted(bySeverity)).toEqual(sorted)
})

// The increment of either actor may be the one that is interrupted: two schedules are as small.
test('of equally small schedules it is the same one, whichever search has found the failure', () => {
  const increment = (words: Int32Array): unknown => Atomics.store(words, 0, Atomics.load(words, 0) + 1)
  const lossy = over(nth(2, increment), { observe: (words) => Atomics.load(words, 0), outcomes: { 2: 'acceptable' } })
  const schedules = (['dpor', 'dfs', 'random', 'pct', 'pos'] as const).flatMap((strategy) =>
    [1, 2, 3, 4, 5, 6].map((seed) => {
      const [failure] = explore(lossy, { strategy, seed, dataRaces: false }).failures
      expect(failure).toMatchObject({ minimal: true, preemptions: 1, steps: 4 })
      return decodeToken(failure!.token).schedule.join('')
    }),
  )
  expect(new Set(schedules)).toEqual(new Set(['0110']))
})

test('where the search for the smallest schedule was cut short, it does not claim the fewest', () => {
  const increment = (words: Int32Array) => Atomics.store(words, 0, Atomics.load(words, 0) + 1)
  const counter = over(
    { alice: increment, bob: increment },
    { observe: (words) => Atomics.load(words, 0), outcomes: { 2: 'acceptable' } },
  )
  const bounds = boundsOf({})
  const minimal = (isTimeUp: () => boolean): boolean | undefined =>
    ControlledScenario.use(counter, { ...bounds, dataRaces: true }, (controlled) => {
      const { found } = search(controlled, bounds, false, new Pace(0, Infinity, undefined))
      const [small] = smallestOf(controlled, found.values(), isTimeUp)
      return small?.minimal
    })
  expect(minimal(() => true)).toBe(false)
  expect(minimal(() => false)).toBe(true)
})

test('a schedule that broke the invariant does not count as acceptable', () => {
  const increment = (words: Int32Array) => Atomics.store(words, 0, Atomics.load(words, 0) + 1)
  const always = over(
    { alice: increment, bob: increment },
    { observe: () => 'done', outcomes: { done: 'acceptable' }, invariant: () => false },
  )
  const { outcomes } = explore(always, { allFailures: true })
  expect(outcomes['done']).toMatchObject({ grade: 'forbidden' })
  expect(outcomes['done']?.broken).toBe(outcomes['done']?.count)

  const sometimes = { ...always, invariant: (words: Int32Array) => Atomics.load(words, 0) === 2 }
  const done = explore(sometimes, { allFailures: true }).outcomes['done']
  expect(done?.grade).toBe('acceptable')
  expect(done?.broken).toBeGreaterThan(0)
  expect(done?.broken).toBeLessThan(done?.count ?? 0)
})
