/** A thread that is killed while it takes the place of another session in a full store. */
import { describe, expect, test, vi } from 'vitest'
import { evictAnonymous } from '../../src/store/evict.ts'
import { killedAt, stepsOf } from './crash.ts'
import * as scenes from './recovery-scenes.ts'
import type { Act, Scene } from './recovery-scenes.ts'

const { MENDER, VICTIM, agentOf, managerOf } = scenes

scenes.controlClock()

/** Fills the scene: of its three sessions, only "guest" may be evicted. */
function fillUp(made: Scene): void {
  const sessions = managerOf(made)
  sessions.runCleanup()
  sessions.createSession('u', 'n', { id: 'b' })
  sessions.createSession('', '', { id: 'guest', isAuthenticated: false })
}

const act: Act = (sessions) => sessions.createSession('u3', 'carol', { id: 'new', evict: evictAnonymous })

/** What the killed thread may leave: everything as it was, the guest gone, or the guest gone and the new session there. */
function statesOf(withDatabase: boolean): Set<string> {
  const state = (change: (made: Scene) => unknown): string => {
    const made = scenes.scene(withDatabase)
    fillUp(made)
    vi.setSystemTime(Date.now() + 1000)
    change(made)
    return scenes.statesOf(made)
  }
  const states = new Set([
    state(() => {}),
    state((made) => managerOf(made).deleteSession('guest')),
    state((made) => act(managerOf(made), made)),
  ])
  expect(states.size).toBe(3)
  return states
}

describe.each([
  ['in memory', false],
  ['with a database', true],
])('%s', (_, withDatabase) => {
  test('whenever a thread is killed while it evicts a session for a new one, each of the two has happened or has not', () => {
    const states = statesOf(withDatabase)
    const seen = new Set<string>()
    for (let step = 0; ; step++) {
      const made = scenes.killedScene(withDatabase, act, step, fillUp)
      if (made === undefined) break
      managerOf(made).recover(VICTIM)
      seen.add(scenes.statesOf(made))
      scenes.expectMended(made, states, `killed before step ${step}`)
    }
    expect(seen.size).toBeGreaterThanOrEqual(2)
  })

  test('nor does it matter when the thread that mends this is killed as well', () => {
    const states = statesOf(withDatabase)
    for (let step = 0; ; step++) {
      const copy = scenes.killedScene(withDatabase, act, step, fillUp)
      if (copy === undefined) break
      const steps = stepsOf(agentOf(MENDER), () => managerOf(copy).recover(VICTIM))
      for (let mending = step % STRIDE; mending < steps; mending += STRIDE) {
        const made = scenes.killedScene(withDatabase, act, step, fillUp)!
        killedAt(mending, agentOf(MENDER), () => managerOf(made).recover(VICTIM))
        for (const dead of [MENDER, VICTIM]) managerOf(made).recover(dead)
        scenes.expectMended(made, states, `killed before step ${step}, its mender before ${mending}`)
      }
    }
  })
})

/** At how many steps of a recovery its thread is killed: at one of these, another one for each step of the first thread. */
const STRIDE = 7
