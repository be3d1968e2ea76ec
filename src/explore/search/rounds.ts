/**
 * Searches of several scenarios, one after the other, with one budget: the clients of an object, or the points at which an actor may
 * crash. If the reduction does not end in time, all of them follow with at most 0, 1, 2 … preemptions, as for one scenario (phases.ts).
 */
import { drawsAtRandom } from '../strategies/strategy.ts'
import type { Bounds } from './options.ts'
import type { Pace } from './pace.ts'
import { REDUCTION_SHARE } from './phases.ts'
import type { Searched } from './searched.ts'
import { emptyTally, gaveUp } from './tally.ts'
import type { Tally } from './tally.ts'

/** What came of searching all scenarios once. */
export interface Round extends Searched {
  /** Whether all of them were searched, and none has failed. */
  readonly isOver: boolean
  /** Whether a bound on preemptions has left out a schedule of some scenario. */
  readonly isBounded: boolean
  /** Whether nothing but such a bound has. */
  readonly isFull: boolean
}

/**
 * Searches all scenarios within the bounds. The tally includes `before`. `reduced`: what came of the first round, in a later one, which
 * may leave out what that has proved.
 */
type SearchAll<Each> = (bounds: Bounds, pace: Pace, before: Tally, reduced?: Each) => Each

/** Searches round after round, until one fails or leaves out nothing. `isWhole`: whether the user has chosen neither a strategy nor a bound. */
export function searchInRounds<Each extends Round>(
  bounds: Bounds,
  isWhole: boolean,
  pace: Pace,
  searchAll: SearchAll<Each>,
): Searched {
  const part = isWhole ? pace.until(REDUCTION_SHARE) : pace
  const reduced = searchAll(bounds, part, emptyTally())
  if (part.stopped !== undefined && !part.isTimeUp) pace.stopped = part.stopped
  const goesOn = isWhole && part.isTimeUp && reduced.smallest.length === 0
  return goesOn ? searchBounds(bounds, pace, reduced, searchAll) : reduced
}

function searchBounds<Each extends Round>(
  bounds: Bounds,
  pace: Pace,
  reduced: Each,
  searchAll: SearchAll<Each>,
): Searched {
  let total = reduced.tally
  for (let preemptions = 0; ; preemptions++) {
    const before = total.schedules
    const round = searchAll({ ...bounds, strategy: 'dfs', preemptions }, pace, total, reduced)
    const isComplete = round.isOver && round.isFull
    const completeUpTo = isComplete ? { preemptions, schedules: round.tally.schedules - before } : total.completeUpTo
    total = { ...round.tally, completeUpTo }
    if (!round.isOver || !round.isBounded) return { ...round, tally: total }
  }
}

/** Returns how many schedules may still be run of all scenarios together. */
export function schedulesLeft({ maxSchedules }: Bounds, { schedules, redundant }: Tally): number {
  return maxSchedules - schedules - redundant
}

/** Returns why a round has ended whose bound on schedules counts for all scenarios together; undefined if it has not ended for that. */
export function whySpent(total: Tally, bounds: Bounds): string | undefined {
  const isSpent = !total.complete && schedulesLeft(bounds, total) <= 0
  return isSpent || drawsAtRandom(bounds.strategy) ? gaveUp(total) : undefined
}
