/** SessionManager: the public interface of a session store. It puts the operations together. */
import { Attendance } from './attendance.ts'
import type { Attended } from '../sync/attend.ts'
import { checkedDatabase } from './database/database.ts'
import type { Database } from './database/database.ts'
import { census } from './operations/census.ts'
import { changeMetadata } from './operations/change-metadata.ts'
import type { MetadataChange } from './operations/change-metadata.ts'
import { NEW_SESSION, createSession } from './operations/create-session.ts'
import type { NewSession } from './operations/create-session.ts'
import { DELETION, deleteAtOnce, deleteSession } from './operations/delete-session.ts'
import type { Deletion } from './operations/delete-session.ts'
import { FastPath } from './fast-path.ts'
import { checkNumber, checkOptions } from './options.ts'
import type { Known } from './options.ts'
import type { Recovery } from './operations/recover.ts'
import { refreshFromDatabase } from './operations/refresh-from-database.ts'
import type { Refreshed } from './operations/refresh-from-database.ts'
import { revokeAuthentication } from './operations/revoke-authentication.ts'
import { checkCleanup, runCleanup } from './operations/run-cleanup.ts'
import type { CleanupOptions, CleanupReport } from './operations/run-cleanup.ts'
import type { Session } from './session.ts'
import { SessionStore } from './store.ts'
import { verify } from './operations/verify.ts'
import { takeDeadLetters } from './operations/take-dead-letters.ts'
import { touchSession } from './operations/touch-session.ts'
import { DEFAULT_PATIENCE_MS } from './waiting.ts'
import { NoDatabaseError } from './errors.ts'
import { HighWaterWatch, usageOf } from './usage.ts'
import type { HighWater, Usage } from './usage.ts'

/** The counts of a session store. */
export interface Stats extends Usage {
  /** Live sessions. */
  readonly activeSessions: number
  /** Deleted and expired sessions that wait for clean-up. */
  readonly cleanupQueueSize: number
  /** Deleted sessions that the clean-up has given up, because the database refused to drop their rows too often. */
  readonly deadLetters: number
  /** Failed attempts to drop a row, since the store was allocated. */
  readonly failedCleanups: number
  /** Sessions cleaned up, since the store was allocated. */
  readonly cleanedUp: number
}

/** The options of a session manager. */
export interface ManagerOptions {
  /** The database behind the store: this thread's own connection. Default: none, and sessions live in memory only. */
  readonly database?: Database
  /**
   * For how many milliseconds an operation waits for a step of another thread before it throws SessionBusyError. Default 500.
   * A step takes microseconds, so a thread that needs longer is suspended, or was killed. A scenario for the explorer should take
   * Infinity: each wait that can end by itself adds schedules.
   */
  readonly patience?: number
  /**
   * Has this manager call back when a creation by its thread finds that the use of the store has reached a share of the capacity: once,
   * and again after a creation by its thread has found the use below it. Default: no call.
   */
  readonly highWater?: HighWater
}

const KNOWN: Known<ManagerOptions> = { database: true, patience: true, highWater: true }

/**
 * A session manager in shared memory. Each thread makes its own manager over the same memory, and sees the changes of all other
 * threads at once.
 *
 * Every operation on one session is one atomic step, so concurrent operations lose no update. Updates take no lock: they use a
 * compare-and-swap on the session's control word, and start again if another thread was faster. If a method throws, the store is
 * unchanged, unless the method says otherwise.
 *
 * Every call ends, unless `patience` is Infinity. A session that another thread has half written is waited for, at most for the `patience` of the manager, then the
 * method throws SessionBusyError. A method that meets damaged memory throws CorruptStoreError. Counts and versions go from 0 to
 * 4,294,967,295 and then begin again at 0. The clock is that of `Date.now`: if it is set back, a session that any operation has met after
 * its time was up stays away, and other sessions live longer by as much.
 *
 * Each method that takes text throws NotTextError if an argument is not a string. Each method that takes options throws
 * OptionsError for an unknown option.
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
  readonly #attendance: Attendance
  readonly #watch: HighWaterWatch | undefined

  /**
   * Attaches to the memory of a session store. Throws NotASessionStoreError if the memory is something else, LayoutVersionError if
   * another version of racelab allocated it, OptionsError, or NotAFunctionError if the database lacks a method.
   */
  constructor(memory: SharedArrayBuffer, options: ManagerOptions = {}) {
    checkOptions('SessionManager', options, KNOWN)
    checkNumber('patience', options.patience, KNOWN)
    this.#store = new SessionStore(memory)
    this.#fast = new FastPath(this.#store)
    this.#database = checkedDatabase(options.database)
    this.#store.waiting.patience = options.patience ?? DEFAULT_PATIENCE_MS
    this.#attendance = new Attendance(this.#store)
    this.#watch = options.highWater && new HighWaterWatch(this.#store, options.highWater)
  }

  /**
   * Creates a session, with its row if there is a database, and returns its id. The row is stored before the session is visible.
   *
   * `userId` and `username` take at most `MAX_TEXT_BYTES` bytes each. `options` has the id, the metadata, the time to live, and `evict`,
   * which says whether another session gives way in a full store. If `evict` throws, this throws the same error.
   *
   * Throws SessionExistsError if the id is taken, StoreFullError, TextTooLongError, TimeToLiveError, or what the database throws.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 2 }))
   * const id = sessions.createSession('u1', 'alice', { timeToLive: 30 * 60_000 })
   * id.length // 36: a UUID
   * sessions.createSession('u2', 'bob', { id: 'a' }) // 'a'
   */
  createSession(userId: string, username: string, options?: NewSession): string {
    if (options !== undefined) checkOptions('createSession', options, NEW_SESSION)
    try {
      return createSession(this.#store, this.#database, userId, username, options)
    } finally {
      this.#watch?.look()
    }
  }

  /**
   * Returns a copy of the session as it was at one moment; undefined if there is none, or it has expired. It waits while another
   * thread is writing this session, and never for a reader. Most of its cost is to decode the texts: the more metadata there are, the
   * more `getMetadata` saves.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
   * const id = sessions.createSession('u1', 'alice')
   * sessions.getSession(id).username // 'alice'
   * sessions.getSession('no-such-id') // undefined
   */
  getSession(id: string): Session | undefined {
    return this.#store.get(id)
  }

  /**
   * Returns a copy of each session, with undefined for an id without a session. An id may occur several times.
   *
   * Each session is as it was at one moment, but each at a moment of its own: another thread may change several of them meanwhile, and
   * some are then read before their change and others after it. Throws BatchError if `ids` is not an array.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 2 }))
   * for (const id of ['a', 'b']) sessions.createSession('u1', 'alice', { id })
   * sessions.getMany(['b', 'no-such-id', 'a']).map((session) => session?.id) // ['b', undefined, 'a']
   */
  getMany(ids: readonly string[]): (Session | undefined)[] {
    return this.#fast.getMany(ids)
  }

  /**
   * Returns the value of one metadata key as it was at one moment; undefined if there is no such session, it has expired, or it has no
   * such key. It decodes nothing else, so it takes less than half the time of `getSession`, and waits as that does.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
   * const id = sessions.createSession('u1', 'alice', { metadata: new Map([['theme', 'dark']]) })
   * sessions.getMetadata(id, 'theme') // 'dark'
   * sessions.getMetadata(id, 'language') // undefined
   */
  getMetadata(id: string, key: string): string | undefined {
    return this.#store.getMetadata(id, key)
  }

  /**
   * Sets one metadata key and counts one access, as one step. Throws SessionNotFoundError, or TextTooLongError if the metadata
   * would not fit.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
   * const id = sessions.createSession('u1', 'alice')
   * sessions.updateSession(id, 'theme', 'dark')
   * const { accessCount } = sessions.getSession(id)
   * accessCount // 1
   */
  updateSession(id: string, key: string, value: string): void {
    this.#fast.updateSession(id, key, value)
  }

  /**
   * Sets the metadata key `key` of each session to its value in `values`, and counts one access of each. Returns, for each id,
   * whether there is such a session.
   *
   * Each session is changed in a step of its own, as in `incrementAccesses`. Throws BatchError if an argument is not an array, or
   * `ids` and `values` differ in length; then nothing is changed. If a value does not fit into its session, all other sessions are
   * changed, and then the first TextTooLongError is thrown.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 2 }))
   * for (const id of ['a', 'b']) sessions.createSession('u1', 'alice', { id })
   * sessions.updateSessions(['a', 'b', 'no-such-id'], 'theme', ['dark', 'light', 'dark']) // [true, true, false]
   */
  updateSessions(ids: readonly string[], key: string, values: readonly string[]): boolean[] {
    return this.#fast.updateSessions(ids, key, values)
  }

  /**
   * Changes any number of metadata keys as one step; returns whether anything was written. It counts no access.
   *
   * `change` gets a map of the session's metadata and changes it in place. If it returns false, nothing is written. If it returns
   * a `Lifetime`, the session's expiry is set as well. If another thread changes the session meanwhile, `change` is called again
   * with the new metadata. Throws SessionNotFoundError, TextTooLongError, TimeToLiveError, or what `change` throws.
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

  /**
   * Counts one access and returns the new count. No two calls for a session return the same count. Throws SessionNotFoundError.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
   * const id = sessions.createSession('u1', 'alice')
   * sessions.incrementAccess(id) // 1
   */
  incrementAccess(id: string): number {
    return this.#fast.incrementAccess(id)
  }

  /**
   * Counts one access of each session and returns the new counts, with undefined for an id without a session. An id may occur
   * several times.
   *
   * Each count is a step of its own: another thread may see some sessions counted and others not yet. In a large batch a count
   * costs about three quarters of a call of `incrementAccess`. Throws BatchError if `ids` is not an array.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 2 }))
   * for (const id of ['a', 'b']) sessions.createSession('u1', 'alice', { id })
   * sessions.incrementAccesses(['a', 'b', 'no-such-id', 'a']) // [1, 1, undefined, 2]
   */
  incrementAccesses(ids: readonly string[]): (number | undefined)[] {
    return this.#fast.incrementAccesses(ids)
  }

  /**
   * Lets a session expire `timeToLive` milliseconds from now, or never if it is Infinity. Sets the last activity as well, and
   * counts no access. Throws SessionNotFoundError or TimeToLiveError.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
   * const id = sessions.createSession('u1', 'alice', { timeToLive: 1000 })
   * sessions.touch(id, Infinity)
   * sessions.getSession(id).expiresAt // Infinity
   */
  touch(id: string, timeToLive: number): void {
    touchSession(this.#store, id, timeToLive)
  }

  /**
   * Fetches the session's row and writes it into the session if the row's version is newer. The check and the write are one step,
   * so a row that became old during the fetch is discarded. Correct only if the database assigns the versions.
   *
   * Throws SessionNotFoundError, NoDatabaseError, TextTooLongError for a row that does not fit, or what the database throws.
   *
   * @example
   * const rows = new Map()
   * const database = {
   *   fetch: (id) => rows.get(id),
   *   store: (id, row) => void rows.set(id, row),
   *   delete: (id) => void rows.delete(id),
   *   close() {},
   * }
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }), { database })
   * const id = sessions.createSession('u1', 'alice')
   * sessions.refreshFromDatabase(id) // 'discarded': the row is not newer
   * const { version, data } = rows.get(id)
   * rows.set(id, { version: version + 1, data: { ...data, username: 'alice b' } })
   * sessions.refreshFromDatabase(id) // 'applied'
   * sessions.getSession(id).username // 'alice b'
   */
  refreshFromDatabase(id: string): Refreshed {
    if (this.#database === undefined) throw new NoDatabaseError()
    return refreshFromDatabase(this.#store, this.#database, id)
  }

  /**
   * Sets a session's `isAuthenticated` to false and keeps the session. No update of another thread is lost, and none sets it to
   * true again, except a refresh from the database. Throws SessionNotFoundError.
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

  /**
   * Deletes a session and returns true; false if there is no such session, or another caller has deleted it first. Its
   * row and its slot stay until the clean-up, and its id is taken until then. With `cleanUp` in the options it is cleaned up at once.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
   * const id = sessions.createSession('u1', 'alice')
   * sessions.deleteSession(id) // true
   * sessions.deleteSession(id) // false
   * const other = sessions.createSession('u2', 'bob', { evict: evictNone }) // makes room by a clean-up
   * sessions.deleteSession(other, { cleanUp: true }) // true
   * sessions.getUsage().used // 0
   */
  deleteSession(id: string, options?: Deletion): boolean {
    if (options !== undefined) checkOptions('deleteSession', options, DELETION)
    return options?.cleanUp ? deleteAtOnce(this.#store, this.#database, id) : deleteSession(this.#store, id)
  }

  /**
   * Drops the rows of deleted and expired sessions, frees their slots, and returns what it did. One call does a bounded part of the
   * work, which `options` limits, so call it regularly. Several threads may call it at the same time. A session whose row the
   * database refuses to drop three times (`mostAttempts`) becomes a dead letter; an error of the database is reported and not
   * thrown.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
   * sessions.deleteSession(sessions.createSession('u1', 'alice')) // true
   * sessions.getCleanupQueueSize() // 1
   * sessions.runCleanup() // { cleaned: 1, failed: 0, deadLetters: 0 }
   */
  runCleanup(options?: CleanupOptions): CleanupReport {
    if (options !== undefined) checkCleanup(options)
    return runCleanup(this.#store, this.#database, options)
  }

  /**
   * Returns the ids of all dead letters, each to one caller only, and frees their slots. Their rows are still in the database, and
   * the caller must drop them. One pass over the slots.
   *
   * @example
   * const refuse = () => {
   *   throw new Error('the row is locked')
   * }
   * const database = { fetch: () => undefined, store() {}, delete: refuse, close() {} }
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }), { database })
   * sessions.deleteSession(sessions.createSession('u1', 'alice', { id: 'a' })) // true
   * sessions.runCleanup({ mostAttempts: 1 }).deadLetters // 1
   * sessions.takeDeadLetters() // ['a']
   */
  takeDeadLetters(): string[] {
    return takeDeadLetters(this.#store)
  }

  /**
   * Recovers a thread as soon as it has exited, whatever the cause: mends what the thread has left in the middle of an operation. Call it
   * in the thread that has started the worker, for each worker that uses the store.
   *
   * The caller must return to its event loop before it can learn that a worker has exited. So from then on this manager waits for a step
   * of another thread for half a second at most, even if its `patience` is longer, and then throws SessionBusyError. Throws ThreadError if
   * the worker has exited already. If what the worker has left is damaged, the event of its exit throws CorruptStoreError.
   *
   * @example
   * import { Worker } from 'node:worker_threads'
   *
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
   * const worker = new Worker('setInterval(() => {}, 1000)', { eval: true })
   * sessions.attend(worker)
   * await worker.terminate()
   * sessions.verify() // []
   */
  attend(worker: Attended): void {
    this.#attendance.attend(worker)
  }

  /**
   * Mends what a thread has left that was killed in the middle of an operation, and returns what it has mended: the operation then has
   * happened as a whole, or not at all. The caller must know that the thread has ended, from its exit event or from its pool. A thread
   * may have left nothing. A recovery does nothing for a thread beyond the store's `agents`.
   *
   * Takes some microseconds. If the thread was killed just when it took a slot or gave one back, the recovery also takes a pass over the
   * slots. During that pass, and for at most a fiftieth of a second before it, no thread creates a session or cleans one up. Throws
   * ThreadError for the calling thread, and for a thread that this thread attends and that has not exited; CorruptStoreError if what the
   * thread has left is damaged.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
   * sessions.recover(99) // { completed: 0, undone: 0, requeued: 0 }
   */
  recover(threadId: number): Recovery {
    return this.#attendance.recover(threadId)
  }

  /**
   * Returns the ids of all live sessions, in no order, in one pass over the slots. The list is not of one moment: each session was
   * live when the pass read its slot.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 2 }))
   * sessions.createSession('u1', 'alice', { id: 'a' })
   * sessions.getIds() // ['a']
   */
  getIds(): string[] {
    return this.#store.ids()
  }

  /**
   * Checks every invariant of the store and returns one line of text for each violation; an empty list if there is none. Call it
   * while no thread uses the store: otherwise it may report operations that are under way. One pass over the slots, with all texts.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
   * sessions.verify() // []
   */
  verify(): string[] {
    return verify(this.#store)
  }

  /** Returns how many sessions are live. One pass over the slots. */
  getActiveCount(): number {
    return this.getStats().activeSessions
  }

  /** Returns how many deleted and expired sessions wait for clean-up. One pass over the slots. */
  getCleanupQueueSize(): number {
    return this.getStats().cleanupQueueSize
  }

  /**
   * Returns all counts of the store, in one pass over the slots. Each slot is counted once, under one state. A session that is
   * deleted, cleaned up and created again during the pass may be counted twice, in both its slots, or not at all.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 2 }))
   * sessions.createSession('u1', 'alice')
   * const { activeSessions, cleanupQueueSize, used } = sessions.getStats()
   * const counts = [activeSessions, cleanupQueueSize, used] // [1, 0, 1]
   */
  getStats(): Stats {
    const { active, deleted, deadLetters } = census(this.#store)
    return {
      activeSessions: active,
      cleanupQueueSize: deleted,
      deadLetters,
      failedCleanups: this.#store.stat('failedCleanups'),
      cleanedUp: this.#store.stat('cleanedUp'),
      ...usageOf(this.#store),
    }
  }

  /**
   * Returns how full the store is. It reads a few words, and takes no pass over the slots.
   *
   * @example
   * const sessions = new SessionManager(allocateSessionStore({ capacity: 2 }))
   * sessions.createSession('u1', 'alice')
   * sessions.getUsage() // { capacity: 2, used: 1, highWaterMark: 1, refused: 0, evicted: 0 }
   */
  getUsage(): Usage {
    return usageOf(this.#store)
  }
}
