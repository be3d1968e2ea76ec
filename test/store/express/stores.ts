/** Stores for the tests of express-session, and their callbacks as promises. */
import type { SessionData, Store } from 'express-session'
import { SharedMemoryStore } from '../../../src/store/express/index.ts'
import type { SharedMemoryStoreOptions } from '../../../src/store/express/index.ts'
import { SessionManager } from '../../../src/store/manager.ts'
import { allocateSessionStore } from '../../../src/store/allocate.ts'
import type { StoreOptions } from '../../../src/store/allocate.ts'

/** A session as plain data: what the tests put in and compare. */
export type Plain = Record<string, unknown>

/** A cookie as express-session makes it for a browser session: one without an expiry. */
export const COOKIE = { originalMaxAge: null, expires: null, httpOnly: true, path: '/' }

export interface Shared {
  readonly memory: SharedArrayBuffer
  readonly sessions: SessionManager
  readonly store: SharedMemoryStore
}

export function shared(options: SharedMemoryStoreOptions = {}, size: StoreOptions = {}): Shared {
  const memory = allocateSessionStore({ capacity: 100, metadataBytes: 2000, ...size })
  const sessions = new SessionManager(memory)
  return { memory, sessions, store: new SharedMemoryStore(sessions, options) }
}

/** Gets the session as a new object, as a request does. */
export function get(store: Store, id: string): Promise<Plain | null | undefined> {
  return asked((done) => store.get(id, done)) as Promise<Plain | null | undefined>
}

/** Gets a session as `get` does. Throws if there is none. */
export async function read(store: Store, id: string): Promise<Plain> {
  const session = await get(store, id)
  if (!session) throw new Error(`There is no session ${id}`)
  return session
}

export function set(store: Store, id: string, session: Plain): Promise<unknown> {
  return asked((done) => store.set(id, session as unknown as SessionData, done))
}

export function touch(store: Store, id: string, session: Plain): Promise<unknown> {
  return asked((done) => store.touch!(id, session as unknown as SessionData, done))
}

export function destroy(store: Store, id: string): Promise<unknown> {
  return asked((done) => store.destroy(id, done))
}

export function clear(store: Store): Promise<unknown> {
  return asked((done) => store.clear!(done))
}

/** Gets all sessions by id. */
export function all(store: Store): Promise<Record<string, Plain>> {
  return asked((done) => store.all!(done)) as Promise<Record<string, Plain>>
}

export function length(store: Store): Promise<unknown> {
  return asked((done) => store.length!(done))
}

function asked(ask: (done: (error?: unknown, result?: unknown) => void) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    ask((error, result) => (error ? reject(error) : resolve(result)))
  })
}
