/**
 * The port to the database behind the cache: the system of record, as much of it as a session manager needs. Synchronous,
 * since the operations are; each worker has a connection of its own.
 */

export interface RowData {
  userId: string
  username: string
  /** How many times it was accessed: updates and increments. */
  accessCount: number
  isAuthenticated: boolean
  /** A moment during its last access, in whole milliseconds since 1970; of several at once, during one of them. */
  lastActivity: number
  /** Any text to any text; its size is limited in all. */
  metadata: Map<string, string>
}

export interface Row {
  readonly data: RowData
  /** The session's version when the row was stored. */
  readonly version: number
}

export interface Database {
  /** One row's data and version, of one moment; undefined when there is none. */
  fetch(id: string): Row | undefined
  /** Makes this the row, whether there was one or not. */
  store(id: string, row: Row): void
  /** Drops the row; nothing when there is none. */
  delete(id: string): void
  /** Lets go of the connection. */
  close(): void
}

/** A row's data as JSON text, metadata as a list of pairs: any key is safe, and order is kept. */
export function encodeRowData(data: RowData): string {
  return JSON.stringify({ ...data, metadata: [...data.metadata] })
}

export function decodeRowData(json: string): RowData {
  const data = JSON.parse(json) as Omit<RowData, 'metadata'> & { metadata: [string, string][] }
  return { ...data, metadata: new Map(data.metadata) }
}
