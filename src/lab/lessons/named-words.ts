/** The names of a session store's words, for the interleaving table of a scenario over one. */
import type { Word } from '../../scenario.ts'
import { RECORD } from '../../store/layout.ts'
import { SessionStore } from '../../store/store.ts'

/**
 * What a session store reads by plain reads while somebody may be writing it (memory/text.ts says why that is sound): all of
 * a record but its control word.
 */
export const storeRaces = Object.keys(RECORD)
  .filter((field) => field !== 'control')
  .map((field) => `session[].${field}`)

export function namedWords(memory: SharedArrayBuffer): { readonly [name: string]: Word } {
  const { layout } = new SessionStore(memory)
  const words = new Int32Array(memory)
  return Object.fromEntries(
    Array.from({ length: layout.words }, (_, word): [string, Word] => [layout.nameOf(word), [words, word]]),
  )
}
