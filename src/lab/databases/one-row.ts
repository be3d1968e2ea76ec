/**
 * A database for one session, in one shared word: the row's version, or 0 if there is no row. The row's other data follow
 * from its version. It is made for exploration: storing and fetching are one step each, as in a database with transactions,
 * so the explorer spends its schedules on the code under test.
 */
import type { Database, RowData } from '../../store/database/database.ts'

const NO_ROW = 0

/** Allocates the memory of a database without a row. */
export function allocateOneRow(): SharedArrayBuffer {
  return new SharedArrayBuffer(4)
}

/** Opens an allocated database. Every id names the one row, whose data `dataOf` returns for its version. */
export function openOneRow(memory: SharedArrayBuffer, dataOf: (version: number) => RowData): Database {
  const words = new Int32Array(memory)
  return {
    fetch() {
      const version = Atomics.load(words, 0)
      return version === NO_ROW ? undefined : { version, data: dataOf(version) }
    },
    store: (_, { version }) => void Atomics.store(words, 0, version),
    delete: () => void Atomics.store(words, 0, NO_ROW),
    close: () => {},
  }
}
