/** A database that refuses to drop some rows. Which rows is known in advance, so a test can count the clean-ups that fail. */
import { RacelabError } from '../../errors.ts'
import type { Database } from '../../store/database/database.ts'

/** The database refused to drop a row, as it was configured to. */
export class InjectedFailureError extends RacelabError {
  readonly code = 'ERR_RACELAB_INJECTED_FAILURE'

  constructor(id: string) {
    super(`The database refuses to drop the row of ${id}: this failure was injected.`)
  }
}

/** Returns the database with a `delete` that throws InjectedFailureError for an id for which `fails` returns true. */
export function failing(database: Database, fails: (id: string) => boolean): Database {
  return {
    fetch: (id) => database.fetch(id),
    store: (id, row) => database.store(id, row),
    delete(id) {
      if (fails(id)) throw new InjectedFailureError(id)
      database.delete(id)
    },
    close: () => database.close(),
  }
}

/** Returns a predicate that is true for the share `rate` (0 to 1) of all ids. The seed chooses the ids. */
export function failureRate(rate: number, seed: number): (id: string) => boolean {
  return (id) => fractionOf(`${seed} ${id}`) < rate
}

/** Returns a pseudo-random number from 0 to 1 that depends on the text only: FNV-1a (Fowler, Noll, Vo) and a final mix. */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
