/**
 * The step of no return: the first step of a failing schedule after which every continuation fails. A failing schedule shows where it
 * went wrong in the end; this is where it became inevitable.
 *
 * A depth-first search that runs the failing schedule first goes back from its end: before it tries something else at a step, it has
 * run all continuations of the state after that step, up to equivalence. So the step at which it comes to the first continuation that
 * holds is the one of no return.
 */
import { scheduleOf, unitsOf } from '../model/schedule.ts'
import { SourceDpor } from '../strategies/dpor.ts'
import type { ControlledScenario } from '../subject/controlled-scenario.ts'
import type { FoundFailure } from './minimise.ts'
import type { Inevitable } from './result.ts'

/** How many steps may be taken for all failures of an exploration together. */
const MOST_STEPS = 200_000

/** Finds the steps of no return of the failures of one exploration. */
export class NoReturn {
  readonly #controlled: ControlledScenario
  readonly #isTimeUp: () => boolean
  #stepsLeft = MOST_STEPS

  constructor(controlled: ControlledScenario, isTimeUp: () => boolean) {
    this.#controlled = controlled
    this.#isTimeUp = isTimeUp
  }

  /**
   * Returns the step of no return of a failing schedule; undefined if the budget ended, or if not every continuation could be run.
   * Data races count only if the failure is one: where there is one, most schedules have it.
   */
  of({ fault, trace }: FoundFailure): Inevitable | undefined {
    const { engine } = this.#controlled
    engine.startOver()
    const units = unitsOf(trace)
    const strategy = new SourceDpor(engine.world, scheduleOf(units))
    const continuations = { holding: 0, failing: 0 }
    // The number of units that all schedules so far have in common.
    let common = units.length
    for (let depth = strategy.next(); depth !== undefined; depth = strategy.next()) {
      const isFirst = continuations.failing === 0
      if (!isFirst && continuations.holding > 0 && depth < common) break
      if (!isFirst) common = Math.min(common, depth)
      const holds = this.#holds(depth, strategy, fault.kind === 'data-race')
      if (holds === undefined || (isFirst && (holds !== false || engine.world.trace.length !== trace.length)))
        return undefined
      if (holds !== 'abandoned') continuations[holds ? 'holding' : 'failing']++
    }
    const last = units[common + 1]?.position ?? trace.length
    return { step: continuations.holding > 0 ? last : 0, of: trace.length, continuations }
  }

  /** Runs the next schedule, and returns whether it holds; undefined if that is not known. */
  #holds(depth: number, strategy: SourceDpor, withRaces: boolean): boolean | 'abandoned' | undefined {
    const { engine } = this.#controlled
    const { world, cutLoops } = engine
    engine.undoToUnit(depth)
    const before = world.trace.length
    const end = engine.run((enabled) => strategy.choose(enabled))
    this.#stepsLeft -= 1 + world.trace.length - before
    const isLost = end === 'too-long' || world.misjudged || cutLoops.size > 0
    if (isLost || this.#stepsLeft < 0 || this.#isTimeUp()) return undefined
    if (end === 'pruned') return 'abandoned'
    const races = withRaces ? this.#controlled.racesIn(world.trace) : []
    return this.#controlled.judge(end, races).faults.length === 0
  }
}
