/**
 * Makes a failing schedule easy to read: the same failure with the fewest preemptions, then the fewest steps.
 *
 * Bounded searches with 0, 1, 2 … preemptions look for it; the first bound under which it is found is the fewest. Each is
 * searched to its end for the fewest steps, as far as the budget goes: what is shown then is the smallest found.
 */
import type { Step } from './access.ts'
import type { Fault } from './judge.ts'
import { preemptionsIn } from './schedule.ts'
import { DepthFirst } from './strategies/dfs.ts'
import type { Subject } from './subject.ts'

/** Schedules to try for one failure. */
const BUDGET = 20_000

export interface Found {
  readonly fault: Fault
  readonly trace: readonly Step[]
}

/** `isLate`: whether the time for it is over; then the smallest so far is what there is. */
export function minimise(subject: Subject, found: Found, isLate: () => boolean): Found {
  let best = found
  let fewest = preemptionsIn(found.trace)
  let budget = BUDGET
  for (let bound = 0; bound <= fewest && budget > 0 && !isLate(); bound++) {
    const [smaller, left] = searchBound(subject, best, fewest, bound, budget, isLate)
    budget = left
    if (smaller !== best) {
      best = smaller
      fewest = preemptionsIn(best.trace)
    }
  }
  return best
}

/** The smallest schedule with the same failure within the bound, and what is left of the budget. */
function searchBound(
  subject: Subject,
  found: Found,
  fewest: number,
  bound: number,
  budget: number,
  isLate: () => boolean,
): [Found, number] {
  const { engine } = subject
  const search = new DepthFirst(engine.world, bound)
  let best = found
  let left = budget
  let [preemptions, steps] = [fewest, found.trace.length]
  for (; left > 0 && !isLate(); left--) {
    const depth = search.next()
    if (depth === undefined) break
    engine.undoTo(depth)
    const end = engine.run((enabled) => search.choose(enabled))
    if (end === 'pruned' || end === 'too-long') continue
    const { trace } = engine.world
    const count = preemptionsIn(trace)
    if (count > preemptions || (count === preemptions && trace.length >= steps)) continue
    const fault = subject.judge(end, 0).faults.find(({ identity }) => identity === found.fault.identity)
    if (fault === undefined) continue
    best = { fault, trace: [...trace] }
    ;[preemptions, steps] = [count, trace.length]
  }
  return [best, left]
}
