/**
 * Makes a failing schedule easy to read: the same failure with the fewest preemptions, then the fewest steps.
 *
 * Bounded searches with 0, 1, 2 … preemptions look for it; the first bound under which it is found is the fewest. Each is
 * searched to its end for the fewest steps, as far as the budget goes: what is shown then is the smallest found.
 */
import type { Step } from '../model/access.ts'
import type { Engine } from '../run/engine.ts'
import type { Fault } from '../subject/judge.ts'
import { preemptionsIn } from '../model/schedule.ts'
import { DepthFirst } from '../strategies/dfs.ts'
import type { ControlledScenario } from '../subject/controlled-scenario.ts'

/** Schedules to try for one failure. */
const BUDGET = 20_000

export interface Found {
  readonly fault: Fault
  readonly trace: readonly Step[]
  /** Of a data race: others of the same schedule, which are told with it. */
  readonly races?: readonly Fault[]
  /** Whether no schedule that fails so has fewer preemptions, or as many and fewer steps. Unknown before the search for it. */
  readonly fewest?: boolean
}

/** `isLate`: whether the time for it is over; then the smallest so far is what there is. */
export function minimise(controlled: ControlledScenario, found: Found, isLate: () => boolean): Found {
  let best = found
  let fewest = preemptionsIn(found.trace)
  let budget = BUDGET
  let ended = false
  for (let bound = 0; bound <= fewest && budget > 0 && !isLate(); bound++) {
    const search = searchBound(controlled, best, fewest, bound, budget, isLate)
    // The last bound has all that the smaller ones have.
    ;({ budget, ended } = search)
    if (search.best !== best) {
      best = search.best
      fewest = preemptionsIn(best.trace)
    }
    if (bound < fewest) ended = false
  }
  return { ...best, fewest: ended }
}

interface BoundSearch {
  /** The smallest schedule with the same failure within the bound. */
  readonly best: Found
  /** What is left of the budget. */
  readonly budget: number
  /** Whether every schedule within the bound was looked at to its end. */
  readonly ended: boolean
}

function searchBound(
  controlled: ControlledScenario,
  found: Found,
  fewest: number,
  bound: number,
  budget: number,
  isLate: () => boolean,
): BoundSearch {
  const { engine } = controlled
  const search = new DepthFirst(engine.world, bound)
  let best = found
  let cut = false
  let [preemptions, steps] = [fewest, found.trace.length]
  for (let left = budget; left > 0 && !isLate(); left--) {
    const depth = search.next()
    if (depth === undefined) return { best, budget: left, ended: !cut && isWhole(engine) }
    engine.undoTo(depth)
    const end = engine.run((enabled) => search.choose(enabled))
    if (end !== 'finished' && end !== 'stuck') {
      cut = true
      continue
    }
    const { trace } = engine.world
    const count = preemptionsIn(trace)
    if (count > preemptions || (count === preemptions && trace.length >= steps)) continue
    const fault = controlled.judge(end, 0).faults.find(({ identity }) => identity === found.fault.identity)
    if (fault === undefined) continue
    best = { ...found, fault, trace: [...trace] }
    ;[preemptions, steps] = [count, trace.length]
  }
  return { best, budget: 0, ended: false }
}

/** Whether no loop was cut off, and no assumption turned out wrong. */
function isWhole({ world, cutLoops }: Engine): boolean {
  return !world.misjudged && cutLoops.size === 0
}
