/**
 * SessionManager: the session manager that users of the package have. Each thread has a manager of its own over the same
 * memory, and sees at once what another thread does.
 */
import type { Database } from './database/database.ts'
import { census } from './operations/census.ts'
import { type MetadataChange, changeMetadata } from './operations/change-metadata.ts'
import { NEW_SESSION, type NewSession, createSession } from './operations/create-session.ts'
import { deleteSession } from './operations/delete-session.ts'
import { FastPath } from './fast-path.ts'
import { type Known, checkOptions } from './options.ts'
import { type Refreshed, refreshFromDatabase } from './operations/refresh-from-database.ts'
import { revokeAuthentication } from './operations/revoke-authentication.ts'
import { CLEANUP, type CleanupOptions, type CleanupReport, runCleanup } from './operations/run-cleanup.ts'
import type { Session } from './session.ts'
import { SessionStore } from './store.ts'
import { verify } from './operations/verify.ts'
import { takeDeadLetters } from './operations/take-dead-letters.ts'
import { touchSession } from './operations/touch-session.ts'
import { NoDatabaseError } from './errors.ts'

export interface Stats {
  readonly activeSessions: number
  /** Deleted sessions whose rows the database must still drop. */
  readonly cleanupQueueSize: number
  /** Deleted sessions whose rows it refused to drop too often. */
  readonly deadLetters: number
  /** Failed attempts to drop a row, since allocation. */
  readonly failedCleanups: number
  /** Rows dropped, since allocation. */
  readonly cleanedUp: number
  readonly capacity: number
}

export interface ManagerOptions {
  /** The database behind the cache: this thread's own connection. Without one, sessions live in memory only. */
  readonly database?: Database
}

const KNOWN: Known<ManagerOptions> = { database: true }

/**
 * Whatever takes text throws NotTextError for what is no string, and whatever takes options OptionsError for one that there
 * is not; nothing is changed then.
 *
 * @example
 * const memory = allocateSessionStore({ capacity: 1000 }) // once; send it to every thread
 * const sessions = new SessionManager(memory) // in every thread
 * const id = sessions.createSession('u1', 'alice')
 * sessions.updateSession(id, 'theme', 'dark')
 * sessions.incrementAccess(id) // 2
 * sessions.getSession(id).metadata.get('theme') // 'dark'
 * sessions.deleteSession(id) // true
 * sessions.getSession(id) // undefined
 */
export class SessionManager {
  readonly #store: SessionStore
  readonly #fast: FastPath
  readonly #database: Database | undefined

  /** Attaches to allocated memory. Throws NotASessionStoreError or LayoutVersionError. */
  constructor(memory: SharedArrayBuffer, options: ManagerOptions = {}) {
    checkOptions('SessionManager', options, KNOWN)
    this.#store = new SessionStore(memory)
    this.#fast = new FastPath(this.#store)
    this.#database = options.database
  }

  /**
   * Creates a session and its row; returns its id. Throws SessionExistsError, StoreFullError or TextTooLongError, or what the
   * database throws; then nothing was created.
   */
  createSession(userId: string, username: string, options?: NewSession): string {
    if (options !== undefined) checkOptions('createSession', options, NEW_SESSION)
    return createSession(this.#store, this.#database, userId, username, options)
  }

  /** The session as it was at one moment, the caller's own copy; undefined when there is none. Never waits for a reader. */
  getSession(id: string): Session | undefined {
    return this.#store.get(id)
  }

  /** Sets one metadata key and counts one access, as one step. Throws SessionNotFoundError or TextTooLongError. */
  updateSession(id: string, key: string, value: string): void {
    this.#fast.updateSession(id, key, value)
  }

  /**
   * Sets one metadata key of each session, to a value for each, and counts one access of each; says which were there. Each is a
   * step of its own, as in `incrementAccesses`. Throws BatchError. Where there is no room for a value, all others are set,
   * and then the first TextTooLongError is thrown.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 2 }))
   * for (const id of ['a', 'b']) sessions.createSession('u1', 'alice', { id })
   * sessions.updateSessions(['a', 'b', 'nobody'], 'theme', ['dark', 'light', 'dark']) // [true, true, false]
   */
  updateSessions(ids: readonly string[], key: string, values: readonly string[]): boolean[] {
    return this.#fast.updateSessions(ids, key, values)
  }

  /**
   * Changes any number of metadata keys as one step, and with them how long the session lives, if `change` returns that; says
   * whether anything was written. `change` gets the metadata as it is, returns false to leave it so, and is called again when
   * somebody else was faster. Counts no access. Throws SessionNotFoundError, TextTooLongError or TimeToLiveError, or what
   * `change` throws; then nothing was changed.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
   * const id = sessions.createSession('u1', 'alice', { metadata: new Map([['guest', 'yes'], ['basket', '3']]) })
   * sessions.changeMetadata(id, (metadata) => {
   *   metadata.set('basket', String(Number(metadata.get('basket')) + 1))
   *   metadata.delete('guest')
   *   return { timeToLive: 60_000 }
   * }) // true
   * const left = [...sessions.getSession(id).metadata] // [['basket', '4']]
   * sessions.changeMetadata(id, (metadata) => metadata.has('guest') && { timeToLive: 1 }) // false: no guest, nothing to write
   */
  changeMetadata(id: string, change: MetadataChange): boolean {
    return changeMetadata(this.#store, id, change)
  }

  /** Counts one access; the new count. Throws SessionNotFoundError. */
  incrementAccess(id: string): number {
    return this.#fast.incrementAccess(id)
  }

  /**
   * Counts one access of each session; the new counts, undefined where there is no session. Each is a step of its own, as if
   * called alone, but many cost about two thirds of that. Throws BatchError if it is given no array.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 2 }))
   * for (const id of ['a', 'b']) sessions.createSession('u1', 'alice', { id })
   * sessions.incrementAccesses(['a', 'b', 'nobody', 'a']) // [1, 1, undefined, 2]
   */
  incrementAccesses(ids: readonly string[]): (number | undefined)[] {
    return this.#fast.incrementAccesses(ids)
  }

  /** Lets a session live for so many milliseconds from now (Infinity: for ever). Throws SessionNotFoundError. */
  touch(id: string, timeToLive: number): void {
    touchSession(this.#store, id, timeToLive)
  }

  /** Takes the database's row if it is newer. Throws SessionNotFoundError or NoDatabaseError, or what the database throws. */
  refreshFromDatabase(id: string): Refreshed {
    if (this.#database === undefined) throw new NoDatabaseError()
    return refreshFromDatabase(this.#store, this.#database, id)
  }

  /**
   * Ends a session's right to be served: sets `isAuthenticated` to false, and keeps the session. No update of another thread
   * is lost or undoes it. Throws SessionNotFoundError.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
   * const id = sessions.createSession('u1', 'alice')
   * sessions.revokeAuthentication(id)
   * sessions.getSession(id).isAuthenticated // false
   */
  revokeAuthentication(id: string): void {
    revokeAuthentication(this.#store, id)
  }

  /** Deletes a session and leaves its row to the clean-up; true for the one caller that did it. */
  deleteSession(id: string): boolean {
    return deleteSession(this.#store, id)
  }

  /**
   * Drops rows of deleted and expired sessions and frees their places: bounded work, so call it often. Several threads may do
   * it at once.
   */
  runCleanup(options?: CleanupOptions): CleanupReport {
    if (options !== undefined) checkOptions('runCleanup', options, CLEANUP)
    return runCleanup(this.#store, this.#database, options)
  }

  /** Hands out the ids of dead letters, each once, and frees their places. Their rows are the caller's to see to. */
  takeDeadLetters(): string[] {
    return takeDeadLetters(this.#store)
  }

  /** The ids of all live sessions, in no order: each was there when the pass over the slots came to it. */
  getIds(): string[] {
    return this.#store.ids()
  }

  /**
   * Checks every invariant of a quiet store; what is wrong, in a line each. An empty list is a clean store. While others use
   * the store, it may report what is only under way.
   */
  verify(): string[] {
    return verify(this.#store)
  }

  /** How many sessions are live. One pass over the slots. */
  getActiveCount(): number {
    return this.getStats().activeSessions
  }

  /** How many deleted sessions wait for clean-up. One pass, as `getActiveCount`. */
  getCleanupQueueSize(): number {
    return this.getStats().cleanupQueueSize
  }

  /**
   * All counts of one pass: each slot is counted once, under one state, so that they always agree. A session that is deleted,
   * cleaned up and created again while the pass is under way may be counted in both its slots, or in neither.
   */
  getStats(): Stats {
    const { active, deleted, deadLetters } = census(this.#store)
    return {
      activeSessions: active,
      cleanupQueueSize: deleted,
      deadLetters,
      failedCleanups: this.#store.stat('failedCleanups'),
      cleanedUp: this.#store.stat('cleanedUp'),
      capacity: this.#store.layout.capacity,
    }
  }
}
