/**
 * The search for failing schedules: one schedule after another, as the strategy says, each judged and counted.
 */
import type { Step } from '../model/access.ts'
import type { Fault, Judgement, Outcome } from '../subject/judge.ts'
import type { Found } from './minimise.ts'
import type { Bounds } from './options.ts'
import type { Pace } from './pace.ts'
import { isGrave } from './severity.ts'
import type { CutLoop } from '../run/spins/spins.ts'
import { makeStrategy } from '../strategies/index.ts'
import type { ControlledScenario } from '../subject/controlled-scenario.ts'

/** The first schedules are checked more closely, and then one in so many. */
const AUDITED = 16
const AUDIT_EVERY = 4096
/** How many schedules to run between two looks at the clock. */
const CLOCK_EVERY = 16
/** How many steps to look on for a graver failure, once a livelock or a data race was found. */
const LOOK_ON = 50_000
/** After a schedule of so many steps the clock is looked at in any case. */
const LONG = 500

/** What a search has seen so far. */
export interface Tally {
  /** How many schedules ran to an end. */
  schedules: number
  /** How many were given up, since others lead where they would have led. */
  redundant: number
  /** Steps of the longest schedule. */
  deepest: number
  complete: boolean
  stopped: string | undefined
  /** Loops that were cut off. */
  spins: readonly CutLoop[]
  /** How many schedules ended in each outcome, and how many of those broke the invariant. */
  readonly outcomes: Map<string, { outcome: Outcome; count: number; broken: number }>
  /** One failing schedule for each fault, by the fault's identity; of a schedule's data races the first, with the rest. */
  readonly found: Map<string, Found>
  /** The identities of all data races so far. */
  readonly races: Set<string>
}

export function emptyTally(): Tally {
  return {
    schedules: 0,
    redundant: 0,
    deepest: 0,
    complete: false,
    stopped: undefined,
    spins: [],
    outcomes: new Map(),
    found: new Map(),
    races: new Set(),
  }
}

/**
 * Searches until a schedule fails, or with `allFailures` on to the end; until none is left or a bound is hit. After a
 * livelock or a data race it looks on for a while: what is shown first is the gravest failure.
 */
export function search(controlled: ControlledScenario, bounds: Bounds, allFailures: boolean, pace: Pace): Tally {
  const { engine } = controlled
  const tally = emptyTally()
  const strategy = makeStrategy(engine.world, bounds)
  const choose = (enabled: number): number => strategy.choose(enabled)
  const stop = (why: string): Tally => ({
    ...tally,
    stopped: tally.found.size > 0 && !allFailures ? 'a schedule failed' : why,
  })
  let tooLong = 0
  let lookOn = allFailures ? Infinity : LOOK_ON
  for (let runs = 1; ; runs++) {
    const depth = strategy.next()
    if (depth === undefined) break
    if (tally.schedules + tally.redundant >= bounds.maxSchedules) {
      return stop(`gave up after ${tally.schedules} schedules`)
    }
    if (runs % CLOCK_EVERY === 0 || engine.world.trace.length > LONG || tally.spins.length > 0) {
      const stopped = pace.stop(tally)
      if (stopped !== undefined) return stop(stopped)
    }
    engine.undoTo(depth)
    const end = engine.run(choose)
    if (engine.cutLoops.size > tally.spins.length) tally.spins = [...engine.cutLoops.values()]
    // A loop that was cut as endless is not, or a store that was taken for silent orders something: what was explored on that assumption does not count.
    if (engine.world.misjudged) return again(controlled, bounds, allFailures, pace)
    if (tally.found.size > 0 && (lookOn -= 1 + engine.world.trace.length - depth) < 0) return stop('a schedule failed')
    if (end === 'pruned') {
      tally.redundant++
      continue
    }
    tally.schedules++
    if (engine.world.trace.length > tally.deepest) tally.deepest = engine.world.trace.length
    if (end === 'too-long') {
      tooLong++
      continue
    }
    if (runs <= AUDITED || runs % AUDIT_EVERY === 0) controlled.audit()
    const isFirst = tally.found.size === 0
    record(tally, controlled, controlled.judge(end, depth), allFailures)
    if (isFirst && tally.found.size > 0) pace.tell(tally)
    if (!allFailures && foundGrave(tally)) return stop('a schedule failed')
  }
  const [cut] = tally.spins
  if (cut !== undefined) return stop(`a loop was cut off after ${cut.rounds} rounds`)
  if (tooLong > 0) return stop(`${tooLong} schedules were cut off after ${bounds.maxSteps} steps`)
  if (!strategy.complete) return stop(`no schedule with more than ${bounds.preemptions} preemptions was tried`)
  return { ...tally, complete: true }
}

function again(controlled: ControlledScenario, bounds: Bounds, allFailures: boolean, pace: Pace): Tally {
  controlled.engine.startOver()
  return search(controlled, bounds, allFailures, pace)
}

function record(
  tally: Tally,
  controlled: ControlledScenario,
  { outcome, faults }: Judgement,
  allFailures: boolean,
): void {
  if (outcome !== undefined) {
    const counted = tally.outcomes.get(outcome.key) ?? { outcome, count: 0, broken: 0 }
    tally.outcomes.set(outcome.key, counted)
    counted.count++
    if (faults.some(({ kind }) => kind === 'invariant')) counted.broken++
  }
  if (faults.length === 0) return
  const { found } = tally
  // While it looks on for a graver failure than it has, more of the same is not what it looks for.
  const lookingOn = !allFailures && found.size > 0
  const { trace } = controlled.engine.world
  for (const fault of faults) {
    if (fault.kind === 'data-race' || found.has(fault.identity) || (lookingOn && !isGrave(fault.kind))) continue
    found.set(fault.identity, { fault, trace: [...trace] })
  }
  if (!lookingOn) recordRaces(tally, faults, trace)
}

/** Of the data races that no schedule before had, the first stands for all. */
function recordRaces({ found, races }: Tally, faults: readonly Fault[], trace: readonly Step[]): void {
  const fresh: Fault[] = []
  for (const fault of faults) {
    if (fault.kind !== 'data-race' || races.has(fault.identity)) continue
    races.add(fault.identity)
    fresh.push(fault)
  }
  const [fault, ...rest] = fresh
  if (fault !== undefined) found.set(fault.identity, { fault, trace: [...trace], races: rest })
}

function foundGrave({ found }: Tally): boolean {
  for (const { fault } of found.values()) if (isGrave(fault.kind)) return true
  return false
}
