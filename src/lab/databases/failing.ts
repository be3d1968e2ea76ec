/** A database that refuses to drop some rows, always the same ones: clean-ups fail, and one can say in advance which. */
import { RacelabError } from '../../errors.ts'
import type { Database } from '../../store/database/database.ts'

/** The database was told to refuse this row. */
export class InjectedFailureError extends RacelabError {
  readonly code = 'ERR_RACELAB_INJECTED_FAILURE'

  constructor(id: string) {
    super(`The database refuses to drop the row of ${id}: this failure was injected.`)
  }
}

/** The same database, but dropping a row for which the predicate holds throws InjectedFailureError. */
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

/** A predicate that holds for this share of all ids, chosen by the seed. */
export function failureRate(rate: number, seed: number): (id: string) => boolean {
  return (id) => fractionOf(`${seed} ${id}`) < rate
}

/** A number from 0 to 1 that looks random but is the text's own: FNV-1a (Fowler, Noll, Vo) and a final mix. */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
