import { expect, test } from 'vitest'
import { compare, endOf } from '../../../src/stress/samples/compare.ts'
import { wilson } from '../../../src/stress/samples/wilson.ts'

function seen(
  outcomes: readonly string[],
  failures: readonly (readonly [kind: 'exception' | 'deadlock' | 'hang', message: string])[] = [],
) {
  const counted = { count: 1, ...wilson(1, 10), grade: 'acceptable' } as const
  return {
    outcomes: Object.fromEntries(outcomes.map((key) => [key, counted])),
    failures: failures.map(([kind, message]) => ({ kind, message, outcome: null, count: 1, ...wilson(1, 10) })),
  }
}

test('each end is seen and possible, possible only, or seen and held impossible', () => {
  const prediction = { ends: new Set(['2', '1', 'deadlock']), doubt: undefined }
  expect(compare(seen(['2', '3']), prediction)).toEqual({
    seen: ['2'],
    unseen: ['1', 'deadlock'],
    impossible: ['3'],
    unpredicted: [],
  })
})

test('nothing is held impossible where the prediction may lack something', () => {
  const prediction = { ends: new Set(['2']), doubt: 'the actors use Date.now' }
  expect(compare(seen(['2', '3']), prediction)).toEqual({
    seen: ['2'],
    unseen: [],
    impossible: [],
    unpredicted: ['3'],
    doubt: 'the actors use Date.now',
  })
})

test('a deadlock and what an actor threw are ends as well; an actor that is slow is none', () => {
  const ends = new Set(['exception: alice threw Error: no'])
  const failed = seen(
    [],
    [
      ['exception', 'alice threw Error: no'],
      ['exception', 'bob threw Error: no'],
      ['deadlock', 'alice sleeps forever'],
      ['hang', 'bob did not end within 2 s'],
    ],
  )
  expect(compare(failed, { ends, doubt: undefined })).toMatchObject({
    seen: ['exception: alice threw Error: no'],
    impossible: ['exception: bob threw Error: no', 'deadlock'],
  })
  expect(endOf({ kind: 'livelock', message: '' })).toBeUndefined()
})
