/**
 * The search for failing schedules: one schedule after another, as the strategy says, each judged and counted.
 */
import type { Judgement, Outcome } from './judge.ts'
import type { Found } from './minimise.ts'
import type { Bounds } from './options.ts'
import type { Pace } from './pace.ts'
import type { CutLoop } from './spins/spins.ts'
import { makeStrategy } from './strategies/index.ts'
import type { Subject } from './subject.ts'

/** The first schedules are checked more closely, and then one in so many. */
const AUDITED = 16
const AUDIT_EVERY = 4096
/** How many schedules to run between two looks at the clock. */
const CLOCK_EVERY = 16
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
  readonly outcomes: Map<string, { outcome: Outcome; count: number }>
  /** One failing schedule for each fault, by the fault's identity. */
  readonly found: Map<string, Found>
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
  }
}

/** Searches until a schedule fails, or with `allFailures` on to the end; until none is left or a bound is hit. */
export function search(subject: Subject, bounds: Bounds, allFailures: boolean, pace: Pace): Tally {
  const { engine } = subject
  const tally = emptyTally()
  const strategy = makeStrategy(engine.world, bounds)
  const choose = (enabled: number): number => strategy.choose(enabled)
  let tooLong = 0
  for (let runs = 1; ; runs++) {
    const depth = strategy.next()
    if (depth === undefined) break
    if (tally.schedules + tally.redundant >= bounds.maxSchedules) {
      return { ...tally, stopped: `gave up after ${tally.schedules} schedules` }
    }
    if (runs % CLOCK_EVERY === 0 || engine.world.trace.length > LONG) {
      const stopped = pace.stop(tally)
      if (stopped !== undefined) return { ...tally, stopped }
    }
    engine.undoTo(depth)
    const end = engine.run(choose)
    if (engine.cutLoops.size > tally.spins.length) tally.spins = [...engine.cutLoops.values()]
    // A loop that was cut as endless is not, or a store that was taken for silent orders something: what was explored on that assumption does not count.
    if (engine.world.misjudged) return again(subject, bounds, allFailures, pace)
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
    if (runs <= AUDITED || runs % AUDIT_EVERY === 0) subject.audit()
    const isFirst = tally.found.size === 0
    record(tally, subject, subject.judge(end, depth))
    if (isFirst && tally.found.size > 0) pace.tell(tally)
    if (tally.found.size > 0 && !allFailures) return { ...tally, stopped: 'a schedule failed' }
  }
  const [cut] = tally.spins
  if (cut !== undefined) return { ...tally, stopped: `a loop was cut off after ${cut.rounds} rounds` }
  if (tooLong > 0) return { ...tally, stopped: `${tooLong} schedules were cut off after ${bounds.maxSteps} steps` }
  if (!strategy.complete)
    return { ...tally, stopped: `no schedule with more than ${bounds.preemptions} preemptions was tried` }
  return { ...tally, complete: true }
}

function again(subject: Subject, bounds: Bounds, allFailures: boolean, pace: Pace): Tally {
  subject.engine.startOver()
  return search(subject, bounds, allFailures, pace)
}

function record(tally: Tally, subject: Subject, { outcome, faults }: Judgement): void {
  if (outcome !== undefined) {
    const counted = tally.outcomes.get(outcome.key)
    if (counted === undefined) tally.outcomes.set(outcome.key, { outcome, count: 1 })
    else counted.count++
  }
  for (const fault of faults) {
    if (!tally.found.has(fault.identity))
      tally.found.set(fault.identity, { fault, trace: [...subject.engine.world.trace] })
  }
}
