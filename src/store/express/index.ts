/** `racelab/express-session`: a store for express-session, for which concurrent requests of one user lose nothing. */
export { type Resolve, addNumbers, lastWriteWins } from './resolve.ts'
export { SharedMemoryStore, type SharedMemoryStoreOptions } from './store.ts'
