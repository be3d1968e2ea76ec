/** The port to the database behind the cache. */
import { NotAFunctionError } from '../errors.ts'

/** The data that a database row holds for a session, beside its id and version. */
export interface RowData {
  userId: string
  username: string
  /** How many times the session was accessed, by updates and increments; it begins again at 0 after 4,294,967,295. */
  accessCount: number
  isAuthenticated: boolean
  /** A time during the last access, in whole milliseconds since 1970. If several agents access at once, during one of them. */
  lastActivity: number
  /** Any string to any string. The store limits the size of all together. */
  metadata: Map<string, string>
}

/** A database row: the data of a session and its version. */
export interface Row {
  readonly data: RowData
  /** The version that the session had when the row was stored. */
  readonly version: number
}

/**
 * A connection to the database behind a SessionManager: the system of record, of which shared memory is the cache. Implement it to
 * use a database of your own.
 *
 * The methods are synchronous because the operations of the manager are. Each thread has a connection of its own. If `fetch` or
 * `store` throws, the operation of the manager throws the same error. If `delete` throws, the clean-up counts a failed attempt and
 * tries again later.
 *
 * @example
 * import { SessionManager, allocateSessionStore } from 'racelab'
 * const rows = new Map()
 * const database = {
 *   fetch: (id) => rows.get(id),
 *   store: (id, row) => void rows.set(id, row),
 *   delete: (id) => void rows.delete(id),
 *   close: () => {},
 * }
 * const sessions = new SessionManager(allocateSessionStore({ capacity: 1 }), { database })
 * const id = sessions.createSession('u1', 'alice')
 * rows.get(id).data.username // 'alice'
 */
export interface Database {
  /** Returns the row of a session, data and version as of one moment; undefined if there is none. */
  fetch(id: string): Row | undefined
  /** Inserts the row, or replaces the row that is there. */
  store(id: string, row: Row): void
  /** Deletes the row. Does nothing if there is none. */
  delete(id: string): void
  /** Closes the connection. */
  close(): void
}

/** Returns the database. Throws NotAFunctionError if it is there and lacks a method. */
export function checkedDatabase(database: Database | undefined): Database | undefined {
  if (database !== undefined)
    for (const method of ['fetch', 'store', 'delete'] as const)
      if (typeof database?.[method] !== 'function')
        throw new NotAFunctionError(`database's \`${method}\``, database?.[method])
  return database
}

/** Returns the data of a row as JSON, with the metadata as a list of pairs: any key is safe, and the order is kept. */
export function encodeRowData(data: RowData): string {
  return JSON.stringify({ ...data, metadata: [...data.metadata] })
}

/** Returns the data that `encodeRowData` made into JSON. */
export function decodeRowData(json: string): RowData {
  const data = JSON.parse(json) as Omit<RowData, 'metadata'> & { metadata: [string, string][] }
  return { ...data, metadata: new Map(data.metadata) }
}
