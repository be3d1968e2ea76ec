/** takeDeadLetters: returns the ids of the dead letters, and frees their slots. */
import { DEAD_LETTER, stateOf } from '../control.ts'
import type { SessionStore } from '../store.ts'

/**
 * Returns the ids of all dead letters, each to one caller only, and frees their slots. Their rows are still in the database; the
 * caller must drop them. One pass over the slots.
 */
export function takeDeadLetters(store: SessionStore): string[] {
  const ids: string[] = []
  for (let slot = 0; slot < store.layout.slots; slot++) {
    const control = store.records.control(slot)
    if (stateOf(control) !== DEAD_LETTER || !store.records.clean(slot, control)) continue
    ids.push(store.idAt(slot))
    store.release(slot, control)
    store.records.cleaned()
  }
  return ids
}
