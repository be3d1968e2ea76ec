/** takeDeadLetters: returns the ids of the dead letters, and frees their slots. */
import { DEAD_LETTER, stateOf } from '../control.ts'
import { idOfTaken } from './run-cleanup.ts'
import type { SessionStore } from '../store.ts'

/**
 * Returns the ids of all dead letters, each to one caller only, and frees their slots. Their rows are still in the database; the
 * caller must drop them. One pass over the slots. A damaged one stays: if there is no other, this throws CorruptStoreError.
 */
export function takeDeadLetters(store: SessionStore): string[] {
  const ids: string[] = []
  let failure: unknown
  for (let slot = 0; slot < store.layout.slots; slot++) {
    const control = store.records.control(slot)
    if (stateOf(control) !== DEAD_LETTER || !store.records.clean(slot, control)) continue
    try {
      ids.push(idOfTaken(store, slot, control))
    } catch (damage) {
      failure = damage
      continue
    }
    store.release(slot, control)
    store.records.cleaned()
  }
  if (failure !== undefined && ids.length === 0) throw failure
  return ids
}
