/** What a worker of a load opens: the store and the database, watched if the run is. */
import type { Database } from '../../store/database/database.ts'
import { type DatabasePlace, openDatabase } from '../../store/database/place.ts'
import type { LoadWorker } from '../../stress/load.ts'
import type { LabMemory } from './lab-memory.ts'
import { LabStore } from './lab-store.ts'
import { WatchedStore, watchedDatabase } from './watched.ts'

/** Returns the worker's view of the store. */
export function storeOf({ recorder }: LoadWorker, memory: LabMemory): LabStore {
  return recorder === undefined ? new LabStore(memory) : new WatchedStore(memory, recorder)
}

/** Returns a connection of the worker's own. It is closed when the worker has done its part. */
export function databaseOf(worker: LoadWorker, place: DatabasePlace): Database {
  const connection = openDatabase(place)
  worker.onClose(() => connection.close())
  return worker.recorder === undefined ? connection : watchedDatabase(connection, worker.recorder)
}
