import { expect, test } from 'vitest'
import { layoutOf } from '../../src/store/allocate.ts'
import { NOTES } from '../../src/store/layout.ts'
import type { SessionManager } from '../../src/store/manager.ts'
import { notesAt } from '../../src/store/notes.ts'
import { killedAt, stepsOf } from './crash.ts'
import * as scenes from './recovery-scenes.ts'
import type { Scene } from './recovery-scenes.ts'
import { resultOf } from './stores.ts'

const { MENDER, VICTIM, agentOf, managerOf } = scenes

scenes.controlClock()

test.each(
  scenes.CASES.flatMap(([where, withDatabase, operations]) =>
    Object.entries(operations).map(([name, act]) => [where, name, withDatabase, act] as const),
  ),
)(
  '%s: whenever a thread is killed while %s, and another one while it mends that, it has happened or has not',
  (...[, , withDatabase, act]) => {
    const states = scenes.statesOnTheWay(scenes.scene(withDatabase), act)
    const idle = recoverySteps(scenes.killedScene(withDatabase, act, 0)!)
    for (const [step, first] of scenes.killedScenes(withDatabase, act)) {
      const all = recoverySteps(first)
      // Where nothing is left to mend, there is nothing to be killed at.
      const steps = all > idle + AT_THE_END ? all : 0
      for (let mending = step % STRIDE; mending < steps; mending += STRIDE) {
        const made = scenes.killedScene(withDatabase, act, step)!
        killedAt(mending, agentOf(MENDER), () => managerOf(made).recover(VICTIM))
        const isLeft = isMendedBy(made, agentOf(MENDER))
        managerOf(made).recover(MENDER)
        const after = managerOf(made).recover(VICTIM)
        // Who recovers the mender mends what it was mending.
        if (isLeft) expect(after).toEqual(scenes.NOTHING_MENDED)
        scenes.expectMended(made, states, `killed before step ${step}, its mender before ${mending}`)
      }
    }
  },
)

/** Of the pairs of steps at which the two are killed, one in so many is tried: all of them would take four minutes. */
const STRIDE = 67

/** How many accesses a recovery makes at most to forget a thread that has left nothing. */
const AT_THE_END = 12

/** Whether an agent is mending what another one has left. */
function isMendedBy({ memory }: Scene, agent: number): boolean {
  const layout = layoutOf(memory)
  const menders = [0, 1, 2].map((number) => new Int32Array(memory)[notesAt(layout, number) + NOTES.mender])
  return menders.includes(agent)
}

function recoverySteps(scene: Scene): number {
  return stepsOf(agentOf(MENDER), () => managerOf(scene).recover(VICTIM))
}

test('when two threads are killed while both create a session with one id, there is one or none, and no slot is lost', () => {
  const create = (sessions: SessionManager) => sessions.createSession('u3', 'carol', { id: 'new' })
  const seen = new Set<string>()
  for (let first = 0, isKilled = true; isKilled; first++) {
    for (let second = first % 5; ; second += 5) {
      const made = scenes.scene(false)
      managerOf(made).runCleanup()
      isKilled = killedAt(first, agentOf(VICTIM), () => create(managerOf(made)))
      const refused = () => resultOf(() => create(managerOf(made)))
      if (!isKilled || !killedAt(second, agentOf(MENDER), refused)) break
      const [one, other] = second % 2 === 0 ? [VICTIM, MENDER] : [MENDER, VICTIM]
      const sessions = managerOf(made)
      const mended = [sessions.recover(one), sessions.recover(other)]
      seen.add(JSON.stringify(mended.map(({ completed, undone }) => [completed, undone])))
      scenes.expectMended(made, new Set([scenes.statesOf(made)]), `killed before step ${first} and ${second}`)
    }
  }
  // Each of the two may be completed or undone, but not both completed.
  expect(seen.size).toBeGreaterThan(3)
  expect(seen).not.toContain('[[1,0],[1,0]]')
})
