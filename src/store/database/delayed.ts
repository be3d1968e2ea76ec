/** A database that takes its time: the network in between, as a sleep before each answer. */
import type { Database } from './database.ts'

const nothing = new Int32Array(new SharedArrayBuffer(4))

/** The same database, each fetch, store and delete slower by so many milliseconds. */
export function delayed(database: Database, milliseconds: number): Database {
  const wait = (): void => void Atomics.wait(nothing, 0, 0, milliseconds)
  return {
    fetch(id) {
      const row = database.fetch(id)
      // The row is what it was when the database read it; the way back is what takes long.
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
