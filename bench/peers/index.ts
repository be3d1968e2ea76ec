/** All implementations in JavaScript, in the order in which they are shown. */
import { bySlot } from './by-slot.ts'
import type { Implementation } from './implementation.ts'
import { lmdb } from './lmdb.ts'
import { ownerThread } from './owner-thread.ts'
import { racelab, racelabByCalls } from './racelab.ts'
import { rawAdd } from './raw-add.ts'
import { redis } from './redis.ts'
import { sharedStructs } from './shared-structs.ts'
import { sharedmap } from './sharedmap.ts'
import { sqlite } from './sqlite.ts'

export const implementations: readonly Implementation[] = [
  racelab,
  ownerThread,
  lmdb,
  sqlite,
  redis,
  sharedmap,
  racelabByCalls,
  sharedStructs,
  bySlot,
  rawAdd,
]

/** Returns the implementation with this name. Threads and processes receive the name only. */
export function implementationNamed(name: string): Implementation {
  return implementations.find((each) => each.name === name)!
}
