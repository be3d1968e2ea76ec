/** Stepping by hand, and what can still come of a state: against a walk through every step that an actor can take. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { outlookOf, stepThrough } from '../../src/explore/replay/stepping.ts'
import type { Stepped } from '../../src/explore/replay/stepping.ts'
import { explore, replay } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'
import { programScenario, programs } from './random-programs.ts'

const increment = (words: Int32Array): void => void Atomics.store(words, 0, Atomics.load(words, 0) + 1)
const increments = {
  name: 'two increments',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: increment, bob: increment },
  observe: (words: Int32Array) => Atomics.load(words, 0),
  outcomes: { 2: 'acceptable', 1: ['forbidden', 'an increment was lost'] },
  names: (words: Int32Array) => ({ count: [words, 0] }),
} as unknown as Scenario

describe('stepping', () => {
  test('says what each actor does next, and judges at the end only', () => {
    const { recording, next, end } = stepThrough(increments, [0, 1])
    expect(next.map((each) => each?.what)).toEqual([
      'Atomics.store(Int32Array, 0, 1)',
      'Atomics.store(Int32Array, 0, 1)',
    ])
    expect(next.map((each) => each?.frames[0]?.file.endsWith('stepping.test.ts'))).toEqual([true, true])
    expect([end, recording.judgement.faults, recording.stuck]).toEqual([null, [], []])
    const over = stepThrough(increments, [0, 1, 0, 1])
    expect([over.end, over.preemptions, over.next]).toEqual(['finished', 2, [null, null]])
    expect(over.recording.judgement.faults).toMatchObject([{ message: 'an increment was lost' }])
  })

  test('stops before a step that its actor cannot take', () => {
    expect(stepThrough(increments, [0, 0, 0, 1]).recording.steps).toHaveLength(2)
    expect(stepThrough(increments, [7]).recording.steps).toEqual([])
  })

  test('gives a token that replays', () => {
    const { token, recording } = stepThrough(increments, [0, 1, 1, 0])
    const replayed = replay(increments, token)
    expect(replayed).toMatchObject({
      kind: 'replayed',
      recording: { steps: recording.steps.map(({ actor }) => ({ actor })) },
    })
  })

  test('has a sleeper that nothing can wake', () => {
    const waiting = { ...increments, actors: { alice: (words: Int32Array) => void Atomics.wait(words, 0, 0) } }
    const { next, end, recording } = stepThrough(waiting, [0])
    expect(next).toMatchObject([{ isEnabled: false, what: 'asleep in Atomics.wait(Int32Array, 0, 0)' }])
    expect([end, recording.judgement.faults[0]?.kind]).toEqual(['stuck', 'deadlock'])
  })

  test('refuses a client or a crash that the scenario does not have', () => {
    expect(() => stepThrough(increments, [], { client: 'c0.1' })).toThrow('"c0.1" does not name a crash')
  })
})

/** Each end is reached by taking all its steps again, so the programs are short. */
const small = programs.filter((program) => program.flat().length <= 5)

/** Returns the ends that can be reached from a schedule, one for each order of the steps. */
function* endsFrom(scenario: Scenario, schedule: readonly number[]): Generator<Stepped> {
  const stepped = stepThrough(scenario, schedule)
  if (stepped.end !== null) yield stepped
  else {
    for (const [actor, next] of stepped.next.entries())
      if (next?.isEnabled === true) yield* endsFrom(scenario, [...schedule, actor])
  }
}

test('before a step that settles it, both can come of a schedule; after it, one', () => {
  expect(outlookOf(increments, [])).toEqual({ holding: 2, failing: 2, complete: true })
  expect(outlookOf(increments, [0, 1])).toMatchObject({ holding: 0, complete: true })
  expect(outlookOf(increments, [0, 0])).toEqual({ holding: 1, failing: 0, complete: true })
  expect(outlookOf(increments, [], { mostSchedules: 1 })).toMatchObject({ complete: false })
})

test(
  'what can come of a state of a random program is what a walk through all steps finds',
  { timeout: 120_000 },
  () => {
    const property = fc.property(small, fc.array(fc.nat(2), { maxLength: 4 }), fc.nat(2), (program, wished, grade) => {
      const all = programScenario(program)
      const keys = Object.keys(explore(all, { strategy: 'dpor', dataRaces: false }).outcomes)
      const outcomes = Object.fromEntries(
        keys.filter((_, index) => index % 3 !== grade).map((key) => [key, 'acceptable']),
      )
      fc.pre(Object.keys(outcomes).length > 0)
      const scenario: Scenario = { ...all, outcomes: outcomes as never }
      const prefix = stepThrough(scenario, wished).recording.steps.map(({ actor }) => actor)
      const faults: boolean[] = []
      for (const { recording } of endsFrom(scenario, prefix)) {
        faults.push(recording.judgement.faults.some(({ kind }) => kind !== 'data-race'))
        fc.pre(faults.length < 100)
      }
      const { holding, failing, complete } = outlookOf(scenario, prefix)
      expect({ holds: holding > 0, fails: failing > 0, complete }).toEqual({
        holds: faults.includes(false),
        fails: faults.includes(true),
        complete: true,
      })
      expect(holding + failing).toBeLessThanOrEqual(faults.length)
    })
    fc.assert(property, { numRuns: 30 })
  },
)
