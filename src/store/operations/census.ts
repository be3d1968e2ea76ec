/** census: counts the sessions of a store by state, in one pass over the control words. */
import { ACTIVE, CLEANING, DEAD_LETTER, DELETED } from '../control.ts'
import type { SessionStore } from '../store.ts'

/** How many sessions there are in each state. An expired session is counted as deleted, because it is due for clean-up. */
export interface Census {
  readonly active: number
  readonly deleted: number
  readonly deadLetters: number
}

/**
 * Counts the sessions in one pass over the slots. Each slot is counted once, under the state that it has when the pass
 * reads it.
 */
export function census({ records, layout }: SessionStore): Census {
  let active = 0
  let deleted = 0
  let deadLetters = 0
  for (let slot = 0; slot < layout.slots; slot++) {
    const state = records.countedState(slot)
    if (state === ACTIVE) active++
    else if (state === DELETED || state === CLEANING) deleted++
    else if (state === DEAD_LETTER) deadLetters++
  }
  return { active, deleted, deadLetters }
}
