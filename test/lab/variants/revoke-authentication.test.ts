/**
 * A revocation and an update of one session. One runs in the pause of the other, between its read and its write, so the schedule is
 * always the same.
 */
import { expect, test } from 'vitest'
import { createSession } from '../../../src/store/operations/create-session.ts'
import { SessionNotFoundError } from '../../../src/store/errors.ts'
import { revokeAuthentication } from '../../../src/lab/variants/revoke-authentication.ts'
import { allocateLabStore } from '../../../src/lab/variants/lab-memory.ts'
import { LabStore } from '../../../src/lab/variants/lab-store.ts'
import { updateSession } from '../../../src/lab/variants/update-session.ts'

const ID = 'a'

function storeWithSession(): LabStore {
  const store = new LabStore(allocateLabStore({ capacity: 1 }))
  createSession(store, undefined, 'u1', 'alice', { id: ID })
  return store
}

/** Returns a function that calls `act` only the first time. An operation that retries calls its pause again. */
function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    act()
  }
}

test.each(['buggy', 'cas'] as const)('%s revokes, and changes nothing else but the version', (name) => {
  const store = storeWithSession()
  const before = store.read(ID)
  revokeAuthentication[name](store, ID)
  expect(store.read(ID)).toEqual({ ...before, isAuthenticated: false, version: before.version + 1 })
})

test.each(['buggy', 'cas'] as const)('%s refuses a session that does not exist', (name) => {
  expect(() => revokeAuthentication[name](storeWithSession(), 'b')).toThrow(SessionNotFoundError)
})

test('a buggy update undoes a revocation in its pause, whatever the variant of the revocation', () => {
  for (const revoke of Object.values(revokeAuthentication)) {
    const store = storeWithSession()
    updateSession.buggy(store, ID, 'page', 'account', () => revoke(store, ID))
    expect(store.read(ID).isAuthenticated).toBe(true)
  }
})

test('a cas update keeps a revocation in its pause, whatever the variant of the revocation', () => {
  for (const revoke of Object.values(revokeAuthentication)) {
    const store = storeWithSession()
    const revocation = once(() => revoke(store, ID))
    updateSession.cas(store, ID, 'page', 'account', revocation)
    expect(store.read(ID)).toMatchObject({ isAuthenticated: false, metadata: new Map([['page', 'account']]) })
  }
})

test.each([
  ['buggy', 0],
  ['cas', 1],
] as const)('a %s revocation, with an update of one key in its pause, keeps %i key', (name, kept) => {
  const store = storeWithSession()
  const update = once(() => updateSession.cas(store, ID, 'page', 'account'))
  revokeAuthentication[name](store, ID, update)
  expect(store.read(ID).isAuthenticated).toBe(false)
  expect(store.read(ID).metadata.size).toBe(kept)
})
