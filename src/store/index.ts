/** The entry point `racelab`. It exports the session manager with its errors, the database interface, SQLite, and `scenario`. */
export { RacelabError } from '../errors.ts'
export { type Grade, type Scenario, type Word, scenario } from '../scenario.ts'

export { SessionManager, type ManagerOptions, type Stats } from './manager.ts'
export type { Attended } from '../sync/attend.ts'
export { ThreadError } from '../sync/errors.ts'
export { type StoreOptions, allocateSessionStore } from './allocate.ts'
export type { Lifetime, MetadataChange } from './operations/change-metadata.ts'
export { type Candidate, type Evict, evictAnonymous, evictNone, evictOldest } from './evict.ts'
export type { NewSession } from './operations/create-session.ts'
export type { Deletion } from './operations/delete-session.ts'
export type { Recovery } from './operations/recover.ts'
export type { Refreshed } from './operations/refresh-from-database.ts'
export type { CleanupOptions, CleanupReport } from './operations/run-cleanup.ts'
export { MAX_TEXT_BYTES, type Session } from './session.ts'
export type { HighWater, Usage } from './usage.ts'
export {
  BatchError,
  CorruptStoreError,
  LayoutVersionError,
  NoDatabaseError,
  NumberRangeError,
  NotAFunctionError,
  NotAMapError,
  NotASessionError,
  NotASessionStoreError,
  NotTextError,
  OptionsError,
  SessionBusyError,
  SessionExistsError,
  SessionNotFoundError,
  StoreFullError,
  StoreSizeError,
  StoreTooLargeError,
  TextTooLongError,
  TimeToLiveError,
} from './errors.ts'

export type { Database, Row, RowData } from './database/database.ts'
export { DatabaseUnavailableError, openSqlite } from './database/sqlite.ts'
export { SqliteMissingError } from './database/sqlite-driver.ts'
