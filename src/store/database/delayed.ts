/** A database with a delay that stands for the network. */
import type { Database } from './database.ts'

const nothing = new Int32Array(new SharedArrayBuffer(4))

/**
 * Returns a database that passes each call on to `database` and makes each fetch, store and delete `milliseconds` slower. The
 * calling thread sleeps meanwhile. A fetched row is read before the sleep, so it can be out of date when it arrives. Errors of
 * `database` pass through.
 *
 * @example
 * const memory = allocateSharedDatabase()
 * const slow = delayed(openSharedDatabase(memory), 20)
 * slow.fetch('a') // undefined: there is no such row, and the answer took 20 ms longer
 */
export function delayed(database: Database, milliseconds: number): Database {
  const wait = (): void => void Atomics.wait(nothing, 0, 0, milliseconds)
  return {
    fetch(id) {
      const row = database.fetch(id)
      // The row is as it was when the database read it. The sleep stands for the way back.
      wait()
      return row
    },
    store(id, row) {
      wait()
      database.store(id, row)
    },
    delete(id) {
      wait()
      database.delete(id)
    },
    close: () => database.close(),
  }
}
