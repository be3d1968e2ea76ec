/**
 * A small database in shared memory, for tests and for exploration: the explorer cannot control a real database. It searches its
 * few rows one by one, under one mutex.
 */
import { RacelabError } from '../../errors.ts'
import { lines, struct, table, word, words } from '../../memory/layout.ts'
import { copyIn, copyOut, decodeText, encodeText, textWords } from '../../memory/text.ts'
import { Mutex } from '../../sync/mutex.ts'
import { decodeRowData, encodeRowData } from '../../store/database/database.ts'
import type { Database, Row } from '../../store/database/database.ts'

/**
 * Thrown when the database in shared memory has no room for a row. The database is unchanged.
 *
 * @example
 * const database = openSharedDatabase(allocateSharedDatabase({ rows: 1, rowBytes: 8 }))
 * const data = { userId: 'u1', username: 'alice', accessCount: 0, isAuthenticated: true, lastActivity: 0, metadata: new Map() }
 * let code
 * try {
 *   database.store('a', { version: 1, data })
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_SHARED_DATABASE_FULL'
 */
export class SharedDatabaseFullError extends RacelabError {
  readonly code = 'ERR_RACELAB_SHARED_DATABASE_FULL'

  constructor(what: string) {
    super(`The shared database has no room: ${what}. Allocate a larger one, or use SQLite.`)
  }
}

/** The size of a database in shared memory. */
export interface SharedDatabaseOptions {
  /** How many rows fit. Default 16. */
  readonly rows?: number
  /**
   * How many bytes the id and the JSON of a row may take together, each rounded up to a multiple of four, and four more. Default
   * 1,024.
   */
  readonly rowBytes?: number
}

/**
 * Returns the memory of a new, empty database. Send it to every thread; each opens it with `openSharedDatabase`. The rows are lost
 * with the memory.
 *
 * @example
 * const database = openSharedDatabase(allocateSharedDatabase({ rows: 100 }))
 * const data = { userId: 'u1', username: 'alice', accessCount: 0, isAuthenticated: true, lastActivity: 0, metadata: new Map() }
 * database.store('a', { version: 1, data })
 * database.fetch('a').data.username // 'alice'
 */
export function allocateSharedDatabase({ rows = 16, rowBytes = 1024 }: SharedDatabaseOptions = {}): SharedArrayBuffer {
  const rowWords = Math.ceil(rowBytes / 4)
  const memory = new SharedArrayBuffer(4 * layout(rows, rowWords).words)
  new Int32Array(memory).set([rows, rowWords])
  return memory
}

function layout(rows: number, rowWords: number) {
  const row = struct({ isUsed: word, version: word, textWords: word, text: words(rowWords) })
  return struct({ rows: word, rowWords: word, mutex: lines(words(Mutex.WORDS)), row: table(row, rows) })
}

/**
 * Returns this thread's connection to a database in shared memory. Each call locks a mutex, so the calls of all threads take effect
 * one after the other. `store` throws SharedDatabaseFullError.
 *
 * Every call searches the rows one by one: its cost grows with the number of rows.
 */
export function openSharedDatabase(memory: SharedArrayBuffer): Database {
  const shared = new Int32Array(memory)
  const count = shared[0]!
  const { at, fields } = layout(count, shared[1]!)
  const mutex = new Mutex(shared, at.mutex)
  const rows = fields.row
  const { element } = rows
  const text = new Int32Array(element.fields.text.words)

  /** Returns the word at which the row of an id begins, with the row's text copied to `text`; undefined if there is none. */
  const find = (id: string): number | undefined => {
    for (let index = 0; index < count; index++) {
      const start = at.row + rows.at(index)
      if (Atomics.load(shared, start + element.at.isUsed) === 0) continue
      copyOut(text, shared, start + element.at.text, Atomics.load(shared, start + element.at.textWords))
      if (decodeText(text, 0) === id) return start
    }
    return undefined
  }

  /** Returns the word at which an unused row begins. Throws SharedDatabaseFullError. */
  const free = (): number => {
    for (let index = 0; index < count; index++) {
      const start = at.row + rows.at(index)
      if (Atomics.load(shared, start + element.at.isUsed) === 0) return start
    }
    throw new SharedDatabaseFullError(`all ${count} rows are in use`)
  }

  const store = (id: string, { data, version }: Row): void => {
    const start = find(id) ?? free()
    const json = encodeRowData(data)
    const needed = textWords(id) + textWords(json)
    if (needed > text.length)
      throw new SharedDatabaseFullError(`the row takes ${needed * 4} bytes, and at most ${text.length * 4} fit`)
    const used = encodeText(text, 0, id)
    copyIn(shared, start + element.at.text, text, used + encodeText(text, used, json))
    Atomics.store(shared, start + element.at.textWords, needed)
    Atomics.store(shared, start + element.at.version, version)
    Atomics.store(shared, start + element.at.isUsed, 1)
  }

  const fetch = (id: string): Row | undefined => {
    const start = find(id)
    if (start === undefined) return undefined
    const json = decodeText(text, textWords(id))
    return { version: Atomics.load(shared, start + element.at.version), data: decodeRowData(json) }
  }

  const remove = (id: string): void => {
    const start = find(id)
    if (start !== undefined) Atomics.store(shared, start + element.at.isUsed, 0)
  }

  return {
    fetch: (id) => mutex.holding(() => fetch(id)),
    store: (id, row) => mutex.holding(() => store(id, row)),
    delete: (id) => mutex.holding(() => remove(id)),
    close: () => {},
  }
}
