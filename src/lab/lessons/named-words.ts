/** The names of a session store's words, for the interleaving table of a scenario over one. */
import type { Word } from '../../scenario.ts'
import { layoutOf } from '../../store/allocate.ts'
import { RECORD } from '../../store/layout.ts'
import { type LabMemory, extrasLayout } from '../variants/lab-memory.ts'

/**
 * What a session store reads by plain reads while somebody may be writing it (memory/text.ts says why that is sound): all of
 * a record but its control word.
 */
export const storeRaces = Object.keys(RECORD)
  .filter((field) => field !== 'control')
  .map((field) => `session[].${field}`)

/** The words of a lab store: of its sessions, and of its locks and queues. */
export function namedWords({ sessions, extras, queueCapacity }: LabMemory): Names {
  return { ...sessionWords(sessions), ...named(extras, extrasLayout(queueCapacity)) }
}

/** The words of a session store. */
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
