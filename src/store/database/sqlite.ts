/** SQLite: rows in a file that all threads see, each through a connection of its own. */
import { resolve } from 'node:path'
import { RacelabError, shown } from '../../errors.ts'
import { decodeRowData, encodeRowData } from './database.ts'
import type { Database } from './database.ts'
import { sqliteDriver } from './sqlite-driver.ts'
import type { Connection, SqliteDriver } from './sqlite-driver.ts'

/**
 * Thrown when a file cannot be opened as a database or cannot be written. `cause` is the error of SQLite.
 *
 * @example
 * let code
 * try {
 *   openSqlite('/no/such/folder/sessions.db')
 * } catch (error) {
 *   code = error.code
 * }
 * code // 'ERR_RACELAB_DATABASE_UNAVAILABLE'
 */
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

/**
 * Opens a file as a SQLite database and returns this thread's connection. The file and its table are created if they do not exist.
 * Throws DatabaseUnavailableError, or SqliteMissingError.
 *
 * It uses the SQLite of Node 22.13 and later. An older Node needs the package better-sqlite3, version 12, which a project installs
 * itself. All threads of a process use the same one. Other code of the process must not open the file with another SQLite: closing
 * the file there would end the locks of this one.
 *
 * A thread may be killed while it works on the file: its statement is then done as a whole or not at all, and its connection is
 * closed. With better-sqlite3, the process aborts if the kill meets the moment in which SQLite throws an error.
 *
 * The database uses a write-ahead log, so readers continue while another thread writes; a write waits at most 10 seconds for
 * another write. SQLite does not flush writes to the disk (`synchronous = OFF`). So a stored row survives the end of the process,
 * but a power cut or a crash of the operating system can lose the last writes or damage the file.
 *
 * @example
 * import { mkdtempSync, rmSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * const folder = mkdtempSync(`${tmpdir()}/racelab-`)
 * const database = openSqlite(`${folder}/sessions.db`)
 * database.fetch('a') // undefined: no row is stored yet
 * database.close()
 * rmSync(folder, { recursive: true })
 */
export function openSqlite(path: string): Database {
  // For an empty name SQLite would make a temporary database that no other thread sees.
  if (typeof path !== 'string' || path === '')
    throw new DatabaseUnavailableError(shown(path), new TypeError('that is not a file name'))
  const driver = sqliteDriver()
  try {
    return connect(driver, path)
  } catch (cause) {
    throw new DatabaseUnavailableError(path, cause)
  }
}

/**
 * Returns the key of an id: the id itself, or an escaped form. SQLite's text cannot hold an unpaired surrogate, and would make
 * several ids the same; such an id is escaped, and marked with a code point that is not a character.
 */
function keyOf(id: string): string {
  return id.isWellFormed() && !id.startsWith(ESCAPED) ? id : ESCAPED + JSON.stringify(id)
}

const ESCAPED = '\uffff'

function connect(driver: SqliteDriver, path: string): Database {
  // A whole path is never read as a URI, whatever the file's name begins with.
  const connection = driver.open(path === ':memory:' ? path : resolve(path))
  // The timeout comes first, because the next statements may meet another connection that does the same.
  connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`)
  // No flush at each write, which would take most of its time. The docstring of openSqlite says what a power cut can cost.
  connection.exec('PRAGMA synchronous = OFF')
  setUp(driver, connection)
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
 * Creates the write-ahead log and the table, unless another connection has done so. The change to a write-ahead log does not wait
 * for other connections, whatever the timeout, so it is tried again.
 */
function setUp(driver: SqliteDriver, connection: Connection): void {
  const end = performance.now() + BUSY_TIMEOUT
  for (;;) {
    try {
      if (hasTable(connection)) return
      // With a write-ahead log, readers continue beside a writer.
      connection.exec('PRAGMA journal_mode = WAL')
      connection.exec(TABLE)
    } catch (failure) {
      if (!driver.isBusy(failure) || performance.now() > end) throw failure
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

const TABLE = 'CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, version INTEGER NOT NULL, data TEXT NOT NULL)'

function hasTable(connection: Connection): boolean {
  return connection.prepare("SELECT 1 FROM sqlite_master WHERE name = 'sessions'").get() !== undefined
}
