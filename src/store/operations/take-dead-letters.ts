/** takeDeadLetters: hands out the ids of deleted sessions whose rows the database refused to drop, and frees their places. */
import { CLEANING, DEAD_LETTER, inState, stateOf } from '../control.ts'
import type { SessionStore } from '../store.ts'

/** Each id is handed to one caller. The rows are still in the database: they are the caller's to see to. */
export function takeDeadLetters(store: SessionStore): string[] {
  const ids: string[] = []
  for (let slot = 0; slot < store.layout.slots; slot++) {
    const control = store.records.control(slot)
    if (stateOf(control) !== DEAD_LETTER || !store.records.move(slot, control, inState(control, CLEANING))) continue
    ids.push(store.idAt(slot))
    store.release(slot)
  }
  return ids
}
