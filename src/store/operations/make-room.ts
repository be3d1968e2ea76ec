/** makeRoom: frees a slot of a full store, in a bounded number of steps. */
import { ACTIVE, DELETED, stateOf } from '../control.ts'
import type { Database } from '../database/database.ts'
import type { Evict } from '../evict.ts'
import type { Stamp } from '../records.ts'
import { cleanNow } from './run-cleanup.ts'
import type { SessionStore } from '../store.ts'

/** How many slots one sample has. Two thirds of the slots of a full store are taken. */
const SAMPLE = 16
/** How many samples are taken at most until one has a session that may be evicted. */
const SAMPLES = 4

/**
 * Cleans up a deleted or an expired session, or else evicts one that `evict` chooses, and returns whether it has freed a slot. Throws
 * what `evict` throws. If the database refuses to drop the row, it returns false: the session has ended, and the clean-up frees it later.
 *
 * It goes on where the last clean-up stopped, as the hand of a clock does, and looks at `SAMPLE` times `SAMPLES` slots at most. So each
 * call takes some microseconds in a store of any size, and calls that find nothing have together looked at every slot.
 */
export function makeRoom(store: SessionStore, database: Database | undefined, evict: Evict): boolean {
  const { records, layout } = store
  const size = Math.min(SAMPLE, layout.slots)
  const now = Date.now()
  // One object for all of them: a new one each would be most of what a refused creation leaves to the garbage collector.
  const candidate = { isAuthenticated: false, lastActivity: 0, expiresAt: 0, accessCount: 0 }
  for (let sample = 0; sample < SAMPLES; sample++) {
    let chosen: Stamp | undefined
    let lowest = Infinity
    const first = store.nextToClean(size)
    for (let look = 0; look < size; look++) {
      const slot = (first + look) % layout.slots
      const control = records.control(slot)
      const state = stateOf(control)
      if (state !== ACTIVE && state !== DELETED) continue
      records.readCandidate(slot, candidate)
      if (state === DELETED || candidate.expiresAt <= now) {
        const { cleaned, failed } = cleanNow(store, database, slot)
        if (cleaned + failed > 0) return cleaned > 0
        continue
      }
      const worth = evict(candidate)
      if (!(worth < lowest)) continue
      lowest = worth
      chosen = { slot, control }
    }
    // A session that was used meanwhile is not evicted.
    if (chosen === undefined || !store.removeIf(chosen)) continue
    store.count('evicted')
    const { cleaned, failed } = cleanNow(store, database, chosen.slot)
    // Another agent may have cleaned the session up, and has its room.
    if (cleaned + failed > 0) return cleaned > 0
  }
  return false
}
