import { expect, test } from 'vitest'
import type { Exploration } from '../../src/explore/search/result.ts'
import { explorersFailure, predictionOf, stressDocument } from '../../src/sampling/stress-document.ts'
import { percent, stressReport } from '../../src/sampling/stress-report.ts'
import type { SampleResult } from '../../src/stress/samples/result.ts'
import { wilson } from '../../src/stress/samples/wilson.ts'
import { colours } from '../../src/terminal/colours.ts'

function sampled(counts: Readonly<Record<string, number>>): SampleResult {
  const samples = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const outcomes = Object.fromEntries(
    Object.entries(counts).map(([key, count]) => [
      key,
      { count, ...wilson(count, samples), grade: 'acceptable' as const },
    ]),
  )
  return { schema: 1, scenario: 'sampled', samples, threads: 2, verdict: 'pass', outcomes, failures: [], elapsedMs: 10 }
}

function explored(parts: Partial<Exploration>): Exploration {
  const empty = { schedules: 7, outcomes: {}, failures: [], elapsedMs: 1 } as const
  return {
    schema: 1,
    scenario: 'sampled',
    variant: null,
    strategy: 'dpor',
    verdict: 'pass',
    complete: true,
    completeUpTo: null,
    estimate: null,
    ...empty,
    ...parts,
  }
}

test.each([
  [0, '0 %'],
  [1, '100 %'],
  [0.5, '50.0 %'],
  [0.174, '17.4 %'],
  [0.0123456, '1.2 %'],
  [0.00000123, '0.00012 %'],
  [0.9999983, '99.99983 %'],
])('the share %f is written %s: two digits of it, or of what is left to 100', (share, text) => {
  expect(percent(share)).toBe(text)
})

test('a table with very many outcomes is cut off, and what is impossible is in it', () => {
  const counts = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`outcome ${index}`, index + 1]))
  const exploration = explored({
    outcomes: Object.fromEntries(
      Object.keys(counts)
        .slice(1)
        .map((key) => [key, { count: 1, grade: 'acceptable' as const }]),
    ),
  })
  const stressed = { result: sampled(counts), variant: undefined, sound: undefined, exploration, compares: true }
  const document = stressDocument(stressed)
  expect(document.impossible).toEqual(['outcome 0'])
  const text = stressReport(
    document,
    { seen: Object.keys(counts).slice(1), unseen: [], impossible: document.impossible, unpredicted: [] },
    { colours: colours(false), columns: 100, exploreCommand: 'lab explore it', exploration },
  )
  expect(text.match(/^… and 70 more$/gm)).toHaveLength(2)
  expect(text).toMatch(/^outcome 0 +impossible +1 +acceptable +SEEN AND HELD IMPOSSIBLE$/m)
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100)
})

test('a prediction has the outcomes and the other ends of the exploration, and doubts what it must', () => {
  const failure = { outcome: null, preemptions: 0, steps: 1, minimal: true, inevitable: null, token: 'rl1.x' }
  const exploration = explored({
    outcomes: { 2: { count: 1, grade: 'acceptable' } },
    failures: [
      { kind: 'exception', message: 'alice threw Error: no', ...failure },
      { kind: 'deadlock', message: 'bob sleeps forever', ...failure },
      { kind: 'data-race', message: 'a race', ...failure },
    ],
  })
  expect(predictionOf(exploration, {})).toEqual({
    ends: new Set(['2', 'exception: alice threw Error: no', 'deadlock']),
    doubt: undefined,
  })
  expect(predictionOf(exploration, { outside: ['Date.now'] }).doubt).toBe('the actors use Date.now')
  expect(predictionOf({ ...exploration, declaredRaces: ['a', 'b'] }, {}).doubt).toBe('data races are declared, on a, b')
  expect(predictionOf({ ...exploration, complete: false, stopped: 'gave up after 1 s' }, {}).doubt).toBe(
    'not every schedule was explored: gave up after 1 s',
  )
})

test('a failure of the samples is the explorer’s of the same kind: with the same outcome, or the same message', () => {
  const parts = { preemptions: 0, steps: 1, minimal: true, inevitable: null }
  const failures = [
    { kind: 'outcome', message: 'lost', outcome: '1', token: 'one', ...parts },
    { kind: 'exception', message: 'alice threw Error: no', outcome: null, token: 'two', ...parts },
    { kind: 'livelock', message: 'bob spins forever', outcome: null, token: 'three', ...parts },
  ] as const
  const tokenFor = (kind: 'outcome' | 'exception' | 'hang' | 'deadlock', message: string, outcome: string | null) =>
    explorersFailure({ kind, message, outcome, count: 1, ...wilson(1, 1) }, explored({ failures }))?.token
  expect(tokenFor('outcome', 'lost', '1')).toBe('one')
  expect(tokenFor('outcome', 'lost', '0')).toBeUndefined()
  expect(tokenFor('exception', 'alice threw Error: no', null)).toBe('two')
  expect(tokenFor('exception', 'bob threw Error: no', null)).toBeUndefined()
  expect(tokenFor('hang', 'bob did not end within 2 s', null)).toBe('three')
  expect(tokenFor('deadlock', 'bob sleeps forever', null)).toBeUndefined()
})
