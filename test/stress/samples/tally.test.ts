import { expect, test } from 'vitest'
import type { SampleFault, SampleJudgement } from '../../../src/stress/samples/subject.ts'
import { Tally } from '../../../src/stress/samples/tally.ts'
import { wilson } from '../../../src/stress/samples/wilson.ts'

function ended(key: string, ...faults: SampleFault[]): SampleJudgement {
  return { outcome: { key, grade: 'interesting', description: 'as it is' }, faults }
}

function faultOf(kind: SampleFault['kind'], outcome: string | null, message: string = kind): SampleFault {
  return { kind, message, outcome, identity: `${kind} ${outcome ?? message}` }
}

test('no sample is inconclusive, samples without a fault pass, and one fault fails', () => {
  const tally = new Tally()
  expect(tally.counts()).toEqual({ samples: 0, verdict: 'inconclusive', outcomes: {}, failures: [] })
  tally.add(ended('a'))
  expect(tally.counts().verdict).toBe('pass')
  tally.add({ outcome: undefined, faults: [faultOf('exception', null)] })
  expect(tally.counts()).toMatchObject({ verdict: 'fail', samples: 2, outcomes: { a: { count: 1, share: 0.5 } } })
})

test('the most frequent outcome comes first, with its share of all samples, and keys are only keys', () => {
  const tally = new Tally()
  for (const key of ['a', '__proto__', '__proto__']) tally.add(ended(key))
  const { outcomes } = tally.counts()
  expect(Object.keys(outcomes)).toEqual(['__proto__', 'a'])
  expect(Object.entries(outcomes)[1]).toEqual([
    'a',
    { count: 1, ...wilson(1, 3), grade: 'interesting', description: 'as it is' },
  ])
})

test('an outcome is forbidden if each of its samples broke the invariant, and else tells how many did', () => {
  const tally = new Tally()
  for (const key of ['always', 'sometimes']) tally.add(ended(key, faultOf('invariant', key)))
  tally.add(ended('sometimes'))
  expect(tally.counts().outcomes).toMatchObject({
    always: { grade: 'forbidden', broken: 1, count: 1 },
    sometimes: { grade: 'interesting', broken: 1, count: 2 },
  })
})

test('equal faults are one failure with the first places, and a flood of different ones is cut off', () => {
  const tally = new Tally()
  tally.add({ outcome: undefined, faults: [faultOf('exception', null, 'first')] }, ['at 1'])
  tally.add({ outcome: undefined, faults: [faultOf('exception', null, 'first')] }, ['at 2'])
  expect(tally.counts().failures).toEqual([
    { kind: 'exception', message: 'first', outcome: null, count: 2, ...wilson(2, 2), where: ['at 1'] },
  ])
  for (let each = 0; each < 1000; each++)
    tally.add({ outcome: undefined, faults: [faultOf('exception', null, `number ${each}`)] })
  const { samples, failures } = tally.counts()
  expect(samples).toBe(1002)
  expect(failures.length).toBeLessThanOrEqual(50)
})
