/**
 * The notes of an agent: what it is about to own, and what it is about to overwrite there. If the agent is killed, another agent reads
 * the notes and mends what the first one has left (operations/recover.ts). No agent reads them otherwise.
 *
 * The agent writes them with plain stores into a cache line of its own, which cost almost nothing. Node ends a thread between two of
 * its steps, and tells of the exit after all of them. So the agent that handles the exit sees every note that the thread
 * had written before its last step.
 *
 * A store has room for the notes of a number of agents. An agent beyond them writes no notes.
 */
import { copyWords } from '../memory/text.ts'
import { MOST_OPEN, NOTES, RECORD, RECORD_WORDS } from './layout.ts'
import type { StoreLayout } from './layout.ts'
import type { Entry } from './metadata.ts'

/** What the notes say of a write. They have the counts of the record before it, too. */
export const Write = {
  /** The agent has changed nothing yet. */
  NOTHING: 0,
  /** The agent counts an access, and changes nothing else. */
  COUNT: 1,
  /** The agent sets the entry in `entry` and counts an access. Of the text it has changed at most the value of that key. */
  SET: 2,
  /** The agent does the same, and moves a part of the text. The notes keep that part. */
  SET_IN_TEXT: 3,
  /** The agent writes the whole record. The notes keep it. */
  RECORD: 4,
} as const
export type Write = (typeof Write)[keyof typeof Write]

/** How many words an agent without room has for an entry. They grow as needed. */
const ENTRY_WORDS = 64

/** One agent's notes. */
export class Notes {
  /** The number of the agent. */
  readonly agent: number
  /**
   * The words into which the agent encodes an entry. They are part of the notes, if it has any, so it need not copy what it is about to
   * set.
   */
  readonly entry: Int32Array
  readonly #words: Int32Array
  /** The word at which the notes begin; undefined if there is no room for them. */
  readonly #at: number | undefined
  /** How many words of text the notes have room for. */
  readonly #textWords: number

  constructor(words: Int32Array, layout: StoreLayout, agent: number) {
    this.#words = words
    this.agent = agent
    this.#textWords = layout.textWords
    this.#at = roomFor(agent, words, layout)
    this.entry = this.#at === undefined ? new Int32Array(ENTRY_WORDS) : entryAt(words, layout, this.#at)
  }

  /** Whether the agent has room for notes. */
  get exist(): boolean {
    return this.#at !== undefined
  }

  /** Notes that the agent begins or ends changing `occupied` and a slot to go with it. */
  turn(): void {
    if (this.#at !== undefined) Atomics.add(this.#words, this.#at + NOTES.section, 1)
  }

  /**
   * Notes that the agent begins to call a database, and which slot it holds meanwhile, with the control word that the slot has or had. No
   * other note of the agent overwrites this one before `closes`. Beyond `MOST_OPEN` calls, one within the other, it keeps no slot.
   */
  opens(slot: number, control: number): void {
    const at = this.#at
    if (at === undefined) return
    const open = this.#words[at + NOTES.open]!
    if (open >= 0 && open < MOST_OPEN) {
      const entry = at + NOTES.opened + 2 * open
      this.#words[entry] = slot
      this.#words[entry + 1] = control
    }
    this.#words[at + NOTES.open] = open + 1
  }

  closes(): void {
    if (this.#at !== undefined) this.#words[this.#at + NOTES.open]! -= 1
  }

  /**
   * Notes that the agent is about to own a slot whose control word is `control` now, or to give this word to a slot into which it inserts
   * a session.
   */
  beforeOwning(slot: number, control: number): void {
    const at = this.#at
    if (at === undefined) return
    this.#words[at + NOTES.slot] = slot
    this.#words[at + NOTES.control] = control
  }

  /** Notes the entry that the agent is about to set, and returns what `beforeEntering` must note of the write. */
  beforeSetting(entry: Entry): Write {
    const at = this.#at
    if (at === undefined || (entry.words !== this.entry && !this.#copyEntry(entry))) return Write.NOTHING
    this.#words[at + NOTES.keyWords] = entry.keyWords
    this.#words[at + NOTES.entryWords] = entry.size
    return Write.SET
  }

  /** Copies an entry into the notes; returns false if it is too long, and then it does not fit into a session either. */
  #copyEntry({ words, size }: Entry): boolean {
    if (size > this.entry.length) return false
    for (let word = 0; word < size; word++) this.entry[word] = words[word]!
    return true
  }

  /** Notes that the agent is about to enter a record, and the counts that the record has now. */
  beforeEntering(slot: number, control: number, record: number, write: Write): void {
    const at = this.#at
    if (at === undefined) return
    const words = this.#words
    words[at + NOTES.slot] = slot
    words[at + NOTES.control] = control
    words[at + NOTES.accessCount] = words[record + RECORD.accessCount]!
    words[at + NOTES.version] = words[record + RECORD.version]!
    words[at + NOTES.write] = write
  }

  /** Keeps `count` words of the text of a record that the agent has entered, from word `from` of the text on. */
  keepText(record: number, from: number, count: number): void {
    const at = this.#at
    if (at === undefined) return
    const words = this.#words
    copyWords(words, at + NOTES.text, record + RECORD.text + from, count)
    words[at + NOTES.from] = from
    words[at + NOTES.count] = count
    words[at + NOTES.textWords] = words[record + RECORD.textWords]!
    words[at + NOTES.write] = Write.SET_IN_TEXT
  }

  /** Keeps the whole record that the agent has entered. */
  keepRecord(record: number): void {
    const at = this.#at
    if (at === undefined) return
    const words = this.#words
    // Waiting agents change the control word, so it must not be read in this way. `beforeEntering` has noted it.
    const first = RECORD.control + 1
    copyWords(words, at + NOTES.record + first, record + first, RECORD_WORDS - first)
    const used = Math.min(words[record + RECORD.textWords]! >>> 0, this.#textWords)
    copyWords(words, at + NOTES.text, record + RECORD.text, used)
    words[at + NOTES.write] = Write.RECORD
  }
}

/** Returns the word at which an agent's notes begin: those that it has already, or else free ones; undefined if there are none. */
function roomFor(agent: number, words: Int32Array, layout: StoreLayout): number | undefined {
  for (let tried = 0; tried < layout.agents; tried++) {
    const at = notesAt(layout, (agent + tried) % layout.agents)
    const owner = Atomics.load(words, at) || Atomics.compareExchange(words, at, 0, agent)
    if (owner === 0 || owner === agent) return at
  }
  return undefined
}

/** Returns the words of the entry in the notes that begin at word `at`. */
export function entryAt(words: Int32Array, { fields, metadataWords }: StoreLayout, at: number): Int32Array {
  return new Int32Array(words.buffer, 4 * (at + fields.notes.element.at.entry), metadataWords)
}

/** Returns the word at which the notes with this number begin. Their first word is the number of their agent. */
export function notesAt(layout: StoreLayout, number: number): number {
  return layout.at.notes + layout.fields.notes.at(number)
}
