/** What can go wrong with a session store. Whatever is thrown, the store is as it was. */
import { RacelabError, shown } from '../errors.ts'

/** No live session has this id. */
export class SessionNotFoundError extends RacelabError {
  readonly code = 'ERR_RACELAB_SESSION_NOT_FOUND'

  readonly id: string

  constructor(id: string) {
    super(`There is no session ${quote(id)}: it was never created, or was deleted. Create it first.`)
    this.id = id
  }
}

/** The id is taken: by a live session, or by one whose clean-up is still due. */
export class SessionExistsError extends RacelabError {
  readonly code = 'ERR_RACELAB_SESSION_EXISTS'

  readonly id: string

  constructor(id: string) {
    super(
      `The id ${quote(id)} is taken by a session that is live, or deleted and not yet cleaned up. ` +
        'Leave the id out to have one made, or run the clean-up first.',
    )
    this.id = id
  }
}

/** Every place is taken: by live sessions, by deleted ones that wait for clean-up, or by dead letters. */
export class StoreFullError extends RacelabError {
  readonly code = 'ERR_RACELAB_STORE_FULL'

  readonly capacity: number

  constructor(capacity: number) {
    super(
      `All ${capacity} places of the session store are taken. Run the clean-up, take the dead letters, or allocate a ` +
        'larger store: its capacity is fixed when it is allocated.',
    )
    this.capacity = capacity
  }
}

/** A text, or all metadata together, is longer than there is room for. */
export class TextTooLongError extends RacelabError {
  readonly code = 'ERR_RACELAB_TEXT_TOO_LONG'

  readonly what: string
  readonly bytes: number
  readonly limit: number

  constructor(what: string, bytes: number, limit: number) {
    const room = what in ROOM ? `, or allocate the store with a larger ${ROOM[what]}` : ''
    super(`The ${what} takes ${bytes} bytes; at most ${limit} fit. Shorten it${room}.`)
    this.what = what
    this.bytes = bytes
    this.limit = limit
  }
}

/** What the size of a store limits, and what that size is called. */
const ROOM: { readonly [what: string]: string } = { 'text of the names': 'nameBytes', metadata: 'metadataBytes' }

/** A version or an access count is not a number that a record can hold. */
export class NumberRangeError extends RacelabError {
  readonly code = 'ERR_RACELAB_NUMBER_RANGE'

  constructor(what: string, got: unknown) {
    super(`The ${what} is ${shown(got)}; it must be a whole number from 0 to 4294967295.`)
  }
}

/** A session was to live for no time at all, or for none that is a time. */
export class TimeToLiveError extends RacelabError {
  readonly code = 'ERR_RACELAB_TIME_TO_LIVE'

  constructor(got: unknown) {
    super(
      `The time to live is ${shown(got)}; it must be a number of milliseconds, more than 0. Leave it out, or say Infinity, for ever.`,
    )
  }
}

/** The memory is not a session store, or not a whole one. */
export class NotASessionStoreError extends RacelabError {
  readonly code = 'ERR_RACELAB_NOT_A_SESSION_STORE'

  constructor(what: string) {
    super(`This memory is not a session store: ${what}. Attach to memory that allocateSessionStore returned.`)
  }
}

/** The memory is a session store of another version of the layout. */
export class LayoutVersionError extends RacelabError {
  readonly code = 'ERR_RACELAB_LAYOUT_VERSION'

  constructor(found: number, known: number) {
    super(
      `This session store has layout version ${found}; this racelab reads version ${known}. ` +
        'Use the same racelab in all threads.',
    )
  }
}

/** A store cannot be allocated so large, or so small. */
export class StoreSizeError extends RacelabError {
  readonly code = 'ERR_RACELAB_STORE_SIZE'

  constructor(what: string, got: unknown, least: number, most: number) {
    super(`${what} is ${shown(got)}; it must be a whole number from ${least} to ${most}.`)
  }
}

/** A store would take more bytes than a memory can have. */
export class StoreTooLargeError extends RacelabError {
  readonly code = 'ERR_RACELAB_STORE_TOO_LARGE'

  constructor(bytes: number, most: number) {
    super(
      `The store would take ${bytes} bytes; at most ${most} can be had. Lower its capacity, nameBytes or metadataBytes.`,
    )
  }
}

/** What must be text is something else. */
export class NotTextError extends RacelabError {
  readonly code = 'ERR_RACELAB_NOT_TEXT'

  constructor(what: string, got: unknown) {
    super(
      `The ${what} is ${got === null ? 'null' : `of type ${typeof got}`}; it must be a string. Convert it, with String or JSON.stringify.`,
    )
  }
}

/** Options are no object, or have a name that is none of theirs. */
export class OptionsError extends RacelabError {
  readonly code = 'ERR_RACELAB_OPTIONS'

  constructor(wrong: string, known: readonly string[]) {
    super(`${wrong}. Known: ${known.join(', ')}.`)
  }
}

function quote(id: string): string {
  return JSON.stringify(id.length > 60 ? `${id.slice(0, 57)}…` : id)
}

/** The manager was made without a database. */
export class NoDatabaseError extends RacelabError {
  readonly code = 'ERR_RACELAB_NO_DATABASE'

  constructor() {
    super(
      'This session manager has no database to refresh from. Give it one: new SessionManager(memory, { database }).',
    )
  }
}

/** A batch is no array of texts, or has not as many values as ids. */
export class BatchError extends RacelabError {
  readonly code = 'ERR_RACELAB_BATCH'

  constructor(what: string, todo: string) {
    super(`${what}. ${todo}.`)
  }
}
