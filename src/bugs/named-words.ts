/** The names of a session store's words, for the interleaving table of a scenario over one. */
import type { Word } from '../scenario.ts'
import { SessionStore } from '../session/store.ts'

export function namedWords(memory: SharedArrayBuffer): { readonly [name: string]: Word } {
  const { layout } = new SessionStore(memory)
  const words = new Int32Array(memory)
  return Object.fromEntries(
    Array.from({ length: layout.words }, (_, word): [string, Word] => [layout.nameOf(word), [words, word]]),
  )
}
