/** All contestants that run on Node's own threads, in the order in which they are shown. */
import { bySlot } from './by-slot.ts'
import type { Contestant } from './contestant.ts'
import { lmdb } from './lmdb.ts'
import { ownerThread } from './owner-thread.ts'
import { racelab, racelabByCalls } from './racelab.ts'
import { rawAdd } from './raw-add.ts'
import { redis } from './redis.ts'
import { sharedStructs } from './shared-structs.ts'
import { sharedmap } from './sharedmap.ts'
import { sqlite } from './sqlite.ts'

export const contestants: readonly Contestant[] = [
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

/** The one of that name, which is how threads are told. */
export function contestantNamed(name: string): Contestant {
  return contestants.find((each) => each.name === name)!
}
