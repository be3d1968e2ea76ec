/**
 * The control word: one word per slot decides everything about the slot's session: whether it exists, which agent may write it,
 * and whether what a reader has read is still valid. Every count of sessions is a count of these states.
 *
 * In the states CLAIMED, WRITING, AWAITED and CLEANING one agent owns the slot, and the word says which. In all others the word has a
 * sequence, which grows whenever the record may have changed. The owner takes the next sequence when it leaves.
 *
 *   bits 0–3    state       which agent moves the slot on, and to which state
 *     FREE         0        an agent that claims the slot                         → CLAIMED
 *     CLAIMED      1        the claimer, when it has written the record           → INSERTING, RESERVING
 *     INSERTING    2        any agent that knows whether the id is unique         → ACTIVE if it is, COLLIDED if not
 *     RESERVING    3        any agent that knows whether the id is unique         → RESERVED if it is, COLLIDED if not
 *     COLLIDED     4        the claimer, which tries again or gives up            → INSERTING, RESERVING, FREE
 *     RESERVED     5        the claimer, when the database has answered           → ACTIVE if it stored the row, FREE if not
 *     ACTIVE       6        a writer, or an agent that deletes the session        → WRITING, DELETED
 *     WRITING      7        the writer, or a waiting agent that marks the word    → ACTIVE, AWAITED
 *     AWAITED      8        the writer, which then wakes the waiting agents       → ACTIVE
 *     DELETED      9        a cleaner; the deleted slots are the clean-up queue   → CLEANING
 *     CLEANING    10        that cleaner                                          → FREE, DELETED, DEAD_LETTER
 *     DEAD_LETTER 11        an agent that takes the dead letter                   → FREE
 *   bits 4–31   the sequence, or the number of the owner
 *
 * Invariants
 *   I1  While the word stays the same, and its state is not CLAIMED, WRITING, AWAITED or CLEANING, the record stays the same.
 *   I2  The id stays the same from INSERTING or RESERVING until FREE.
 *   I3  A slot holds one session at a time, and is counted under one state.
 *
 * The sequence has 28 bits. If a reader is suspended while one session changes exactly 268,435,456 times, or a multiple of that,
 * it takes the new record for the old one. A change takes about 0.1 µs, so the reader would have to be suspended for about half a
 * minute, and for the right microsecond.
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

/** The states in which one agent owns the slot. */
const OWNED = new Set([CLAIMED, WRITING, AWAITED, CLEANING])

const STATE = 15
const ONE = 16
/** Where the number of an owner begins. */
const OWNER_BIT = 4

/** Returns the state in a control word. */
export function stateOf(control: number): number {
  return control & STATE
}

/** Returns the control word with the same sequence and another state, for a step that does not change the record. */
export function withState(control: number, state: number): number {
  return (control & ~STATE) | state
}

/** Returns the control word with the next sequence and the given state, for a step that may change the record. */
export function nextSequence(control: number, state: number): number {
  return withState((control + ONE) | 0, state)
}

/** Returns the control word of a slot that an agent owns, in a state in which slots are owned. */
export function ownedBy(agent: number, state: number): number {
  return (agent << OWNER_BIT) | state
}

/** Returns the number of the agent that owns a slot with this control word; undefined if none does. */
export function ownerOf(control: number): number | undefined {
  return OWNED.has(stateOf(control)) ? control >>> OWNER_BIT : undefined
}

/** Returns whether the slot holds a visible session: a reader can read it, or can when the writer inside has left. */
export function isLive(control: number): boolean {
  const state = stateOf(control)
  return state >= ACTIVE && state <= AWAITED
}

/** Returns whether the agents have still to decide if the slot's session is the only one with its id. */
export function isInserting(control: number): boolean {
  return stateOf(control) === INSERTING || stateOf(control) === RESERVING
}

/**
 * Returns whether the slot's session has taken its id. It has if it is reserved, live, deleted and not yet cleaned up, or a dead
 * letter.
 */
export function isTaken(control: number): boolean {
  return stateOf(control) >= RESERVED
}
