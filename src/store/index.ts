/** racelab as a library: the session manager in shared memory, its database port, and the primitives. */
export { RacelabError } from '../errors.ts'
export { type Grade, type Scenario, type Word, scenario } from '../scenario.ts'

export { SessionManager, type ManagerOptions, type Stats } from './manager.ts'
export { type StoreOptions, allocateSessionStore } from './allocate.ts'
export type { Lifetime, MetadataChange } from './operations/change-metadata.ts'
export type { NewSession } from './operations/create-session.ts'
export type { Refreshed } from './operations/refresh-from-database.ts'
export type { CleanupOptions, CleanupReport } from './operations/run-cleanup.ts'
export { MAX_TEXT_BYTES, type Session } from './session.ts'
export {
  BatchError,
  LayoutVersionError,
  NoDatabaseError,
  NumberRangeError,
  NotASessionStoreError,
  NotTextError,
  OptionsError,
  SessionExistsError,
  SessionNotFoundError,
  StoreFullError,
  StoreSizeError,
  StoreTooLargeError,
  TextTooLongError,
  TimeToLiveError,
} from './errors.ts'

export type { Database, Row, RowData } from './database/database.ts'
export { delayed } from './database/delayed.ts'
export {
  SharedDatabaseFullError,
  type SharedDatabaseOptions,
  allocateSharedDatabase,
  openSharedDatabase,
} from './database/shared.ts'
export { DatabaseUnavailableError, openSqlite } from './database/sqlite.ts'

export { Barrier } from '../sync/barrier.ts'
export { Condition } from '../sync/condition.ts'
export { Mutex } from '../sync/mutex.ts'
export { RwLock } from '../sync/rw-lock.ts'
export { Semaphore } from '../sync/semaphore.ts'
export { StartGate } from '../sync/start-gate.ts'
export { NotOwnerError, OverReleaseError, RelockError, SyncRangeError, TooManyArrivalsError } from '../sync/errors.ts'

export { DoesNotHoldError, assertHoldsInEverySchedule } from '../explore/assert.ts'
export {
  type Divergence,
  type Exploration,
  type ExploreOptions,
  type Failure,
  type FailureKind,
  Nondeterminism,
  type OutcomeCount,
  type RecordedStep,
  type Recording,
  Refusal,
  type Replay,
  type StrategyName,
  type StuckActor,
  TokenError,
  type Verdict,
  explore,
  replay,
} from '../explore/index.ts'
