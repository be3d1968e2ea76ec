/**
 * A verdict at any budget. The reduction comes first. If it will not end in time, schedules with at most 0, 1, 2 … preemptions
 * follow, each bound to its end: most bugs need one or two preemptions (P. Thomson, A. Donaldson and A. Betts, "Concurrency
 * Testing Using Schedule Bounding: an Empirical Study", PPoPP 2014).
 */
import type { ControlledScenario } from '../subject/controlled-scenario.ts'
import { estimateSchedules } from './estimate.ts'
import type { Bounds } from './options.ts'
import type { Pace } from './pace.ts'
import type { Helpers } from './parts/helpers.ts'
import { searchInParts } from './parts/search-in-parts.ts'
import { added } from './tally.ts'
import type { Tally } from './tally.ts'

/** After this share of the time, the search estimates how long the reduction will take. */
const LOOK_AHEAD_AT = 0.1
/** The estimate ends after this share of the time. */
const ESTIMATED_BY = 0.2
const WALKS = 1000
/** Where the reduction seems to end in time, it gets this share of it. */
export const REDUCTION_SHARE = 0.75

/** Searches a scenario for which the user has chosen neither a strategy nor a bound. */
export function searchInPhases(
  controlled: ControlledScenario,
  bounds: Bounds,
  allFailures: boolean,
  pace: Pace,
  { helpers }: { readonly helpers: Helpers },
): Tally {
  const part = pace.until(REDUCTION_SHARE)
  const outlook = new Outlook(controlled, bounds, part, pace)
  const reduced = searchInParts(controlled, bounds, allFailures, part, { midway: outlook, helpers })
  const { estimate } = outlook
  const isOver = reduced.complete || (reduced.found.size > 0 && !allFailures)
  const isInterrupted = part.stopped !== undefined && !part.isTimeUp
  if (isInterrupted) pace.stopped = part.stopped
  if (isInterrupted && !isOver) return { ...reduced, estimate, stopped: part.stopped }
  if (isOver || !(part.isTimeUp || outlook.isHopeless)) return { ...reduced, estimate }
  return searchBounds(controlled, bounds, allFailures, pace, { ...reduced, estimate }, helpers)
}

/** Runs the schedules with at most 0, 1, 2 … preemptions, and returns the tally with what has been found before. */
function searchBounds(
  controlled: ControlledScenario,
  bounds: Bounds,
  allFailures: boolean,
  pace: Pace,
  reduced: Tally,
  helpers: Helpers,
): Tally {
  let total = reduced
  for (let preemptions = 0; ; preemptions++) {
    pace.before = total
    controlled.engine.startOver()
    const found = searchInParts(controlled, { ...bounds, strategy: 'dfs', preemptions }, allFailures, pace, { helpers })
    total = added(total, found)
    const isOver = found.found.size > 0 && !allFailures
    // Where loops are cut off, no bound is complete; the next one may find more all the same.
    if (pace.stopped === undefined && !isOver && found.isBounded) continue
    pace.before = undefined
    return total
  }
}

/** Estimates, once, how long the reduction will take. */
class Outlook {
  /** About how many schedules the reduction will run; undefined if that is not known. */
  estimate: number | undefined
  /** Whether it will not end in time. */
  isHopeless = false
  readonly #controlled: ControlledScenario
  readonly #bounds: Bounds
  readonly #part: Pace
  readonly #whole: Pace
  #looked = false

  constructor(controlled: ControlledScenario, bounds: Bounds, part: Pace, whole: Pace) {
    this.#controlled = controlled
    this.#bounds = bounds
    this.#part = part
    this.#whole = whole
  }

  get isDue(): boolean {
    return !this.#looked && this.#whole.elapsed > this.#whole.span(LOOK_AHEAD_AT)
  }

  /** Estimates, and returns whether the reduction should go on. Undoes all steps of the present schedule. */
  look(tally: Tally, meanwhile = (): void => {}): boolean {
    this.#looked = true
    const { schedules } = tally
    const { elapsed } = this.#whole
    const isTimeUp = (): boolean => {
      meanwhile()
      return this.#part.stop(tally) !== undefined || this.#whole.elapsed > this.#whole.span(ESTIMATED_BY)
    }
    const estimate = estimateSchedules(this.#controlled.engine, WALKS, this.#bounds.seed, isTimeUp)
    const needed = timeNeeded(estimate, schedules, elapsed)
    // A few walks can be far off.
    this.estimate = needed < 0 ? undefined : estimate
    this.isHopeless = needed > this.#part.span(1) - this.#part.elapsed
    return !this.isHopeless
  }
}

/**
 * Returns how long a search will go on that has run some schedules in this time, given the estimate of all. It is less than 0 if the
 * estimate is too small. If no walk came to its end in time, nor will the search.
 */
export function timeNeeded(estimate: number | undefined, schedules: number, elapsed: number): number {
  return (((estimate ?? Infinity) - schedules) * elapsed) / Math.max(1, schedules)
}
