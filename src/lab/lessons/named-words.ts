/** The names of a session store's words. The interleaving table of a scenario shows them. */
import type { Word } from '../../scenario.ts'
import { layoutOf } from '../../store/allocate.ts'
import { RECORD } from '../../store/layout.ts'
import { extrasLayout } from '../variants/lab-memory.ts'
import type { LabMemory } from '../variants/lab-memory.ts'

/**
 * The words that a session store reads with plain reads while a writer may be active: all words of a record except its
 * control word. memory/text.ts says why these reads are sound.
 */
export const storeRaces = Object.keys(RECORD)
  .filter((field) => field !== 'control')
  .map((field) => `session[].${field}`)

/** Returns the words of a lab store by name: those of its sessions, its locks and its queues. */
export function namedWords({ sessions, extras, queueCapacity }: LabMemory): Names {
  return { ...sessionWords(sessions), ...named(extras, extrasLayout(queueCapacity)) }
}

/** Returns the words of a session store by name. */
export function sessionWords(memory: SharedArrayBuffer): Names {
  return named(memory, layoutOf(memory))
}

type Names = Readonly<Record<string, Word>>

interface Layout {
  readonly words: number
  nameOf(word: number): string
}

function named(memory: SharedArrayBuffer, layout: Layout): Names {
  const words = new Int32Array(memory)
  return Object.fromEntries(
    Array.from({ length: layout.words }, (_, word): [string, Word] => [layout.nameOf(word), [words, word]]),
  )
}
