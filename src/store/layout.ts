/**
 * The layout of a session store: the meaning of each word of its SharedArrayBuffer. The whole state of the store is in these
 * words, except what an agent caches (near-cache.ts).
 */
import { lines, struct, table, word, words } from '../memory/layout.ts'
import type { Struct, Table } from '../memory/layout.ts'

/** "RLSS" in ASCII. The first word of a store, which other memory is unlikely to have. */
export const MAGIC = 0x52_4c_53_53
/** Changes whenever the layout changes, so that two versions of racelab do not use one store. */
export const LAYOUT_VERSION = 6

/** The words that do not change after allocation. */
const header = struct({
  magic: word,
  layoutVersion: word,
  capacity: word,
  nameWords: word,
  metadataWords: word,
  agents: word,
})

/** Counters. The numbers of sessions by state are not stored here, because they could disagree with the states of the slots. */
const stats = struct({
  /** How many slots are taken. It is at most the capacity. */
  occupied: lines(word),
  /** Counts the slots that clean-ups have looked at: the next clean-up goes on from here. */
  cleanupHand: word,
  cleanedUp: word,
  failedCleanups: word,
  /** The number of the agent that counts the taken slots again, while the others wait; 0 if none does. */
  recount: word,
  /** 1 if `occupied` may be too high: an agent was killed, or it gave up waiting, while it changed `occupied`. */
  isMiscounted: word,
  /** How often agents without notes have begun to change `occupied`, and how often they have ended. */
  unlistedBegun: word,
  unlistedEnded: word,
  /** The largest value that `occupied` had when a session was cleaned up. */
  highWaterMark: word,
  /** How many creations found the store full and were refused. */
  refused: word,
  evicted: word,
})

/** An entry of the index, one for each slot. Entries are small, so that a search touches few cache lines. */
const entry = struct({
  /** The hash of the id of the slot's session. */
  hash: word,
  /**
   * How many slots to search, from this one on, for a session whose hash begins here: the largest distance ever used,
   * plus one.
   */
  reach: word,
})

/**
 * The words of a slot's record; the text follows them. A record takes whole cache lines, so that writers of neighbouring records
 * hardly slow each other down. The words up to `textWords`, which are all that most operations touch, lie in one cache line. That
 * holds even if the memory begins 16 bytes into a line, behind an allocator's header. A time is in milliseconds since 1970, in
 * two words, the low one first.
 */
const fields = {
  control: word,
  accessCount: word,
  /** The control word when the session was inserted. It distinguishes the session from earlier sessions in this slot. */
  born: word,
  /** Always 0. Writing it starts the fetch of the record's cache line before the line is needed. */
  prefetch: word,
  version: word,
  isAuthenticated: word,
  lastActivity: words(2),
  /** When the session expires; 0 for never. */
  expiresAt: words(2),
  /** How many words of the text the names take: the index at which the metadata begin. */
  nameWords: word,
  /** How many words of the text are in use. */
  textWords: word,
  cacheTime: words(2),
  /** How often the clean-up of the deleted session has failed. */
  attempts: word,
}

/** Returns the layout of a record with this many words of text. */
function recordOf(textWords: number) {
  return lines(struct({ ...fields, text: words(textWords) }))
}

/** How many calls of a database, one within the other, an agent notes. */
export const MOST_OPEN = 4

/**
 * What one agent notes before it changes something, so that another agent can mend what it leaves if it is killed (notes.ts). The words
 * that it writes when it counts an access lie in one cache line.
 */
const notes = {
  /** The number of the agent; 0 if no agent has these notes. */
  agent: word,
  /** The slot that the agent is about to own, or owned last, and its control word before. */
  slot: word,
  control: word,
  /** What a write is and has changed (notes.ts), and the counts of the record before. */
  write: word,
  accessCount: word,
  version: word,
  /** How many words the key takes of the entry that is set, and how many it takes in all. */
  keyWords: word,
  entryWords: word,
  /** The words of the text that are kept, and how many were in use. */
  from: word,
  count: word,
  textWords: word,
  /** Odd while the agent changes `occupied` and a slot to go with it. */
  section: word,
  /** In how many insertions and clean-ups the agent is that call a database, and the slot and the control word of each. */
  open: word,
  opened: words(2 * MOST_OPEN),
  /** The agent that mends what this one has left; 0 if none does. */
  mender: word,
}

/** Returns the layout of an agent's notes, for records with this many words of text, and of metadata among them. */
function notesOf(textWords: number, metadataWords: number) {
  return lines(struct({ ...notes, record: words(RECORD_WORDS), text: words(textWords), entry: words(metadataWords) }))
}

/** The indices of the words of a record, counted from its beginning. */
export const RECORD = recordOf(0).at
/** How many words a record takes without its text. */
export const RECORD_WORDS = RECORD.text

/** The layout of a store, with the sizes that it was made for. */
export interface StoreLayout extends Struct<{
  readonly header: typeof header
  readonly stats: typeof stats
  readonly notes: Table<ReturnType<typeof notesOf>>
  readonly index: Table<typeof entry>
  readonly session: Table<ReturnType<typeof recordOf>>
}> {
  readonly capacity: number
  /** How many words of text the names of a session may take together, each with its header. */
  readonly nameWords: number
  /** How many words of text the metadata of a session may take. */
  readonly metadataWords: number
  /** How many agents have room for notes. */
  readonly agents: number
  /** How many words of text a record has room for: names and metadata. */
  readonly textWords: number
  /** The number of slots: one and a half times the capacity, so that a search stays short. */
  readonly slots: number
  /** The bytes that a slot takes: its record and its entry in the index. */
  readonly bytesPerSession: number
}

/** The sizes that a layout depends on. They are stored in the header. */
export const SIZES = ['capacity', 'nameWords', 'metadataWords', 'agents'] as const
export type Sizes = Pick<StoreLayout, (typeof SIZES)[number]>

/** The last layout that was made. It is kept because every attachment to one store needs the same layout. */
let known: StoreLayout | undefined

/** Returns the layout of a store of these sizes. */
export function storeLayout(sizes: Sizes): StoreLayout {
  const isKnown = known !== undefined && SIZES.every((name) => known![name] === sizes[name])
  if (!isKnown) known = makeLayout(sizes)
  return known!
}

function makeLayout(sizes: Sizes): StoreLayout {
  const { capacity, nameWords, metadataWords, agents } = sizes
  const slots = Math.ceil(capacity * 1.5)
  const textWords = nameWords + metadataWords
  const parts = struct({
    header: lines(header),
    stats: lines(stats),
    notes: table(notesOf(textWords, metadataWords), agents),
    index: lines(table(entry, slots)),
    session: table(recordOf(textWords), slots),
  })
  const bytesPerSession = 4 * (entry.words + parts.fields.session.element.words)
  return { ...parts, ...sizes, textWords, slots, bytesPerSession }
}

/**
 * The indices of the words of the header, the stats, an agent's notes and an entry, each counted from its own beginning. Where the entry
 * of the notes is depends on the sizes.
 */
export const HEADER = header.at
export const STATS = stats.at
export const NOTES = notesOf(0, 0).at
export const ENTRY = entry.at
/** How many words an entry takes. */
export const ENTRY_WORDS: number = entry.words
