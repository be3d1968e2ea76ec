/**
 * The layout of a session store: which word of the SharedArrayBuffer is which. Everything that the store consists of is
 * here; nothing of it lives beside the memory.
 */
import { type Struct, type Table, lines, struct, table, word, words } from '../memory/layout.ts'

/** "RLSS", so that a store can be told from other memory. */
export const MAGIC = 0x52_4c_53_53
export const LAYOUT_VERSION = 4

/** What does not change after allocation. */
const header = struct({
  magic: word,
  layoutVersion: word,
  capacity: word,
  nameWords: word,
  metadataWords: word,
})

/** Tallies. What the states of the slots tell is not kept here: a count of its own could disagree with them. */
const stats = struct({
  occupied: lines(word),
  cleanupHand: word,
  cleanedUp: word,
  failedCleanups: word,
})

/** Where to look for a session: small, so that looking stays in the cache. */
const entry = struct({
  /** Of the id of the slot's session. */
  hash: word,
  /** How far from here a session may sit whose hash begins here: one more than the largest distance ever used. */
  reach: word,
})

/**
 * What a slot says of its session, and behind it the text. It takes whole cache lines, so that neighbours hardly slow one
 * another; and the words up to `textWords`, which is all that most operations touch, are in one: also where the memory begins
 * 16 bytes into a line, as it does behind the header that an allocator puts before it. Times are milliseconds since 1970
 * in two words, low first.
 */
const fields = {
  control: word,
  accessCount: word,
  /** The control word when the session was put here: tells it from an earlier session of the same id. */
  born: word,
  /** Always 0, and nothing to anybody: who is about to write the record writes it first, which has the line fetched. */
  wanted: word,
  version: word,
  isAuthenticated: word,
  lastActivity: words(2),
  /** When it stops being there; 0 for never. */
  expiresAt: words(2),
  /** How many words of the text the names take: where the metadata begin. */
  nameWords: word,
  /** How many words of the text are in use. */
  textWords: word,
  cacheTime: words(2),
  /** How often the clean-up of the deleted session has failed. */
  attempts: word,
}

function recordOf(textWords: number) {
  return lines(struct({ ...fields, text: words(textWords) }))
}

export interface StoreLayout extends Struct<{
  readonly header: typeof header
  readonly stats: typeof stats
  readonly index: Table<typeof entry>
  readonly session: Table<ReturnType<typeof recordOf>>
}> {
  readonly capacity: number
  /** How many words of text there are for a session's names together, each with its header. */
  readonly nameWords: number
  readonly metadataWords: number
  /** How many words of text a record has room for, names and metadata. */
  readonly textWords: number
  /** Half as many again as the capacity, so that probing stays short. */
  readonly slots: number
  /** What a slot takes. */
  readonly bytesPerSession: number
}

/** What a layout depends on; a store's header says it. */
export const SIZES = ['capacity', 'nameWords', 'metadataWords'] as const
export type Sizes = Pick<StoreLayout, (typeof SIZES)[number]>

/** The last layout that was made: every attachment to one store asks for the same. */
let known: StoreLayout | undefined

/** The layout of a store of these sizes. Pure. */
export function storeLayout(sizes: Sizes): StoreLayout {
  const isKnown = known !== undefined && SIZES.every((name) => known![name] === sizes[name])
  if (!isKnown) known = makeLayout(sizes)
  return known!
}

function makeLayout(sizes: Sizes): StoreLayout {
  const { capacity, nameWords, metadataWords } = sizes
  const slots = Math.ceil(capacity * 1.5)
  const textWords = nameWords + metadataWords
  const parts = struct({
    header: lines(header),
    stats: lines(stats),
    index: lines(table(entry, slots)),
    session: table(recordOf(textWords), slots),
  })
  const bytesPerSession = 4 * (entry.words + parts.fields.session.element.words)
  return { ...parts, ...sizes, textWords, slots, bytesPerSession }
}

export const HEADER = header.at
export const STATS = stats.at
export const ENTRY = entry.at
export const RECORD = recordOf(0).at
/** The words of a record without its text. */
export const RECORD_WORDS = RECORD.text
