import { expect, test } from 'vitest'
import { KnownJudgements } from '../../src/sampling/known-judgements.ts'
import type { SampleJudgement } from '../../src/stress/samples/subject.ts'

/** Returns the judgements on samples, and how often a judge was called for them. */
function judged(...samples: readonly (readonly [words: readonly number[], results: readonly unknown[]])[]) {
  const known = new KnownJudgements()
  let calls = 0
  const judgements = samples.map(([words, results]) =>
    known.get([Int32Array.from(words)], results, (): SampleJudgement => {
      const key = `judgement ${++calls}`
      return { outcome: { key, grade: 'acceptable', description: undefined }, faults: [] }
    }),
  )
  return { keys: judgements.map(({ outcome }) => outcome?.key), calls }
}

test('samples that ended alike are judged once', () => {
  const { keys, calls } = judged(
    [
      [1, 2],
      [undefined, 'a'],
    ],
    [
      [1, 3],
      [undefined, 'a'],
    ],
    [
      [1, 2],
      [undefined, 'a'],
    ],
  )
  expect({ keys, calls }).toEqual({ keys: ['judgement 1', 'judgement 2', 'judgement 1'], calls: 2 })
})

test.each([
  ['a number and its text', 1, '1'],
  ['0 and -0', 0, -0],
  ['a number and a BigInt', 1, 1n],
  ['null and undefined', null, undefined],
  ['equal objects, which are not known to stay equal', { n: 1 }, { n: 1 }],
])('%s are told apart, as a first and as a last result', (_, one, other) => {
  expect(judged([[0], [one, 5]], [[0], [other, 5]]).calls).toBe(2)
  expect(judged([[0], [5, one]], [[0], [5, other]]).calls).toBe(2)
})

test('NaN is NaN', () => {
  expect(judged([[0], [Number.NaN]], [[0], [Number.NaN]]).calls).toBe(1)
})
