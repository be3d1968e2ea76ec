/**
 * recover: mends what a thread has left that was killed in the middle of an operation. The operation then has happened as a whole, or
 * not at all.
 *
 *   state of the slot       what the recovery does
 *     WRITING, AWAITED        completes the write if the notes say all of it, else undoes it; wakes the waiting agents
 *     CLAIMED, COLLIDED       frees the slot
 *     INSERTING, RESERVING    decides on the insertion as any agent may, then as for the state that follows
 *     RESERVED                gives the session to the clean-up, because the agent may have stored its row
 *     CLEANING                gives the session back to the clean-up, or to the dead letters
 */
import {
  ACTIVE,
  CLAIMED,
  CLEANING,
  COLLIDED,
  DEAD_LETTER,
  DELETED,
  RESERVED,
  isInserting,
  nextSequence,
  ownerOf,
  stateOf,
  withState,
} from '../control.ts'
import { copyWords } from '../../memory/text.ts'
import { CorruptStoreError } from '../errors.ts'
import { MOST_OPEN, NOTES, RECORD, RECORD_WORDS } from '../layout.ts'
import { Entry } from '../metadata.ts'
import { Write, entryAt, notesAt } from '../notes.ts'
import { encodeTime } from '../record.ts'
import type { SessionStore } from '../store.ts'

/** What a recovery has mended: how many operations it has ended, and how. */
export interface Recovery {
  /** Writes and creations that were completed. */
  readonly completed: number
  /** Writes and creations that were undone. If there is a database, the clean-up drops the row of the session. */
  readonly undone: number
  /** Clean-ups that will be done again. */
  readonly requeued: number
}

type Tally = { -readonly [Name in keyof Recovery]: Recovery[Name] }

/**
 * Mends what the agent with this number has left, and returns what that was. The agent must have been killed or have ended. Throws
 * CorruptStoreError if what it has left is damaged; a slot that it owns stays as it is.
 */
export function recover(store: SessionStore, agent: number): Recovery {
  const report: Tally = { completed: 0, undone: 0, requeued: 0 }
  recoverInto(report, store, agent)
  store.occupancy.recount()
  return report
}

function recoverInto(report: Tally, store: SessionStore, agent: number): void {
  store.occupancy.endRecount(agent)
  const words = new Int32Array(store.memory)
  for (let number = 0; number < store.layout.agents; number++) {
    const at = notesAt(store.layout, number)
    // What the agent was mending itself must still be mended.
    const mended = Atomics.load(words, at + NOTES.mender) === agent ? Atomics.load(words, at) : 0
    Atomics.compareExchange(words, at + NOTES.mender, agent, 0)
    if (mended !== 0) recoverInto(report, store, mended)
    if (Atomics.load(words, at) === agent) mendAll(store, words, at, agent, report)
  }
}

/** Mends what the agent has left whose notes begin at word `at`, unless another agent does so. */
function mendAll(store: SessionStore, words: Int32Array, at: number, agent: number, report: Tally): void {
  if (Atomics.compareExchange(words, at + NOTES.mender, 0, store.agent) !== 0) return
  const left = { store, words, at, agent, report }
  try {
    mendEach(left)
  } catch (damage) {
    // A later recovery may try again.
    Atomics.store(words, at + NOTES.mender, 0)
    throw damage
  }
  if ((Atomics.load(words, at + NOTES.section) & 1) === 1) store.occupancy.distrust()
  for (const word of ['section', 'open', 'mender', 'agent'] as const) Atomics.store(words, at + NOTES[word], 0)
}

/** Mends the slots that an agent has noted. */
function mendEach(left: Left): void {
  const { store, words, at } = left
  const last = words[at + NOTES.slot]!
  mend(left, last, words[at + NOTES.control]!)
  // The agent may have left the slot and not yet woken those who wait.
  store.writer.wake(last)
  const open = Math.min(words[at + NOTES.open]!, MOST_OPEN)
  for (let entry = at + NOTES.opened, end = entry + 2 * open; entry < end; entry += 2)
    mend(left, words[entry]!, words[entry + 1]!)
}

/** What an agent has left. */
interface Left {
  readonly store: SessionStore
  readonly words: Int32Array
  /** The word at which its notes begin. */
  readonly at: number
  readonly agent: number
  readonly report: Tally
}

/** Mends a slot if the agent has left it. `noted` is the control word that it noted. */
function mend(left: Left, slot: number, noted: number): void {
  check(left, slot >= 0 && slot < left.store.layout.slots, `slot ${slot}`)
  const control = left.store.records.control(slot)
  const state = stateOf(control)
  if (ownerOf(control) !== left.agent) finish(left, slot, control, noted)
  else if (state === CLAIMED) withdraw(left, slot, nextSequence(noted, CLAIMED))
  else if (state === CLEANING) requeue(left, slot, noted)
  else endWrite(left, slot, noted)
}

/** Ends a write: completes it if the notes say all that it was to write, and else undoes it. */
function endWrite(left: Left, slot: number, before: number): void {
  const { store, words, at, report } = left
  const write = words[at + NOTES.write]!
  check(left, write in WRITES, `a write of kind ${write}`)
  const isCompleted = WRITES[write as Write](left, slot)
  if (isCompleted) {
    const record = store.records.recordAt(slot)
    words[record + RECORD.accessCount] = (words[at + NOTES.accessCount]! + 1) | 0
    words[record + RECORD.version] = (words[at + NOTES.version]! + 1) | 0
    encodeTime(words, record + RECORD.lastActivity, Date.now())
  }
  store.writer.leave(slot, before)
  if (isCompleted) report.completed++
  else report.undone++
}

/** What is done about a write, beside its counts; each may be done again. Returns whether the write is completed. */
const WRITES: Record<Write, (left: Left, slot: number) => boolean> = {
  [Write.NOTHING]: () => false,
  [Write.COUNT]: () => true,
  [Write.SET]: (left, slot) => left.store.writer.putValue(slot, entryIn(left)),
  [Write.SET_IN_TEXT](left, slot) {
    const { store, words, at } = left
    const record = store.records.recordAt(slot)
    const from = words[at + NOTES.from]!
    const count = words[at + NOTES.count]!
    check(left, from >= 0 && count >= 0 && from + count <= store.layout.textWords, `text from word ${from} on`)
    copyWords(words, record + RECORD.text + from, at + NOTES.text, count)
    words[record + RECORD.textWords] = words[at + NOTES.textWords]!
    store.writer.putEntry(slot, entryIn(left))
    return true
  },
  [Write.RECORD](left, slot) {
    const { store, words, at } = left
    const record = store.records.recordAt(slot)
    const first = RECORD.control + 1
    const used = words[at + NOTES.record + RECORD.textWords]!
    check(left, used >= 0 && used <= store.layout.textWords, `a record with ${used} words of text`)
    copyWords(words, record + first, at + NOTES.record + first, RECORD_WORDS - first)
    copyWords(words, record + RECORD.text, at + NOTES.text, used)
    return false
  },
}

/** Returns the entry that the agent was setting. */
function entryIn(left: Left): Entry {
  const { store, words, at } = left
  const entry = new Entry(entryAt(words, store.layout, at))
  entry.keyWords = words[at + NOTES.keyWords]!
  entry.size = words[at + NOTES.entryWords]!
  const areFit = entry.keyWords > 0 && entry.size > entry.keyWords && entry.size <= store.layout.metadataWords
  check(left, areFit, `an entry of ${entry.size} words`)
  return entry
}

/** Ends an insertion, if the slot still has the session that the agent was inserting. */
function finish(left: Left, slot: number, control: number, noted: number): void {
  const { store, report } = left
  // It was about to try again.
  if (stateOf(control) === COLLIDED && nextSequence(control, stateOf(noted)) === noted) {
    withdraw(left, slot, control)
    return
  }
  if (!haveOneSequence(control, noted)) return
  const settled = isInserting(control) ? store.settle(slot, control) : control
  // If it has another sequence now, the insertion was completed, and the slot may have another session.
  const state = haveOneSequence(settled, noted) ? stateOf(settled) : ACTIVE
  if (state === COLLIDED) withdraw(left, slot, settled)
  else if (state === RESERVED) {
    store.records.change(slot, settled, DELETED)
    report.undone++
  } else if (isInserting(control)) report.completed++
}

/** Whether two control words have the same sequence. In one slot, only one session has it. */
function haveOneSequence(one: number, other: number): boolean {
  return withState(one, stateOf(other)) === other
}

function withdraw({ store, report }: Left, slot: number, control: number): void {
  store.release(slot, control)
  report.undone++
}

/** Gives a slot back that was being cleaned up, and that had the control word `before`. */
function requeue(left: Left, slot: number, before: number): void {
  const { store, report } = left
  const state = stateOf(before)
  check(left, state === DELETED || state === DEAD_LETTER, `a clean-up in state ${state}`)
  store.records.change(slot, before, state)
  report.requeued++
}

/** Throws CorruptStoreError unless the agent can have noted what the words say. */
function check({ agent }: Left, can: boolean, noted: string): void {
  if (!can) throw new CorruptStoreError(`The notes of agent ${agent} are damaged: they say ${noted}`)
}
