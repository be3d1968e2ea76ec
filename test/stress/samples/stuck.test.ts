import { expect, test } from 'vitest'
import type { Standing } from '../../../src/stress/samples/messages.ts'
import { judgeStuck } from '../../../src/stress/samples/stuck.ts'

const actors = ['alice', 'bob', 'carol']

function standing(parts: Partial<Standing>): Standing {
  return {
    index: 0,
    sample: 3,
    inside: true,
    asleep: 'forever',
    at: ['lock.mjs:1:2', 'main.mjs:3:4'],
    throws: [],
    ...parts,
  }
}

function judged(...left: Parameters<typeof judgeStuck>[0]['left']) {
  const { judgement, where } = judgeStuck({ actors, left, seconds: 2 })
  return { faults: judgement.faults.map(({ kind, message }) => `${kind}: ${message}`), where }
}

test('actors that all sleep without a timeout are a deadlock, with their lines', () => {
  const here = standing({})
  expect(judged(here, here, { throws: [] })).toEqual({
    faults: ['deadlock: alice and bob sleep forever'],
    where: [
      'alice sleeps in Atomics.wait at lock.mjs:1:2, called from main.mjs:3:4',
      'bob sleeps in Atomics.wait at lock.mjs:1:2, called from main.mjs:3:4',
    ],
  })
})

test.each([
  [{ asleep: 'no' }, 'carol is still at lock.mjs:1:2, called from main.mjs:3:4'],
  [{ asleep: 'for a time', at: [] }, 'carol sleeps in Atomics.wait, with a timeout,'],
] as const)('an actor that may still go on makes it a hang: %o', (parts, where) => {
  const found = judged({ throws: [] }, standing({ at: [] }), standing(parts))
  expect(found).toEqual({
    faults: ['hang: bob and carol did not end within 2 s'],
    where: ['bob sleeps in Atomics.wait', where],
  })
})

test('a thread that cannot be paused is a hang: it is not known to sleep', () => {
  expect(judged(undefined, standing({}), { throws: [] })).toMatchObject({
    faults: ['hang: alice and bob did not end within 2 s'],
    where: ['alice is in a call that could not be paused to name its line', expect.stringMatching(/^bob sleeps/)],
  })
})

test('only the first sample that is stuck counts: actors that are further on have ended in it', () => {
  const further = standing({ sample: 4 })
  expect(judged(standing({}), further, standing({ sample: 7, inside: false })).faults).toEqual([
    'deadlock: alice sleeps forever',
  ])
})

test('what was thrown in that sample counts, and nothing that was thrown in another one', () => {
  const throws = [2, 3].map((sample) => ({ sample, text: `Error: in ${sample}`, at: ['x.mjs:1:1'] }))
  expect(judged(standing({}), standing({ sample: 4, throws }), { throws: [] })).toEqual({
    faults: ['exception: bob threw Error: in 3', 'deadlock: alice sleeps forever'],
    where: ['bob threw at x.mjs:1:1', expect.stringMatching(/^alice sleeps/)],
  })
})
