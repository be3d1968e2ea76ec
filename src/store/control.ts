/**
 * The control word: one word a slot decides everything about its session: whether it exists, who may write, and whether what
 * was read still stands. Every count is a count of these states.
 *
 *   bits 0–3    state       who may leave it, and to where
 *     FREE         0        anybody who claims the slot                       → CLAIMED
 *     CLAIMED      1        the claimer, when the record is written           → INSERTING, RESERVING
 *     INSERTING    2        anybody: once found to be the only one of its id  → ACTIVE, or a second one → COLLIDED
 *     RESERVING    3        in the same way                                   → RESERVED, or COLLIDED
 *     COLLIDED     4        the claimer: tries again or gives up              → INSERTING, RESERVING, FREE
 *     RESERVED     5        the claimer, once the database has the row        → ACTIVE, FREE
 *     ACTIVE       6        a writer, or a deleter                            → WRITING, DELETED
 *     WRITING      7        the writer; a waiter may mark it                  → ACTIVE, AWAITED
 *     AWAITED      8        the writer, who then wakes the waiters            → ACTIVE
 *     DELETED      9        a cleaner; this is the clean-up queue             → CLEANING
 *     CLEANING    10        that cleaner                                      → FREE, DELETED, DEAD_LETTER
 *     DEAD_LETTER 11        whoever takes it                                  → FREE
 *   bits 4–31   sequence    grows whenever the record may have changed
 *
 * Invariants
 *   I1  While the word stays the same, and is not CLAIMED, WRITING, AWAITED or CLEANING, the record stays the same.
 *   I2  The id stays the same from INSERTING or RESERVING until FREE.
 *   I3  A slot is one session at a time, and is counted under one state.
 *
 * The sequence has 28 bits: a reader that is suspended for exactly a multiple of 268,435,456 changes of one session would
 * take the new record for the old one. A change costs a tenth of a microsecond, so that is half a minute to the microsecond.
 */

export const FREE = 0
export const CLAIMED = 1
export const INSERTING = 2
export const RESERVING = 3
export const COLLIDED = 4
export const RESERVED = 5
export const ACTIVE = 6
export const WRITING = 7
export const AWAITED = 8
export const DELETED = 9
export const CLEANING = 10
export const DEAD_LETTER = 11

const STATE = 15
const ONE = 16

export function stateOf(control: number): number {
  return control & STATE
}

/** The same sequence in another state: the record has not changed. */
export function inState(control: number, state: number): number {
  return (control & ~STATE) | state
}

/** The next sequence, in this state: the record may have changed. */
export function next(control: number, state: number): number {
  return inState((control + ONE) | 0, state)
}

/** Whether a session sits there that is visible: it can be read, or will be in a moment. */
export function isLive(control: number): boolean {
  const state = stateOf(control)
  return state >= ACTIVE && state <= AWAITED
}

/** Whether it is being decided if the slot's session is the only one of its id. */
export function isInserting(control: number): boolean {
  return stateOf(control) === INSERTING || stateOf(control) === RESERVING
}

/** Whether the slot's id is taken: reserved, live, deleted and not yet cleaned up, or a dead letter. */
export function isTaken(control: number): boolean {
  return stateOf(control) >= RESERVED
}
