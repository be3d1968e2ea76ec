/**
 * Explores a scenario whose actors may crash: without a crash, and then with one at each point that matters, until it fails. An actor that
 * crashes is one that ends earlier, so each point is a scenario of its own, to which all that is known of scenarios applies. If the
 * reduction does not end in time, all of them follow with at most 0, 1, 2 … preemptions, as for other scenarios.
 */
import type { Scenario } from '../scenario.ts'
import type { SearchOne } from './explore-clients.ts'
import { withGlobalsReplaced } from './globals/install.ts'
import type { CrashPoint } from './run/crash.ts'
import type { Bounds } from './search/options.ts'
import type { Pace } from './search/pace.ts'
import { named } from './search/parts/helpers.ts'
import type { Helpers } from './search/parts/helpers.ts'
import { schedulesLeft, searchInRounds, whySpent } from './search/rounds.ts'
import type { Round } from './search/rounds.ts'
import type { Searched } from './search/searched.ts'
import { emptyTally, gaveUp, ofBothParts } from './search/tally.ts'
import type { Tally } from './search/tally.ts'
import { drawsAtRandom } from './strategies/strategy.ts'
import { crashText, Crashing } from './subject/crashing.ts'

/** How far the exploration of the points has come. */
export interface CrashesSoFar {
  /** How many points were explored, with the present one. */
  readonly explored: number
  /** The present point; undefined without a crash. */
  readonly point: CrashPoint | undefined
}

/** How to explore a scenario with crashes. */
export interface CrashOptions {
  readonly bounds: Bounds
  /** Whether the user has chosen neither a strategy nor a bound. */
  readonly isWhole: boolean
  /** Threads that help. */
  readonly helpers: Helpers
}

/** Explores a scenario of the right shape. `report` is told of each point before it is explored. */
export function exploreCrashes(
  scenario: Scenario,
  options: CrashOptions,
  pace: Pace,
  searchOne: SearchOne,
  report: (crashes: CrashesSoFar) => void,
): Searched {
  return withGlobalsReplaced(() => new Crashes(scenario, options, searchOne, report).explore(pace))
}

/** What a round has that did not explore all points, beside its tally. */
const NOT_OVER = { isOver: false, isBounded: false, isFull: false }
const NOTHING = { smallest: [], note: undefined, covered: [], inside: [] }

class Crashes {
  readonly #scenario: Scenario
  readonly #options: CrashOptions
  readonly #searchOne: SearchOne
  readonly #report: (crashes: CrashesSoFar) => void
  /** The most points that have been explored in one round. */
  #explored = 0

  constructor(
    scenario: Scenario,
    options: CrashOptions,
    searchOne: SearchOne,
    report: (crashes: CrashesSoFar) => void,
  ) {
    this.#scenario = scenario
    this.#options = options
    this.#searchOne = searchOne
    this.#report = report
  }

  explore(pace: Pace): Searched {
    const { bounds, isWhole } = this.#options
    return searchInRounds(bounds, isWhole, pace, (within, time, before) => this.#round(within, time, before))
  }

  /** Explores the scenario without a crash, and then all points. The tally includes `before`. */
  #round(bounds: Bounds, pace: Pace, before: Tally): Round {
    let total: Tally = { ...before, complete: true, stopped: undefined, isBounded: false }
    let isFull = true
    const left: (CrashPoint | undefined)[] = [undefined]
    for (let explored = 0; left.length > 0; explored++) {
      const point = left.shift()
      const most = mostOf(bounds, total, point === undefined ? undefined : left.length + 1)
      const stopped = most > 0 ? (pace.stopped ?? pace.stop(emptyTally())) : gaveUp(total)
      if (stopped !== undefined) return { tally: { ...total, complete: false, stopped }, ...NOTHING, ...NOT_OVER }
      this.#explored = Math.max(this.#explored, explored)
      this.#report({ explored: this.#explored, point })
      pace.before = total
      const found = this.#search(point, { ...bounds, maxSchedules: most }, pace)
      pace.before = undefined
      if (point === undefined) left.push(...pointsIn(found.tally))
      isFull &&= found.tally.complete || found.tally.completeUpTo !== undefined
      total = withNext(total, found.tally)
      const isLast = left.length === 0
      if (found.smallest.length > 0)
        return { ...found, tally: isLast ? total : { ...total, complete: false }, ...NOT_OVER }
    }
    const stopped = whySpent(total, bounds) ?? total.stopped
    return { tally: { ...total, stopped }, ...NOTHING, isOver: true, isBounded: total.isBounded, isFull }
  }

  #search(point: CrashPoint | undefined, bounds: Bounds, pace: Pace): Searched {
    const { helpers } = this.#options
    if (point === undefined) return this.#searchOne(this.#scenario, bounds, pace, { helpers: named(helpers) })
    const crashing = new Crashing(this.#scenario, point)
    return this.#searchOne(crashing, bounds, pace, { helpers: named(helpers, crashText(point)) })
  }
}

/** Returns the points that a search without a crash has come to. */
function pointsIn({ points }: Tally): CrashPoint[] {
  return [...points].flatMap(([actor, after]) =>
    [...after].toSorted((one, other) => one - other).map((each) => ({ actor, after: each })),
  )
}

/** Returns the tally of all points so far and of the next one. */
function withNext(total: Tally, next: Tally): Tally {
  const both = ofBothParts(total, next)
  const stopped = next.found.size > 0 ? next.stopped : (total.stopped ?? next.stopped)
  return { ...both, complete: total.complete && next.complete, stopped }
}

/**
 * Returns how many schedules may still be run of the next point. `left`: how many points are left, with that one; undefined if they are not
 * known yet, and then it counts as 4. Of strategies that never end by themselves, each point gets its share.
 */
function mostOf(bounds: Bounds, total: Tally, left = 4): number {
  const most = schedulesLeft(bounds, total)
  return drawsAtRandom(bounds.strategy) ? Math.ceil(most / left) : most
}
