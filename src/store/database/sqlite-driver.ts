/**
 * The SQLite that this Node offers: `node:sqlite`, its own, or else the package better-sqlite3.
 *
 * `worker.terminate()` may come while the thread is inside a call of SQLite. From then on Node refuses every call from native code
 * into JavaScript, and a driver that does not expect the refusal ends the whole process. `node:sqlite` expects it. better-sqlite3 12
 * makes such a call only when it throws an error, such as SQLITE_BUSY. libsql and @photostructure/sqlite end the process.
 * A SQLite in WebAssembly has no locks of the operating system, so a killed thread would leave the file locked.
 */
import { createRequire } from 'node:module'
import { RacelabError } from '../../errors.ts'

/** A prepared statement. Values are strings and numbers. */
interface Statement {
  run(...values: (string | number)[]): unknown
  /** Returns the first row, undefined if there is none. */
  get(...values: (string | number)[]): unknown
}

/** A connection to a database, for the thread that has opened it. Both drivers have these methods. */
export interface Connection {
  exec(statements: string): void
  prepare(statement: string): Statement
  close(): void
}

/** A way to SQLite. */
export interface SqliteDriver {
  readonly name: string
  open(path: string): Connection
  /** Whether the driver threw this error because another connection was at work. */
  isBusy(failure: unknown): boolean
}

/**
 * Thrown when this Node has no SQLite of its own, and better-sqlite3 12 is not installed or cannot be loaded. `cause` is the error of
 * loading it, if there is one.
 *
 * @example
 * let database
 * try {
 *   database = openSqlite(':memory:')
 * } catch (error) {
 *   if (!(error instanceof SqliteMissingError)) throw error
 *   // This Node keeps sessions without rows.
 * }
 * database?.fetch('a') // undefined
 */
export class SqliteMissingError extends RacelabError {
  readonly code = 'ERR_RACELAB_SQLITE_MISSING'

  constructor(reason: string, cause?: unknown) {
    super(
      `Node.js ${process.version} has no SQLite of its own, and ${reason}. ` +
        'Install that package (npm install better-sqlite3@12), or use Node.js 22.13 or later.',
      { cause },
    )
  }
}

let driver: SqliteDriver | undefined

/** Returns this thread's driver. The first call loads it, which takes milliseconds. Throws SqliteMissingError. */
export function sqliteDriver(): SqliteDriver {
  return (driver ??= ofNode() ?? ofPackage())
}

type Opening = new (path: string) => Connection

/** The primary result code of SQLite for a database that another connection has locked. Higher bytes say more. */
const SQLITE_BUSY = 5

function ofNode(): SqliteDriver | undefined {
  const sqlite = withoutSqliteWarning(() => process.getBuiltinModule('node:sqlite')) as
    | { DatabaseSync: Opening }
    | undefined
  return (
    sqlite && {
      name: 'node:sqlite',
      open: (path) => new sqlite.DatabaseSync(path),
      isBusy: (failure) => ((failure as { errcode?: number }).errcode! & 0xff) === SQLITE_BUSY,
    }
  )
}

/** Calls `load` without the warning that SQLite is experimental. Node 22 and 24 print it once a thread; Node's API is stable in 26. */
function withoutSqliteWarning<Result>(load: () => Result): Result {
  const { emitWarning } = process
  process.emitWarning = (warning: string | Error, ...rest: never[]) => {
    if (!String(warning).startsWith('SQLite is an experimental feature')) emitWarning.call(process, warning, ...rest)
  }
  try {
    return load()
  } finally {
    process.emitWarning = emitWarning
  }
}

const require = createRequire(import.meta.url)

function ofPackage(): SqliteDriver {
  const Database = loadPackage()
  return {
    name: 'better-sqlite3',
    open: (path) => new Database(path),
    isBusy: (failure) => String((failure as { code?: unknown }).code).startsWith('SQLITE_BUSY'),
  }
}

function loadPackage(): Opening {
  let version: string
  try {
    version = (require('better-sqlite3/package.json') as { version: string }).version
  } catch (cause) {
    throw new SqliteMissingError('better-sqlite3 is not installed', cause)
  }
  // From version 13 on it needs Node-API 10. Without that, the process would end with a segmentation fault.
  if (Number.parseInt(version, 10) > 12) throw new SqliteMissingError(`better-sqlite3 ${version} does not run on it`)
  try {
    const Database = require('better-sqlite3') as Opening
    // Only the first connection loads the native code, which may be built for another Node.
    new Database(':memory:').close()
    return Database
  } catch (cause) {
    throw new SqliteMissingError(`better-sqlite3 cannot be loaded: ${(cause as Error).message}`, cause)
  }
}
