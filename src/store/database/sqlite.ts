/** SQLite: real rows in a file that all threads see, one connection each. */
import { createRequire } from 'node:module'
import type Connection from 'libsql'
import { RacelabError, shown } from '../../errors.ts'
import { type Database, decodeRowData, encodeRowData } from './database.ts'

/** The file cannot be opened as a database, or not be written. */
export class DatabaseUnavailableError extends RacelabError {
  readonly code = 'ERR_RACELAB_DATABASE_UNAVAILABLE'

  constructor(path: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`Cannot open the database ${path}: ${reason}. Name a file in a folder that exists and can be written.`, {
      cause,
    })
  }
}

/** How long a connection waits for another's write, in milliseconds. */
const BUSY_TIMEOUT = 10_000

/** Opens the file, and makes it and its table if they are not there. Throws DatabaseUnavailableError. */
export function openSqlite(path: string): Database {
  // Without a name SQLite would make a database that each thread has for itself, and that is gone when it is closed.
  if (typeof path !== 'string' || path === '')
    throw new DatabaseUnavailableError(shown(path), new TypeError('that is no name of a file'))
  try {
    return connect(path)
  } catch (cause) {
    throw new DatabaseUnavailableError(path, cause)
  }
}

/**
 * The key of an id: the id itself. SQLite's text cannot hold an unpaired surrogate, and would make many ids one; an id with
 * one is escaped, and marked by a character that is none in Unicode.
 */
function keyOf(id: string): string {
  return id.isWellFormed() && !id.startsWith(ESCAPED) ? id : ESCAPED + JSON.stringify(id)
}

const ESCAPED = '\uffff'

/** Loaded when it is first needed: a native module costs each thread milliseconds, and most threads never open a file. */
const require = createRequire(import.meta.url)

function connect(path: string): Database {
  const connection = new (require('libsql') as typeof Connection)(path)
  // The timeout first: what follows may meet another connection that does the same.
  connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`)
  connection.exec('PRAGMA synchronous = OFF')
  setUp(connection)
  const select = connection.prepare('SELECT version, data FROM sessions WHERE id = ?')
  const upsert = connection.prepare('INSERT OR REPLACE INTO sessions (id, version, data) VALUES (?, ?, ?)')
  const remove = connection.prepare('DELETE FROM sessions WHERE id = ?')
  return {
    fetch(id) {
      const row = select.get(keyOf(id)) as { version: number; data: string } | undefined
      return row && { version: row.version, data: decodeRowData(row.data) }
    },
    store: (id, { data, version }) => void upsert.run(keyOf(id), version, encodeRowData(data)),
    delete: (id) => void remove.run(keyOf(id)),
    close: () => connection.close(),
  }
}

/**
 * Makes the log and the table, unless whoever opened the file first has done so. Changing to a write-ahead log is the one
 * thing that does not wait for other connections, whatever their timeout: so it is tried again.
 */
function setUp(connection: Connection.Database): void {
  const end = performance.now() + BUSY_TIMEOUT
  for (;;) {
    try {
      if (hasTable(connection)) return
      // With a write-ahead log readers go on beside a writer; what the last moments before a power cut lose, a lab can lose.
      connection.exec('PRAGMA journal_mode = WAL')
      connection.exec(TABLE)
    } catch (failure) {
      if (!isBusy(failure) || performance.now() > end) throw failure
      Atomics.wait(nothing, 0, 0, 5)
    }
  }
}

const TABLE = 'CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, version INTEGER NOT NULL, data TEXT NOT NULL)'
const nothing = new Int32Array(new SharedArrayBuffer(4))

function hasTable(connection: Connection.Database): boolean {
  return connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'sessions'").get() !== undefined
}

function isBusy(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && String(failure.code).startsWith('SQLITE_BUSY')
}
