/**
 * Makes a failing schedule easy to read: finds the same failure with the fewest preemptions, and then the fewest steps.
 *
 * Depth-first searches bounded by 0, 1, 2 … preemptions look for the failure. The first bound under which it is found
 * is the least number of preemptions. Each search runs to its end to find the fewest steps. When the budget or the time
 * is used up earlier, the smallest schedule found so far is the result. Of several that are as small, it is the first one in the
 * order of these searches, however the failure was found.
 */
import type { Step } from '../model/actor.ts'
import type { Engine } from '../run/engine.ts'
import type { Fault } from '../subject/judge.ts'
import { preemptionsIn } from '../model/schedule.ts'
import type { Inevitable } from './result.ts'
import { DepthFirst } from '../strategies/dfs.ts'
import type { ControlledScenario } from '../subject/controlled-scenario.ts'

/** The number of schedules to try for one failure. */
const BUDGET = 20_000

/** A fault, and a schedule that shows it. */
export interface FoundFailure {
  readonly fault: Fault
  readonly trace: readonly Step[]
  /** If the fault is a data race: the other data races of the same schedule, which are shown with it. */
  readonly races?: readonly Fault[]
  /**
   * Whether no schedule with the same fault has fewer preemptions, or as many and fewer steps. Undefined until
   * `minimise`.
   */
  readonly minimal?: boolean
  /** Where the schedule became sure to fail, if that is known. */
  readonly inevitable?: Inevitable | undefined
}

/**
 * Returns the failure with the smallest schedule found for it. Stops early, with `minimal` false, when `isTimeUp`
 * returns true or `BUDGET` schedules were tried.
 */
export function minimise(controlled: ControlledScenario, found: FoundFailure, isTimeUp: () => boolean): FoundFailure {
  let best = found
  let leastPreemptions = preemptionsIn(found.trace)
  let budget = BUDGET
  let ended = false
  for (let bound = 0; bound <= leastPreemptions && budget > 0 && !isTimeUp(); bound++) {
    const search = searchBound(controlled, { best, leastPreemptions, isOwn: best !== found }, bound, budget, isTimeUp)
    // The schedules within a bound include those within every smaller bound, so the last search decides.
    ;({ budget, ended } = search)
    if (search.best !== best) {
      best = search.best
      leastPreemptions = preemptionsIn(best.trace)
    }
    if (bound < leastPreemptions) ended = false
  }
  return { ...best, minimal: ended }
}

/** The smallest schedule so far. */
interface Smallest {
  readonly best: FoundFailure
  readonly leastPreemptions: number
  /** Whether a search of this module has found it. If not, the first one of the same size takes its place. */
  readonly isOwn: boolean
}

interface BoundSearch {
  /** The smallest schedule with the same failure within the bound. */
  readonly best: FoundFailure
  /** How many schedules may still be tried. */
  readonly budget: number
  /** Whether every schedule within the bound was run to its end. */
  readonly ended: boolean
}

function searchBound(
  controlled: ControlledScenario,
  { best: found, leastPreemptions, isOwn }: Smallest,
  bound: number,
  budget: number,
  isTimeUp: () => boolean,
): BoundSearch {
  const { engine } = controlled
  const search = new DepthFirst(engine.world, bound)
  let best = found
  let cut = false
  let [preemptions, steps] = [leastPreemptions, found.trace.length + Number(!isOwn)]
  for (let left = budget; left > 0 && !isTimeUp(); left--) {
    const depth = search.next()
    if (depth === undefined) return { best, budget: left, ended: !cut && leftOutNothing(engine) }
    engine.undoToUnit(depth)
    const end = engine.run((enabled) => search.choose(enabled))
    if (end !== 'finished' && end !== 'stuck') {
      cut = true
      continue
    }
    const { trace } = engine.world
    const count = preemptionsIn(trace)
    if (count > preemptions || (count === preemptions && trace.length >= steps)) continue
    const { faults } = controlled.judge(end, controlled.racesIn(trace))
    const fault = faults.find(({ identity }) => identity === found.fault.identity)
    if (fault === undefined) continue
    best = { ...found, fault, trace: [...trace] }
    ;[preemptions, steps] = [count, trace.length]
  }
  return { best, budget: 0, ended: false }
}

/** Whether the engine left out no schedule: it cut off no loop, and made no wrong assumption. */
function leftOutNothing({ world, cutLoops }: Engine): boolean {
  return !world.misjudged && cutLoops.size === 0
}
