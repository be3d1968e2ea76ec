/** The errors of a session store. The operation that throws one has changed nothing in the store, unless its docstring says so. */
import { RacelabError, shown, typeName } from '../errors.ts'

/**
 * Thrown when an operation needs a live session and no live session has the id.
 *
 * @example
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
 * let missing
 * try {
 *   sessions.incrementAccess('a')
 * } catch (error) {
 *   if (error instanceof SessionNotFoundError) missing = error.id
 * }
 * missing // 'a'
 */
export class SessionNotFoundError extends RacelabError {
  readonly code = 'ERR_RACELAB_SESSION_NOT_FOUND'

  /** The id that was asked for. */
  readonly id: string

  constructor(id: string) {
    super(`There is no session ${quote(id)}: it was never created, or it was deleted or has expired. Create it first.`)
    this.id = id
  }
}

/**
 * Thrown when a session is created with an id that is taken. A live session takes its id, and so does a deleted one until a clean-up
 * has freed it, or a creation with `evict`; and an expired one if the database refuses to drop its row.
 *
 * @example
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 2 }))
 * sessions.createSession('u1', 'alice', { id: 'a' })
 * let taken
 * try {
 *   sessions.createSession('u2', 'bob', { id: 'a' })
 * } catch (error) {
 *   if (error instanceof SessionExistsError) taken = error.id
 * }
 * taken // 'a'
 */
export class SessionExistsError extends RacelabError {
  readonly code = 'ERR_RACELAB_SESSION_EXISTS'

  /** The id that is taken. */
  readonly id: string

  constructor(id: string) {
    super(
      `The id ${quote(id)} is taken by a session that is live, or that is deleted and not yet cleaned up. ` +
        'Leave the id out to get a generated one, or run the clean-up first.',
    )
    this.id = id
  }
}

/**
 * Thrown when a session is created and the store holds `capacity` sessions already. Deleted sessions that wait for clean-up and
 * dead letters count as well.
 *
 * @example
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
 * sessions.createSession('u1', 'alice')
 * let capacity
 * try {
 *   sessions.createSession('u2', 'bob')
 * } catch (error) {
 *   if (error instanceof StoreFullError) capacity = error.capacity
 * }
 * capacity // 1
 */
export class StoreFullError extends RacelabError {
  readonly code = 'ERR_RACELAB_STORE_FULL'

  /** How many sessions the store can hold. */
  readonly capacity: number

  constructor(capacity: number) {
    super(
      `The session store is full: its capacity is ${capacity} sessions, and deleted ones and dead letters count as well. ` +
        'Run the clean-up, take the dead letters, say with "evict" whose session gives way, or allocate a larger store.',
    )
    this.capacity = capacity
  }
}

/**
 * Thrown when a text, the names of a session together, or its metadata together take more bytes than fit. `what` says which.
 *
 * @example
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1, metadataBytes: 16 }))
 * const id = sessions.createSession('u1', 'alice')
 * let limit
 * try {
 *   sessions.updateSession(id, 'theme', 'a long value')
 * } catch (error) {
 *   if (error instanceof TextTooLongError) limit = error.limit
 * }
 * limit // 16
 */
export class TextTooLongError extends RacelabError {
  readonly code = 'ERR_RACELAB_TEXT_TOO_LONG'

  /** What is too long: `id`, `user id`, `user name`, `text of the names` or `metadata`. */
  readonly what: string
  /** How many bytes it takes. */
  readonly bytes: number
  /** How many bytes fit. */
  readonly limit: number

  constructor(what: string, bytes: number, limit: number) {
    const room = what in ROOM ? `, or allocate the store with a larger ${ROOM[what]}` : ''
    super(`The ${what} takes ${bytes} bytes; at most ${limit} fit. Shorten it${room}.`)
    this.what = what
    this.bytes = bytes
    this.limit = limit
  }
}

/** The allocation option that limits a text, for texts that one limits. */
const ROOM: { readonly [what: string]: string } = { 'text of the names': 'nameBytes', metadata: 'metadataBytes' }

/**
 * Thrown when a version or an access count, such as that of a database row, is not a whole number from 0 to 4,294,967,295, or when a
 * row's last activity is not a time that a Date can have.
 *
 * @example
 * const data = { userId: 'u1', username: 'alice', accessCount: 0, isAuthenticated: true, lastActivity: 0, metadata: new Map() }
 * const database = { fetch: () => ({ version: 2 ** 32, data }), store() {}, delete() {}, close() {} }
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }), { database })
 * const id = sessions.createSession('u1', 'alice')
 * let message
 * try {
 *   sessions.refreshFromDatabase(id)
 * } catch (error) {
 *   message = error.message
 * }
 * message // 'The version is 4294967296; it must be a whole number from 0 to 4294967295.'
 */
export class NumberRangeError extends RacelabError {
  readonly code = 'ERR_RACELAB_NUMBER_RANGE'

  constructor(what: string, got: unknown, must = 'a whole number from 0 to 4294967295') {
    super(`The ${what} is ${shown(got)}; it must be ${must}.`)
  }
}

/**
 * Thrown when a time to live is not a number of milliseconds greater than 0. Infinity is one.
 *
 * @example
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
 * let code
 * try {
 *   sessions.createSession('u1', 'alice', { timeToLive: 0 })
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_TIME_TO_LIVE'
 */
export class TimeToLiveError extends RacelabError {
  readonly code = 'ERR_RACELAB_TIME_TO_LIVE'

  constructor(got: unknown) {
    super(
      `The time to live is ${shown(got)}; it must be a number of milliseconds greater than 0, or Infinity for a session that never expires.`,
    )
  }
}

/**
 * Thrown when a manager or store is attached to memory that is not a session store, or not a whole one.
 *
 * @example
 * let code
 * try {
 *   new SessionManager(new SharedArrayBuffer(4096))
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_NOT_A_SESSION_STORE'
 */
export class NotASessionStoreError extends RacelabError {
  readonly code = 'ERR_RACELAB_NOT_A_SESSION_STORE'

  constructor(what: string) {
    super(`This memory is not a session store: ${what}. Attach to memory that allocateSessionStore returned.`)
  }
}

/**
 * Thrown when a manager or store is attached to memory that another version of racelab has laid out.
 *
 * @example
 * const memory = allocateSessionStore({ capacity: 1 })
 * new Int32Array(memory)[1] = 1 // as an early version of racelab would have allocated it
 * let code
 * try {
 *   new SessionManager(memory)
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_LAYOUT_VERSION'
 */
export class LayoutVersionError extends RacelabError {
  readonly code = 'ERR_RACELAB_LAYOUT_VERSION'

  constructor(found: number, known: number) {
    super(
      `This session store has layout version ${found}; this version of racelab reads layout version ${known}. ` +
        'Use the same version of racelab in all threads.',
    )
  }
}

/**
 * Thrown when an operation meets words in the memory that no racelab writes: a length, a state or an owner that cannot be. Other memory
 * was written over them. The operation has changed nothing, unless its docstring says otherwise. A session that was not damaged can
 * still be read.
 *
 * An operation that meets such words ends with this error, and not with a wrong length or without end. It cannot detect all damage:
 * a text or a count in which bits have changed is another text or count.
 *
 * @example
 * const memory = allocateSessionStore({ capacity: 1 })
 * const sessions = new SessionManager(memory)
 * const id = sessions.createSession('u1', 'alice')
 * new Int32Array(memory).fill(-1, 16) // all but the header
 * let code
 * try {
 *   sessions.incrementAccess(id)
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_CORRUPT_STORE'
 */
export class CorruptStoreError extends RacelabError {
  readonly code = 'ERR_RACELAB_CORRUPT_STORE'

  constructor(what: string) {
    super(`${what}. The memory is damaged: verify() names all that is wrong. Move the sessions to a new store.`)
  }
}

/**
 * Thrown when an option of `allocateSessionStore` is not a whole number in its range.
 *
 * @example
 * let message
 * try {
 *   allocateSessionStore({ capacity: 0 })
 * } catch (error) {
 *   message = error.message
 * }
 * message // 'The capacity is 0; it must be a whole number from 1 to 4194304.'
 */
export class StoreSizeError extends RacelabError {
  readonly code = 'ERR_RACELAB_STORE_SIZE'

  constructor(what: string, got: unknown, least: number, most: number) {
    super(`${what} is ${shown(got)}; it must be a whole number from ${least} to ${most}.`)
  }
}

/**
 * Thrown when the options of `allocateSessionStore` together ask for more bytes than a SharedArrayBuffer can have.
 *
 * @example
 * let code
 * try {
 *   allocateSessionStore({ capacity: 4_000_000, metadataBytes: 1_000_000 })
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_STORE_TOO_LARGE'
 */
export class StoreTooLargeError extends RacelabError {
  readonly code = 'ERR_RACELAB_STORE_TOO_LARGE'

  constructor(bytes: number, most: number) {
    super(
      `The store would take ${bytes} bytes; at most ${most} are possible. Lower its capacity, nameBytes or metadataBytes.`,
    )
  }
}

/**
 * Thrown when an id, a name, or a metadata key or value is not a string. TypeScript prevents this; plain JavaScript does not.
 *
 * @example
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
 * let message
 * try {
 *   sessions.getSession(5)
 * } catch (error) {
 *   message = error.message
 * }
 * message // 'The id is of type number; it must be a string. Convert it with String or JSON.stringify.'
 */
export class NotTextError extends RacelabError {
  readonly code = 'ERR_RACELAB_NOT_TEXT'

  constructor(what: string, got: unknown) {
    super(
      `The ${what} is ${got === null ? 'null' : `of type ${typeof got}`}; it must be a string. Convert it with String or JSON.stringify.`,
    )
  }
}

/**
 * Thrown when metadata are not a Map. TypeScript prevents this; plain JavaScript does not.
 *
 * @example
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
 * let message
 * try {
 *   sessions.createSession('u1', 'alice', { metadata: { theme: 'dark' } })
 * } catch (error) {
 *   message = error.message
 * }
 * message // 'The metadata are of type Object; they must be a Map of strings. Convert them: new Map(Object.entries(metadata)).'
 */
export class NotAMapError extends RacelabError {
  readonly code = 'ERR_RACELAB_NOT_A_MAP'

  constructor(got: unknown) {
    super(
      `The metadata are of type ${typeName(got)}; they must be a Map of strings. Convert them: new Map(Object.entries(metadata)).`,
    )
  }
}

/**
 * Thrown when what an operation is to call is not a function: the change of `changeMetadata`, or a method of a database. TypeScript
 * prevents this; plain JavaScript does not.
 *
 * @example
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
 * let message
 * try {
 *   sessions.changeMetadata('a', new Map())
 * } catch (error) {
 *   message = error.message
 * }
 * message // 'The change is of type Map; it must be a function.'
 */
export class NotAFunctionError extends RacelabError {
  readonly code = 'ERR_RACELAB_NOT_A_FUNCTION'

  constructor(what: string, got: unknown) {
    super(`The ${what} is of type ${typeName(got)}; it must be a function.`)
  }
}

/**
 * Thrown, or passed to the callback, by SharedMemoryStore for a session that is not an object or cannot be turned into JSON: it contains
 * a BigInt or itself, for example. `cause` has the error of `JSON.stringify`.
 *
 * @example
 * import { SharedMemoryStore } from 'racelab/express-session'
 * const store = new SharedMemoryStore(allocateSessionStore({ capacity: 1 }))
 * let message
 * try {
 *   store.set('id', 5)
 * } catch (error) {
 *   message = error.message
 * }
 * message // 'The session is of type Number; it must be an object that can be turned into JSON.'
 */
export class NotASessionError extends RacelabError {
  readonly code = 'ERR_RACELAB_NOT_A_SESSION'

  constructor(what: string, options?: ErrorOptions) {
    super(`The session ${what}; it must be an object that can be turned into JSON.`, options)
  }
}

/**
 * Thrown when options are not an object, contain an unknown name, or have a value of the wrong type. A misspelt option would otherwise
 * be ignored.
 *
 * @example
 * let message
 * try {
 *   allocateSessionStore({ size: 10 })
 * } catch (error) {
 *   message = error.message
 * }
 * message.startsWith('There is no option "size" of allocateSessionStore.') // true
 */
export class OptionsError extends RacelabError {
  readonly code = 'ERR_RACELAB_OPTIONS'

  constructor(wrong: string, known: readonly string[]) {
    super(`${wrong}. Known: ${known.join(', ')}.`)
  }
}

/**
 * Thrown when an operation has waited too long for another thread, which has a session half written or counts the taken slots; the
 * option `patience` of SessionManager says how long that is. The operation has changed nothing; a batch may have changed the sessions
 * before this one. If the other thread was killed and is attended, the event of its exit mends what it has left: give the event loop a
 * turn and try again.
 *
 * @example
 * const error = new SessionBusyError(3, 1000)
 * error.threadId // 3
 */
export class SessionBusyError extends RacelabError {
  readonly code = 'ERR_RACELAB_SESSION_BUSY'

  /** The id of the thread that was waited for. */
  readonly threadId: number

  constructor(threadId: number, waited: number) {
    super(
      `Thread ${threadId} has not ended a step within ${waited} ms: it is suspended, or it was killed. ` +
        'Try again after a turn of the event loop; if the thread was killed and is not attended, call recover.',
    )
    this.threadId = threadId
  }
}

/** Returns the id in quotes, shortened to 60 characters. */
function quote(id: string): string {
  return JSON.stringify(id.length > 60 ? `${id.slice(0, 57)}…` : id)
}

/**
 * Thrown when an operation needs a database and the manager was made without one.
 *
 * @example
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
 * const id = sessions.createSession('u1', 'alice')
 * let code
 * try {
 *   sessions.refreshFromDatabase(id)
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_NO_DATABASE'
 */
export class NoDatabaseError extends RacelabError {
  readonly code = 'ERR_RACELAB_NO_DATABASE'

  constructor() {
    super(
      'This session manager has no database to refresh from. Give it one: new SessionManager(memory, { database }).',
    )
  }
}

/**
 * Thrown when a batch is not an array, or has more or fewer values than ids. No session has been changed.
 *
 * @example
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }))
 * let message
 * try {
 *   sessions.updateSessions(['a', 'b'], 'theme', ['dark'])
 * } catch (error) {
 *   message = error.message
 * }
 * message // 'The batch has 2 ids and 1 values. Give it one value for each id.'
 */
export class BatchError extends RacelabError {
  readonly code = 'ERR_RACELAB_BATCH'

  constructor(what: string, todo: string) {
    super(`${what}. ${todo}.`)
  }
}
