/**
 * A database for one session, in one shared word: the row's version, or 0 for no row; what else is in the row follows from it.
 * For exploration: storing and fetching are one step each, as they look to a client of a database with transactions, and
 * all schedules are spent on what is done with the row.
 */
import type { Database, RowData } from '../../store/database/database.ts'

const NO_ROW = 0

/** A new, empty one. */
export function allocateOneRow(): SharedArrayBuffer {
  return new SharedArrayBuffer(4)
}

/** Attaches to an allocated one. Every id is the one row's. */
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
