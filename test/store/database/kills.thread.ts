/** What a thread of `kills.child.ts` does: it works on sessions with SQLite behind them until it is stopped or killed. */
import { parentPort } from 'node:worker_threads'
import type { Database } from '../../../src/store/database/database.ts'
import { openSqlite } from '../../../src/store/database/sqlite.ts'
import { SessionExistsError, SessionNotFoundError, StoreFullError } from '../../../src/store/errors.ts'
import { SessionManager } from '../../../src/store/manager.ts'
import { rowOf } from './row-of.ts'

export interface KillsThreadData {
  readonly memory: SharedArrayBuffer
  readonly words: Int32Array
  readonly path: string
  readonly role: 'victim' | 'survivor'
}

/**
 * The shared words:
 *
 *   inside    1 while the victim is inside a call of the database
 *   rounds    how many rounds the survivor has done
 *   stop      1 once the survivor is to end
 *   version   the newest version of a row
 */
export const WORD = { inside: 0, rounds: 1, stop: 2, version: 3 } as const

/** Sessions that are never deleted, and whose rows get new versions. */
export const KEPT = ['kept 0', 'kept 1', 'kept 2']
/** Sessions that come and go. */
export const POOL = Array.from({ length: 20 }, (_, number) => `pool ${number}`)
/** How many rounds a thread does with one connection. */
const ROUNDS = 20

export function work({ memory, words, path, role }: KillsThreadData): void {
  const calling = role === 'victim' ? markedIn(words) : <Result>(call: () => Result) => call()
  parentPort!.postMessage('begins')
  while (Atomics.load(words, WORD.stop) === 0) {
    const file = calling(() => openSqlite(path))
    const database: Database = {
      fetch: (id) => calling(() => file.fetch(id)),
      store: (id, row) => calling(() => file.store(id, row)),
      delete: (id) => calling(() => file.delete(id)),
      close: () => calling(() => file.close()),
    }
    const sessions = new SessionManager(memory, { database })
    for (let round = 0; round < ROUNDS; round++) {
      for (const act of acts(sessions, database, words)) attempt(act)
      if (role === 'survivor') Atomics.add(words, WORD.rounds, 1)
    }
    database.close()
  }
}

/** Returns a function that calls another one and keeps the word `inside` meanwhile. */
function markedIn(words: Int32Array) {
  return <Result>(call: () => Result): Result => {
    Atomics.store(words, WORD.inside, 1)
    try {
      return call()
    } finally {
      Atomics.store(words, WORD.inside, 0)
    }
  }
}

function acts(sessions: SessionManager, database: Database, words: Int32Array): (() => unknown)[] {
  return [
    () => sessions.deleteSession(oneOf(POOL)),
    () => sessions.deleteSession(oneOf(POOL)),
    () => sessions.runCleanup({ limit: 4 }),
    () => sessions.createSession('u', 'n', { id: oneOf(POOL) }),
    // A row that a kill leaves behind has an id that no later session has.
    () => sessions.deleteSession(sessions.createSession('u', 'n')),
    () => database.store(oneOf(KEPT), rowOf(Atomics.add(words, WORD.version, 1) + 1)),
    () => sessions.refreshFromDatabase(oneOf(KEPT)),
  ]
}

function oneOf(ids: readonly string[]): string {
  return ids[Math.floor(Math.random() * ids.length)]!
}

/** Sessions of the pool come and go, so they may be there or not. */
function attempt(act: () => unknown): void {
  try {
    act()
  } catch (refusal) {
    const expected = [SessionExistsError, SessionNotFoundError, StoreFullError]
    if (!expected.some((kind) => refusal instanceof kind)) throw refusal
  }
}
