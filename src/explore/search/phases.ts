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
import type { Midway } from './search.ts'
import { added } from './tally.ts'
import type { Tally } from './tally.ts'

/**
 * The shares of the time after which the search estimates how long the reduction will take, and after which it has done so. After the
 * first time only if it has seen more by then than it has estimated: a few walks can be far off.
 */
const LOOKS = [
  { at: 0.07, by: 0.13 },
  { at: 0.16, by: 0.2 },
  { at: 0.25, by: 0.32 },
] as const
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
  const outlook = new Outlook(
    (seed, isTimeUp) => estimateSchedules(controlled.engine, WALKS, bounds.seed + seed, isTimeUp),
    part,
    pace,
  )
  const reduced = searchInParts(controlled, bounds, allFailures, part, { midway: outlook, helpers })
  const estimate = outlook.estimateBeyond(reduced)
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

/** Estimates from walks with a seed, until they are done or `isTimeUp` returns true; undefined if no walk came to its end. */
type Estimator = (seed: number, isTimeUp: () => boolean) => number | undefined

type Time = Pick<Pace, 'elapsed' | 'span' | 'stop'>

/** Estimates how long the reduction will take. */
export class Outlook implements Midway {
  /** Whether it will not end in time. */
  isHopeless = false
  #estimate: number | undefined
  #looks = 0
  readonly #estimator: Estimator
  readonly #part: Time
  readonly #whole: Time

  /** `part`: the time of the reduction, which is a part of the whole. */
  constructor(estimator: Estimator, part: Time, whole: Time) {
    this.#estimator = estimator
    this.#part = part
    this.#whole = whole
  }

  /** About how many schedules there are; undefined if that is not known, or if the reduction has seen more already. */
  estimateBeyond({ schedules }: Tally): number | undefined {
    return (this.#estimate ?? 0) > schedules ? this.#estimate : undefined
  }

  get isDue(): boolean {
    const look = LOOKS[this.#looks]
    return look !== undefined && this.#whole.elapsed > this.#whole.span(look.at)
  }

  look(tally: Tally, meanwhile = (): void => {}): boolean {
    const seed = this.#looks++
    if (this.estimateBeyond(tally) !== undefined) return true
    const { elapsed } = this.#whole
    const end = this.#whole.span(LOOKS[seed]!.by)
    const estimate = this.#estimator(seed, () => {
      meanwhile()
      return this.#part.stop(tally) !== undefined || this.#whole.elapsed > end
    })
    const left = this.#part.span(1) - this.#part.elapsed
    this.#estimate = estimate
    const isLast = this.#looks === LOOKS.length
    this.isHopeless = isTooMuch({ estimate, schedules: tally.schedules, elapsed, left, isLast })
    return !this.isHopeless
  }
}

/** What is known when a search has looked ahead. */
interface View {
  /** Undefined if no walk came to its end in time. */
  readonly estimate: number | undefined
  /** How many schedules have been run in the time that has elapsed. */
  readonly schedules: number
  readonly elapsed: number
  /** How much time is left. */
  readonly left: number
  /** Whether the search will not look again. */
  readonly isLast: boolean
}

/**
 * Whether a search will not end in time. If there is no estimate, or it is too small, nothing is known; where no estimate comes near
 * what has been seen, there is much more than that.
 */
function isTooMuch({ estimate = 0, schedules, elapsed, left, isLast }: View): boolean {
  if (estimate < schedules) return isLast
  return ((estimate - schedules) * elapsed) / Math.max(1, schedules) > left
}
