/**
 * The notes of an agent: what it is about to own, and what it overwrites there. If the agent is killed, another one reads the notes
 * and mends what it has left (operations/recover.ts). No agent reads them otherwise.
 *
 * They are plain stores into a cache line of the agent's own, so they cost almost nothing. A thread is killed between two of its
 * steps, and the event of its exit comes after all of them, so a plain store that stands before another one is enough: what is kept
 * was noted before it was overwritten.
 *
 * A store has room for the notes of a number of agents. Of an agent beyond them nothing is kept: what it notes all the same goes into
 * memory of its own, where nobody reads it.
 */
import { MOST_OPEN, NOTES, RECORD, RECORD_WORDS } from './layout.ts'
import type { StoreLayout } from './layout.ts'
import type { Entry } from './metadata.ts'

/** What the notes on a write say of it, beside the counts of the record before. */
export const Write = {
  /** Nothing has been changed yet. */
  NOTHING: 0,
  /** An access is counted, and nothing else is changed. */
  COUNT: 1,
  /** The entry in `entry` is set, and an access is counted. Nothing of the text has been changed but the value of the same key. */
  SET: 2,
  /** The same, and a part of the text has been changed that is kept. */
  SET_IN_TEXT: 3,
  /** The whole record is kept. */
  RECORD: 4,
} as const
export type Write = (typeof Write)[keyof typeof Write]

/** What agents without room note, one over the other. */
let unread = new Int32Array(1024)

/** One agent's notes. */
export class Notes {
  /** The number of the agent. */
  readonly agent: number
  readonly #shared: Int32Array
  readonly #layout: StoreLayout
  /** The words that have the notes, and the one at which they begin. */
  readonly #words: Int32Array
  #at = 0
  /** The words of the notes that hold an entry. It is encoded there, so that no copy of it need be made. */
  readonly entry: Int32Array

  constructor(words: Int32Array, layout: StoreLayout, agent: number) {
    this.#shared = words
    this.#layout = layout
    this.agent = agent
    this.#words = this.#find()
    const at = this.#at + layout.fields.notes.element.at.entry
    this.entry = new Int32Array(this.#words.buffer, 4 * at, layout.metadataWords)
  }

  /** Whether another agent can read the notes. */
  get areShared(): boolean {
    return this.#words === this.#shared
  }

  /** Notes that the agent begins or ends changing `occupied` and a slot to go with it. */
  turn(): void {
    Atomics.add(this.#words, this.#at + NOTES.section, 1)
  }

  /**
   * Notes that the agent begins to call a database, while it holds a slot that has or had this control word. Whatever else it notes
   * before `closes`, this stays. Beyond `MOST_OPEN` calls, one within the other, nothing is noted.
   */
  opens(slot: number, control: number): void {
    const open = this.#words[this.#at + NOTES.open]!
    if (open < MOST_OPEN) {
      const at = this.#at + NOTES.opened + 2 * open
      this.#words[at] = slot
      this.#words[at + 1] = control
    }
    this.#words[this.#at + NOTES.open] = open + 1
  }

  closes(): void {
    this.#words[this.#at + NOTES.open]! -= 1
  }

  /**
   * Notes that the agent is about to own a slot whose control word is `control` now, or to give this word to a slot into which it inserts
   * a session.
   */
  beforeOwning(slot: number, control: number): void {
    const notes = this.#words
    notes[this.#at + NOTES.slot] = slot
    notes[this.#at + NOTES.control] = control
  }

  /** Notes the entry that the agent is about to set, and returns what the notes on the write will say. */
  beforeSetting(entry: Entry): Write {
    const notes = this.#words
    const at = this.#at
    if (entry.words !== this.entry && !this.#copyEntry(entry)) return Write.NOTHING
    notes[at + NOTES.keyWords] = entry.keyWords
    notes[at + NOTES.entryWords] = entry.size
    return Write.SET
  }

  /** Copies an entry into the notes; returns false if it is too long, and then it does not fit into a session either. */
  #copyEntry({ words, size }: Entry): boolean {
    if (size > this.entry.length) return false
    for (let word = 0; word < size; word++) this.entry[word] = words[word]!
    return true
  }

  /** Notes that the agent is about to enter a record, and the counts that it has now. */
  beforeEntering(slot: number, control: number, record: number, write: Write): void {
    const notes = this.#words
    const at = this.#at
    const words = this.#shared
    if (notes !== words) return
    notes[at + NOTES.slot] = slot
    notes[at + NOTES.control] = control
    notes[at + NOTES.accessCount] = words[record + RECORD.accessCount]!
    notes[at + NOTES.version] = words[record + RECORD.version]!
    notes[at + NOTES.write] = write
  }

  /** Keeps `count` words of the text of a record that the agent has entered, from word `from` of the text on. */
  keepText(record: number, from: number, count: number): void {
    const notes = this.#words
    const at = this.#at
    const words = this.#shared
    if (notes !== words) return
    const text = record + RECORD.text + from
    for (let word = 0; word < count; word++) notes[at + NOTES.text + word] = words[text + word]!
    notes[at + NOTES.from] = from
    notes[at + NOTES.count] = count
    notes[at + NOTES.textWords] = words[record + RECORD.textWords]!
    notes[at + NOTES.write] = Write.SET_IN_TEXT
  }

  /** Keeps the whole record that the agent has entered. */
  keepRecord(record: number): void {
    const notes = this.#words
    const at = this.#at
    const words = this.#shared
    if (notes !== words) return
    const count = words[record + RECORD.textWords]!
    // Waiting agents change the control word, which `beforeEntering` has noted.
    const first = RECORD.control + 1
    for (let word = first; word < RECORD_WORDS; word++) notes[at + NOTES.record + word] = words[record + word]!
    for (let word = 0; word < count; word++) notes[at + NOTES.text + word] = words[record + RECORD.text + word]!
    notes[at + NOTES.write] = Write.RECORD
  }

  /** Finds the agent's notes, or takes some that are nobody's. */
  #find(): Int32Array {
    const { agents } = this.#layout
    for (let tried = 0; tried < agents; tried++) {
      const at = notesAt(this.#layout, (this.agent + tried) % agents)
      const owner = Atomics.load(this.#shared, at) || Atomics.compareExchange(this.#shared, at, 0, this.agent)
      if (owner !== 0 && owner !== this.agent) continue
      this.#at = at
      return this.#shared
    }
    const size = this.#layout.fields.notes.element.words
    if (unread.length < size) unread = new Int32Array(size)
    return unread
  }
}

/** Returns the word at which the notes with this number begin. Their first word is the number of their agent. */
export function notesAt(layout: StoreLayout, number: number): number {
  return layout.at.notes + layout.fields.notes.at(number)
}
