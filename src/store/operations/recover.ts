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
  DELETED,
  RESERVED,
  isInserting,
  nextSequence,
  ownerOf,
  stateOf,
  withState,
} from '../control.ts'
import { copyWords } from '../../memory/text.ts'
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

/** Mends what the agent with this number has left, and returns what that was. The agent must have been killed or have ended. */
export function recover(store: SessionStore, agent: number): Recovery {
  const report: Tally = { completed: 0, undone: 0, requeued: 0 }
  store.occupancy.endRecount(agent)
  const words = new Int32Array(store.memory)
  for (let number = 0; number < store.layout.agents; number++) {
    const at = notesAt(store.layout, number)
    // What the agent was mending itself must still be mended.
    const mended = Atomics.load(words, at + NOTES.mender) === agent ? Atomics.load(words, at) : 0
    Atomics.compareExchange(words, at + NOTES.mender, agent, 0)
    if (mended !== 0) add(report, recover(store, mended))
    if (Atomics.load(words, at) === agent) mendAll(store, words, at, agent, report)
  }
  store.occupancy.recount()
  return report
}

/** Mends what the agent has left whose notes begin at word `at`, unless another agent does so. */
function mendAll(store: SessionStore, words: Int32Array, at: number, agent: number, report: Tally): void {
  if (Atomics.compareExchange(words, at + NOTES.mender, 0, store.agent) !== 0) return
  const left = { store, words, at, agent, report }
  const last = words[at + NOTES.slot]!
  mend(left, last, words[at + NOTES.control]!)
  // The agent may have left the slot and not yet woken those who wait.
  store.writer.wake(last)
  const open = Math.min(words[at + NOTES.open]!, MOST_OPEN)
  for (let entry = at + NOTES.opened, end = entry + 2 * open; entry < end; entry += 2)
    mend(left, words[entry]!, words[entry + 1]!)
  if ((Atomics.load(words, at + NOTES.section) & 1) === 1) store.occupancy.distrust()
  for (const word of ['section', 'open', 'mender', 'agent'] as const) Atomics.store(words, at + NOTES[word], 0)
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
  const isCompleted = WRITES[words[at + NOTES.write] as Write](left, slot)
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
    copyWords(words, record + RECORD.text + words[at + NOTES.from]!, at + NOTES.text, words[at + NOTES.count]!)
    words[record + RECORD.textWords] = words[at + NOTES.textWords]!
    store.writer.putEntry(slot, entryIn(left))
    return true
  },
  [Write.RECORD]({ store, words, at }, slot) {
    const record = store.records.recordAt(slot)
    const first = RECORD.control + 1
    copyWords(words, record + first, at + NOTES.record + first, RECORD_WORDS - first)
    copyWords(words, record + RECORD.text, at + NOTES.text, words[record + RECORD.textWords]!)
    return false
  },
}

/** Returns the entry that the agent was setting. */
function entryIn({ store, words, at }: Left): Entry {
  const entry = new Entry(entryAt(words, store.layout, at))
  entry.keyWords = words[at + NOTES.keyWords]!
  entry.size = words[at + NOTES.entryWords]!
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
function requeue({ store, report }: Left, slot: number, before: number): void {
  store.records.change(slot, before, stateOf(before))
  report.requeued++
}

function add(to: Tally, more: Recovery): void {
  for (const name of Object.keys(to) as (keyof Recovery)[]) to[name] += more[name]
}
