/** The loads that only the benches use, by name. */
import type { LessonLoad } from '../../src/lab/lessons/bug.ts'
import { cleanup } from './cleanup.ts'
import { growth } from './growth.ts'
import { primitives } from './primitives.ts'
import { retryCost } from './retry-cost.ts'
import { soak } from './soak.ts'

export const loads: ReadonlyMap<string, LessonLoad> = new Map<string, LessonLoad>([
  ['cleanup', cleanup],
  ['growth', growth],
  ['primitives', primitives],
  ['retry-cost', retryCost],
  ['soak', soak],
])
