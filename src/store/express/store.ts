/**
 * SharedMemoryStore: express-session's sessions in shared memory. Every thread has a store of its own over the same memory.
 *
 * express-session reads a session when a request begins and writes it whole when the request ends; of two requests of one
 * user, the one that ends last erases what the other wrote. This store writes what the request changed, and nothing else.
 *
 * Which `set` belongs to which `get`: `get` remembers, for the very object that it hands out, what was read. express-session
 * makes that object into the request's `req.session` through `createSession`, which passes the memory on. So each request, and
 * each `reload`, has its own. After a `set` the object stands for what it was then, so that saving twice applies nothing twice.
 *
 *   the object given to `set`                                what `set` does
 *     came from `get`, `reload`, `load` or `all`, or was     merges what changed since into the session, if that still lives;
 *     `set` before, under this id                            if it was destroyed or has expired, does nothing
 *     anything else: the session of a new visitor or of      creates the session, or replaces the whole of it
 *     `regenerate`, or a plain object
 *
 * Limits: a copy of `req.session` ({ ...req.session }) is "anything else". Values that others wrote are not brought into
 * this request's `req.session`; `reload` does that. A request that only reads a key to compute another from it may
 * compute from what is no longer so, as in any store: what is merged is writes.
 */
import { randomUUID } from 'node:crypto'
import { type SessionData, Store } from 'express-session'
import { SessionExistsError, SessionNotFoundError, StoreFullError } from '../errors.ts'
import type { Lifetime, MetadataChange } from '../operations/change-metadata.ts'
import { SessionManager } from '../manager.ts'
import { type Known, checkOptions } from '../options.ts'
import { checkTimeToLive } from '../session.ts'
import { COOKIE, mergedCookie, timeToLive } from './cookie.ts'
import { merge, put } from './merge.ts'
import { type Resolve, lastWriteWins } from './resolve.ts'
import { type Texts, sessionOf, textsOf } from './texts.ts'

export interface SharedMemoryStoreOptions {
  /** How many milliseconds a session lives from its last request on, if its cookie has no expiry. Default: a day. */
  readonly ttl?: number
  /** Decides about a key that two requests changed at once. Default: the last write wins. */
  readonly resolve?: Resolve
}

const KNOWN: Known<SharedMemoryStoreOptions> = { ttl: true, resolve: true }

/** What an object that is given to `set` was read as. */
interface Reading {
  readonly id: string
  /** Which of all sessions that ever had this id. It is kept as the session's user id, which express-session knows nothing of. */
  readonly life: string
  readonly texts: Texts
}

type Callback<Result> = (error: unknown, result?: Result) => void
type Request = Parameters<Store['createSession']>[0]
type CreatedSession = ReturnType<Store['createSession']>

const DAY = 86_400_000
/** How many deleted and expired sessions a session that finds no room clears away. */
const ROOM = 256
/** How often an id is tried that others create and destroy meanwhile. */
const ATTEMPTS = 10

/**
 * All errors go to the callback and leave the session as it was: TextTooLongError for a session that is larger than the
 * memory's `metadataBytes`, StoreFullError when no place is left for a new one.
 *
 * @example
 * const memory = allocateSessionStore({ capacity: 10_000, metadataBytes: 4096 }) // once; send it to every thread
 * const store = new SharedMemoryStore(memory, { resolve: addNumbers }) // in every thread: session({ store, … })
 * const done = (error) => {
 *   if (error) throw error
 * }
 * const read = () => new Promise((resolve) => store.get('id', (_, session) => resolve(session)))
 * store.set('id', { cookie: {}, visits: 1 }, done)
 * const [one, two] = [await read(), await read()] // two requests at once
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
  readonly #readings = new WeakMap<object, Reading>()

  /**
   * Over the memory of `allocateSessionStore`, or over a manager of it. Throws OptionsError or TimeToLiveError, or what
   * SessionManager does.
   */
  constructor(sessions: SessionManager | SharedArrayBuffer, options: SharedMemoryStoreOptions = {}) {
    super()
    checkOptions('SharedMemoryStore', options, KNOWN)
    const { ttl = DAY, resolve = lastWriteWins } = options
    checkTimeToLive(ttl)
    this.#sessions = sessions instanceof SessionManager ? sessions : new SessionManager(sessions)
    this.#ttl = ttl
    this.#resolve = resolve
  }

  override get(sid: string, callback: Callback<SessionData | undefined>): void {
    answer(callback, () => this.#read(sid))
  }

  /** Called by express-session to make what `get` returned into a request's session. */
  override createSession(request: Request, session: SessionData): CreatedSession {
    const reading = this.#readings.get(session)
    const created = super.createSession(request, session)
    if (reading) this.#readings.set(created, reading)
    return created
  }

  override set(sid: string, session: SessionData, callback?: Callback<void>): void {
    answer(callback, () => {
      const texts = textsOf(session)
      const reading = this.#readingOf(session, sid)
      const life = reading ? this.#merge(reading, texts) : this.#put(sid, texts)
      this.#readings.set(session, { id: sid, life, texts })
    })
  }

  /** Moves the session's expiry to that of the given session's cookie, and nothing else. */
  override touch(sid: string, session: SessionData, callback?: Callback<void>): void {
    answer(callback, () => {
      const mine = textsOf({ cookie: session.cookie }).get(COOKIE)
      const reading = this.#readingOf(session, sid)
      this.#change(sid, reading?.life, (texts) => {
        put(texts, COOKIE, reading ? mergedCookie(texts.get(COOKIE), mine, reading.texts.get(COOKIE)) : mine)
        return this.#lifetime(texts)
      })
    })
  }

  override destroy(sid: string, callback?: Callback<void>): void {
    answer(callback, () => void this.#sessions.deleteSession(sid))
  }

  /** All sessions by id, as MemoryStore has it. */
  override all(callback: Callback<Record<string, SessionData>>): void {
    answer(callback, () => {
      const all = this.#sessions.getIds().map((id) => [id, this.#read(id)] as const)
      return Object.fromEntries(all.filter((entry): entry is [string, SessionData] => entry[1] !== undefined))
    })
  }

  override length(callback: Callback<number>): void {
    answer(callback, () => this.#sessions.getActiveCount())
  }

  /** Destroys all sessions that are there when it comes to them. */
  override clear(callback?: Callback<void>): void {
    answer(callback, () => this.#sessions.getIds().forEach((id) => this.#sessions.deleteSession(id)))
  }

  #read(id: string): SessionData | undefined {
    const found = this.#sessions.getSession(id)
    if (found === undefined) return undefined
    const session = sessionOf(found.metadata)
    this.#readings.set(session, { id, life: found.userId, texts: found.metadata })
    return session
  }

  /** A session that is set under another id than it was read under is another session. */
  #readingOf(session: SessionData, id: string): Reading | undefined {
    const reading = this.#readings.get(session)
    return reading?.id === id ? reading : undefined
  }

  #merge({ id, life, texts: base }: Reading, mine: Texts): string {
    this.#change(id, life, (theirs) => {
      merge(theirs, mine, base, this.#resolve)
      return this.#lifetime(theirs)
    })
    return life
  }

  /** Creates the session, or replaces the whole of it; which life it has then. */
  #put(id: string, texts: Texts): string {
    for (let attempt = 1; ; attempt++) {
      const replaced = this.#replace(id, texts)
      if (replaced !== undefined) return replaced
      try {
        return this.#create(id, texts)
      } catch (refusal) {
        if (!this.#makesRoom(refusal, attempt)) throw refusal
      }
    }
  }

  /**
   * Deleted and expired sessions keep their ids and places until they are cleared away. That is done when one is needed. An
   * id may also have been taken by somebody else this very moment, and then there is a session to replace.
   */
  #makesRoom(refusal: unknown, attempt: number): boolean {
    if (refusal instanceof SessionExistsError && attempt < ATTEMPTS) this.#sessions.runCleanup({ limit: Infinity })
    else if (refusal instanceof StoreFullError && attempt === 1)
      this.#sessions.runCleanup({ limit: ROOM, look: Infinity })
    else return false
    return true
  }

  #create(id: string, texts: Texts): string {
    const life = randomUUID()
    this.#sessions.createSession(life, '', { id, metadata: texts, isAuthenticated: false, ...this.#lifetime(texts) })
    return life
  }

  /** The life of the session that was replaced; undefined when there was none. */
  #replace(id: string, texts: Texts): string | undefined {
    let life: string | undefined
    const isReplaced = this.#change(id, undefined, (metadata, { userId }) => {
      life = userId
      metadata.clear()
      for (const [key, text] of texts) metadata.set(key, text)
      return this.#lifetime(texts)
    })
    return isReplaced ? life : undefined
  }

  /** Changes a session of this life, or of any; says whether it was there. One that is not stays so. */
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

  #lifetime(texts: Texts): Lifetime {
    return { timeToLive: timeToLive(texts.get(COOKIE), this.#ttl) }
  }
}

/** Does it now and says so later, as the callers of a store expect. Without a callback, what goes wrong is thrown. */
function answer<Result>(callback: Callback<Result> | undefined, work: () => Result): void {
  if (!callback) return void work()
  try {
    const result = work()
    setImmediate(callback, null, result)
  } catch (failure) {
    setImmediate(callback, failure)
  }
}
