/** Opens the store and the database for a worker of a load. In a watched run both record their steps. */
import type { Database } from '../../store/database/database.ts'
import { openDatabase } from '../databases/place.ts'
import type { DatabasePlace } from '../databases/place.ts'
import type { LoadWorker } from '../../stress/load.ts'
import type { LabMemory } from './lab-memory.ts'
import { LabStore } from './lab-store.ts'
import { WatchedStore, watchedDatabase } from './watched.ts'

/** Returns the worker's view of the store. */
export function storeOf({ recorder }: LoadWorker, memory: LabMemory): LabStore {
  return recorder === undefined ? new LabStore(memory) : new WatchedStore(memory, recorder)
}

/** Returns a connection of the worker's own. The connection is closed when the worker has finished its part. */
export function databaseOf(worker: LoadWorker, place: DatabasePlace): Database {
  const connection = openDatabase(place)
  worker.onClose(() => connection.close())
  return worker.recorder === undefined ? connection : watchedDatabase(connection, worker.recorder)
}
