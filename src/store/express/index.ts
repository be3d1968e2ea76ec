/** `racelab/express-session`: a store for express-session that keeps the changes of concurrent requests of one user. */
export { type Resolve, addNumbers, lastWriteWins } from './resolve.ts'
export { type Candidate, type Evict, evictAnonymous, evictNone, evictOldest } from '../evict.ts'
export { SharedMemoryStore, type SharedMemoryStoreOptions } from './store.ts'
