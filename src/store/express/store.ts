import { randomUUID } from 'node:crypto'
import { Store } from 'express-session'
import type { SessionData } from 'express-session'
import { SessionExistsError, SessionNotFoundError } from '../errors.ts'
import { checkEvict, evictNone } from '../evict.ts'
import type { Evict } from '../evict.ts'
import type { Lifetime, MetadataChange } from '../operations/change-metadata.ts'
import { SessionManager } from '../manager.ts'
import { checkFunction, checkOptions } from '../options.ts'
import type { Known } from '../options.ts'
import { checkTimeToLive } from '../session.ts'
import { COOKIE, mergedCookie, timeToLive } from './cookie.ts'
import { merge, put } from './merge.ts'
import { lastWriteWins } from './resolve.ts'
import type { Resolve } from './resolve.ts'
import { checkIsSession, sessionOf, textsOf } from './texts.ts'
import type { Texts } from './texts.ts'

/** The options of a SharedMemoryStore. */
export interface SharedMemoryStoreOptions {
  /** How many milliseconds a session lives from its last request on, if its cookie has no expiry. Default 86,400,000, a day. */
  readonly ttl?: number
  /** Returns the value of a key that two requests have changed. Default `lastWriteWins`. */
  readonly resolve?: Resolve
  /**
   * Which session gives way to that of a new visitor when the store is full: `evictAnonymous`, `evictOldest`, or a function of your own.
   * Default `evictNone`: the new visitor is refused, unless there is a session to clean up.
   */
  readonly evict?: Evict
  /**
   * Says whether a session belongs to a user who has logged in, which `evict` gets as `isAuthenticated`. `set` calls it with a copy of
   * what it writes, again if another request writes the session meanwhile. Default: no session does.
   */
  readonly isLoggedIn?: (session: SessionData) => boolean
}

const KNOWN: Known<SharedMemoryStoreOptions> = { ttl: true, resolve: true, evict: true, isLoggedIn: true }

/** What the store knows of a session object that it has handed out or that was set: the session as it was then. */
interface Reading {
  readonly id: string
  /**
   * Tells the session from earlier and later ones with the same id. It is stored as the session's user id, which express-session
   * does not use.
   */
  readonly life: string
  readonly texts: Texts
}

type Callback<Result> = (error: unknown, result?: Result) => void
type Request = Parameters<Store['createSession']>[0]
type CreatedSession = ReturnType<Store['createSession']>

const DAY = 86_400_000
/** A session that is destroyed gives its id and its place back at once. */
const AT_ONCE = { cleanUp: true }
/** How often `set` tries to create a session while other requests create and destroy sessions with the same id. */
const MAX_ATTEMPTS = 10

/**
 * A store for express-session that keeps its sessions in shared memory. Each thread of a server has its own SharedMemoryStore over
 * the same memory, and requests of one user on any thread do not erase each other's changes.
 *
 * express-session reads a session when a request begins and writes all of it when the request ends. Of two requests of one user,
 * the one that ends last would erase what the other wrote. This store writes only what the request has changed.
 *
 * `get` remembers what it read for the object that it hands out. express-session makes that object into `req.session` through
 * `createSession`, which passes the knowledge on. So each request, and each `reload`, is compared with what it read itself. After a
 * `set` the store remembers what was set, so that a request may save several times.
 *
 *   the object passed to `set`                               what `set` does
 *     it came from `get`, `reload`, `load` or `all`,         merges the changes since then into the session; does nothing if
 *     or was `set` before, under the same id                 that session was destroyed or has expired
 *     any other object: the session of a new visitor or      creates the session, or replaces all of it
 *     of `regenerate`, or a plain object
 *
 * Limits: a copy of `req.session` (`{ ...req.session }`) counts as any other object. The changes of other requests do not appear in
 * this request's `req.session`; `reload` reads them. Only writes are merged: as with any store, a request that computes one key
 * from another may use a value that has changed meanwhile.
 *
 * Every method does its work before it returns, and calls the callback later. All errors go to the callback and leave the session
 * unchanged: TextTooLongError if the session takes more than the memory's `metadataBytes` or its id is too long, StoreFullError if
 * there is no room for a new session, NotASessionError if the session is not an object or has no JSON, CorruptStoreError if the memory
 * is damaged, and what the resolver throws. Without a callback the error is thrown.
 *
 * @example
 * const memory = allocateSessionStore({ capacity: 10_000, metadataBytes: 4096 }) // once; send it to every thread
 * const store = new SharedMemoryStore(memory, { resolve: addNumbers }) // in every thread: session({ store, … })
 * const done = (error) => {
 *   if (error) throw error
 * }
 * const read = () => new Promise((resolve) => store.get('id', (_, session) => resolve(session)))
 * store.set('id', { cookie: {}, visits: 1 }, done)
 * const [one, two] = [await read(), await read()] // two requests read the session at the same time
 * one.visits += 1
 * two.visits += 1
 * two.theme = 'dark'
 * store.set('id', one, done)
 * store.set('id', two, done)
 * await read() // { cookie: {}, visits: 3, theme: 'dark' }
 */
export class SharedMemoryStore extends Store {
  readonly #sessions: SessionManager
  readonly #ttl: number
  readonly #resolve: Resolve
  readonly #evict: Evict
  readonly #isLoggedIn: SharedMemoryStoreOptions['isLoggedIn']
  readonly #readings = new WeakMap<object, Reading>()

  /**
   * Makes this thread's store over memory of `allocateSessionStore`, or over a manager of such memory. Throws OptionsError for an
   * unknown option or a wrong one, TimeToLiveError if `ttl` is not a number of milliseconds greater than 0, and NotASessionStoreError or
   * LayoutVersionError for other memory.
   */
  constructor(sessions: SessionManager | SharedArrayBuffer, options: SharedMemoryStoreOptions = {}) {
    super()
    checkOptions('SharedMemoryStore', options, KNOWN)
    const { ttl = DAY, resolve = lastWriteWins, evict = evictNone, isLoggedIn } = options
    checkTimeToLive(ttl)
    checkFunction('resolve', resolve, KNOWN)
    checkFunction('isLoggedIn', isLoggedIn, KNOWN)
    checkEvict(evict)
    this.#sessions = sessions instanceof SessionManager ? sessions : new SessionManager(sessions)
    this.#ttl = ttl
    this.#resolve = resolve
    this.#evict = evict
    this.#isLoggedIn = isLoggedIn
  }

  /** Calls back with a copy of the session, or with undefined if there is none. */
  override get(sid: string, callback: Callback<SessionData | undefined>): void {
    answer(callback, () => this.#read(sid))
  }

  /**
   * Makes a session that `get` returned into the session of a request, and returns it. express-session calls it. Throws NotASessionError
   * for a session without a cookie.
   */
  override createSession(request: Request, session: SessionData): CreatedSession {
    checkIsSession(session)
    checkIsSession(session.cookie, 'has a cookie')
    const reading = this.#readings.get(session)
    const created = super.createSession(request, session)
    if (reading) this.#readings.set(created, reading)
    return created
  }

  /** Writes what the request has changed in the session, or creates the session. The table at the class says which. */
  override set(sid: string, session: SessionData, callback?: Callback<void>): void {
    answer(callback, () => {
      const texts = textsOf(session)
      const reading = this.#readingOf(session, sid)
      const life = reading ? this.#merge(reading, texts) : this.#put(sid, texts)
      this.#readings.set(session, { id: sid, life, texts })
    })
  }

  /** Sets the expiry of the session from the cookie of the given session, and changes nothing else. */
  override touch(sid: string, session: SessionData, callback?: Callback<void>): void {
    answer(callback, () => {
      checkIsSession(session)
      const mine = textsOf({ cookie: session.cookie }).get(COOKIE)
      const reading = this.#readingOf(session, sid)
      this.#change(sid, reading?.life, (texts) => {
        put(texts, COOKIE, reading ? mergedCookie(texts.get(COOKIE), mine, reading.texts.get(COOKIE)) : mine)
        return this.#lifetime(texts)
      })
    })
  }

  /** Deletes the session. It is no error if there is none. */
  override destroy(sid: string, callback?: Callback<void>): void {
    answer(callback, () => void this.#sessions.deleteSession(sid, AT_ONCE))
  }

  /** Calls back with all sessions by id, as MemoryStore does. Each is as it was when the store came to it. */
  override all(callback: Callback<Record<string, SessionData>>): void {
    answer(callback, () => {
      const all = this.#sessions.getIds().map((id) => [id, this.#read(id)] as const)
      return Object.fromEntries(all.filter((entry): entry is [string, SessionData] => entry[1] !== undefined))
    })
  }

  /** Calls back with the number of live sessions. */
  override length(callback: Callback<number>): void {
    answer(callback, () => this.#sessions.getActiveCount())
  }

  /** Deletes all sessions. A session that is created meanwhile may stay. */
  override clear(callback?: Callback<void>): void {
    answer(callback, () => this.#sessions.getIds().forEach((id) => this.#sessions.deleteSession(id, AT_ONCE)))
  }

  #read(id: string): SessionData | undefined {
    const found = this.#sessions.getSession(id)
    if (found === undefined) return undefined
    const session = sessionOf(found.metadata)
    this.#readings.set(session, { id, life: found.userId, texts: found.metadata })
    return session
  }

  /** Returns what is known of the object, unless it was read under another id: then it is a new session. */
  #readingOf(session: SessionData, id: string): Reading | undefined {
    const reading = this.#readings.get(session)
    return reading?.id === id ? reading : undefined
  }

  #merge({ id, life, texts: base }: Reading, mine: Texts): string {
    this.#change(id, life, (theirs) => {
      merge(theirs, mine, base, this.#resolve)
      return this.#settings(theirs)
    })
    return life
  }

  /** Creates the session, or replaces all of it; returns its life. */
  #put(id: string, texts: Texts): string {
    for (let attempt = 1; ; attempt++) {
      // Most sessions that are put are new. To see that first is cheaper than the error of a change that finds none.
      const replaced = this.#sessions.getSession(id) && this.#replace(id, texts)
      if (replaced !== undefined) return replaced
      try {
        return this.#create(id, texts)
      } catch (refusal) {
        // Another request has created the session, which the next attempt replaces, or is cleaning it up.
        if (!(refusal instanceof SessionExistsError) || attempt === MAX_ATTEMPTS) throw refusal
      }
    }
  }

  #create(id: string, texts: Texts): string {
    const life = randomUUID()
    const kept = { id, metadata: texts, isAuthenticated: false, ...this.#settings(texts) }
    this.#sessions.createSession(life, '', { ...kept, evict: this.#evict })
    return life
  }

  /** Replaces all of the session and returns its life; undefined if there is none. */
  #replace(id: string, texts: Texts): string | undefined {
    let life: string | undefined
    const isReplaced = this.#change(id, undefined, (metadata, { userId }) => {
      life = userId
      metadata.clear()
      for (const [key, text] of texts) metadata.set(key, text)
      return this.#settings(texts)
    })
    return isReplaced ? life : undefined
  }

  /**
   * Changes the session with this id if it has the given life, or any life if that is undefined; returns false if it was not there
   * or not changed.
   */
  #change(id: string, life: string | undefined, change: MetadataChange): boolean {
    try {
      return this.#sessions.changeMetadata(id, (metadata, session) =>
        life === undefined || life === session.userId ? change(metadata, session) : false,
      )
    } catch (failure) {
      if (failure instanceof SessionNotFoundError) return false
      throw failure
    }
  }

  /** Returns what is stored of a session beside its texts. */
  #settings(texts: Texts): Lifetime {
    const isLoggedIn = this.#isLoggedIn
    return isLoggedIn === undefined
      ? this.#lifetime(texts)
      : { ...this.#lifetime(texts), isAuthenticated: isLoggedIn(sessionOf(texts)) }
  }

  #lifetime(texts: Texts): Lifetime {
    return { timeToLive: timeToLive(texts.get(COOKIE), this.#ttl) }
  }
}

/** Does the work now and calls back later, as the callers of a store expect. Without a callback, an error is thrown. */
function answer<Result>(callback: Callback<Result> | undefined, work: () => Result): void {
  if (!callback) return void work()
  try {
    const result = work()
    setImmediate(callback, null, result)
  } catch (failure) {
    setImmediate(callback, failure)
  }
}
