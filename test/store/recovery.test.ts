import fc from 'fast-check'
import { describe, test } from 'vitest'
import { killedAt, stepsOf } from './crash.ts'
import * as scenes from './recovery-scenes.ts'
import type { Act, Scene } from './recovery-scenes.ts'
import { resultOf } from './stores.ts'

const { MENDER, VICTIM, agentOf, managerOf } = scenes

scenes.controlClock()

describe.each(scenes.CASES)('%s', (_, withDatabase, operations) => {
  test.each(Object.entries(operations))(
    'whenever a thread is killed while %s, that has happened or has not',
    (_, act) => {
      const states = scenes.statesOnTheWay(scenes.scene(withDatabase), act)
      for (const [step, made] of scenes.killedScenes(withDatabase, act)) {
        managerOf(made).recover(VICTIM)
        scenes.expectMended(made, states, `killed before step ${step}`)
      }
    },
  )

  test('whatever threads have done before, an operation in which one of them is killed has happened or has not', () => {
    const acts: Readonly<Record<string, Act>> = operations
    const name = fc.constantFrom(...Object.keys(acts))
    const thread = fc.constantFrom(VICTIM, MENDER, UNLISTED)
    const history = fc.array(fc.tuple(name, thread), { maxLength: 6 })
    const property = fc.property(history, name, fc.nat(), fc.nat(), (before, last, victimStep, menderStep) => {
      const act = refusable(acts[last]!)
      const prepare = (made: Scene): void => {
        for (const listed of [VICTIM, MENDER]) killedAt(Infinity, agentOf(listed), () => managerOf(made))
        for (const [each, by] of before) {
          const done = refusable(acts[each]!)
          killedAt(Infinity, agentOf(by), () => done(managerOf(made), made))
          scenes.calm(made)
        }
      }
      const killed = (step: number) => scenes.killedScene(withDatabase, act, step, prepare)
      const first = scenes.scene(withDatabase)
      prepare(first)
      const states = scenes.statesOnTheWay(first, act)
      const another = scenes.scene(withDatabase)
      prepare(another)
      const steps = stepsOf(agentOf(VICTIM), () => act(managerOf(another), another))
      const made = killed(victimStep % steps)!
      const copy = killed(victimStep % steps)!
      const mending = stepsOf(agentOf(MENDER), () => managerOf(copy).recover(VICTIM))
      killedAt(menderStep % mending, agentOf(MENDER), () => managerOf(made).recover(VICTIM))
      for (const dead of [MENDER, VICTIM]) managerOf(made).recover(dead)
      scenes.expectMended(made, states, `killed before step ${victimStep % steps}, mender ${menderStep % mending}`)
    })
    fc.assert(property, { numRuns: 100 })
  })
})

/** The store of a scene has no room for the notes of this thread, because the others have theirs already. */
const UNLISTED = 9

/** The act, in which a session may be missing. */
function refusable(act: Act): Act {
  return (sessions, made) => resultOf(() => act(sessions, made))
}
