import { expect, test } from 'vitest'
import { SessionManager } from '../../src/store/manager.ts'
import { SessionStore } from '../../src/store/store.ts'
import { actAs } from '../../src/sync/agent.ts'
import { beforeEachAccess } from './accesses.ts'
import { fresh } from './stores.ts'

const WRITER = 7

/** Ids of two words each: the third has its first word from the first one, and its second word from the second. */
const IDS = { before: 'aaaa1111', after: 'bbbb2222', created: 'aaaa2222' } as const

test('while an id is compared with that of a session, the session may make room for another one that the same thread writes', () => {
  let met = 0
  for (let step = 0; ; step++) {
    const { memory, store } = fresh({ capacity: 1 })
    new SessionManager(memory).createSession('u', 'n', { id: IDS.before })
    const writer = as(WRITER, () => new SessionStore(memory))
    const enter = (id: string): number => {
      const { slot, control } = store.stamp(id)
      writer.writer.enter(slot, control)
      return control
    }
    const { slot } = store.stamp(IDS.before)
    const control = enter(IDS.before)
    const replace = (): void => {
      writer.writer.leave(slot, control)
      const sessions = as(WRITER, () => new SessionManager(memory))
      sessions.deleteSession(IDS.before)
      sessions.runCleanup()
      sessions.createSession('u', 'n', { id: IDS.after })
      if (store.stamp(IDS.after).slot === slot) met++
      enter(IDS.after)
    }
    if (!isRefusedAsFull(memory, step, replace)) break
  }
  // The session that came later was in the same slot.
  expect(met).toBeGreaterThan(10)
})

/**
 * Creates a session, and lets something else happen before a step of that. The store is full, so the creation is refused; it must not say
 * that the id exists. Returns false if the creation ends before the step.
 */
function isRefusedAsFull(memory: SharedArrayBuffer, step: number, meanwhile: () => void): boolean {
  let steps = 0
  const release = beforeEachAccess(() => {
    if (steps++ === step) meanwhile()
  })
  try {
    const create = () => new SessionManager(memory).createSession('u', 'n', { id: IDS.created })
    expect(create, `step ${step}`).toThrow(expect.objectContaining({ code: 'ERR_RACELAB_STORE_FULL' }))
  } finally {
    release()
  }
  return steps > step
}

function as<Result>(agent: number, act: () => Result): Result {
  const before = actAs(agent)
  try {
    return act()
  } finally {
    actAs(before)
  }
}
