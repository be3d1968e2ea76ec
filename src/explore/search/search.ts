/**
 * The search for failing schedules: runs the schedules that the strategy chooses, judges each one and counts it.
 */
import type { Step } from '../model/actor.ts'
import { NO_ACTOR } from '../model/no-actor.ts'
import { scheduleOf } from '../model/schedule.ts'
import type { Schedule } from '../model/schedule.ts'
import type { Engine } from '../run/engine.ts'
import type { Fault, Judgement } from '../subject/judge.ts'
import type { Bounds } from './options.ts'
import type { FoundFailure } from './minimise.ts'
import type { Pace } from './pace.ts'
import { isGrave } from './severity.ts'
import { emptyTally, gaveUp } from './tally.ts'
import type { Tally } from './tally.ts'
import { makeStrategy } from '../strategies/index.ts'
import type { Strategy } from '../strategies/strategy.ts'
import type { World } from '../model/world.ts'
import { counted } from '../../terminal/wrapped.ts'
import type { ControlledScenario } from '../subject/controlled-scenario.ts'

/** The first `AUDITED` schedules are audited, then one in `AUDIT_EVERY`, because an audit is slow. */
const AUDITED = 16
const AUDIT_EVERY = 4096
/** The clock is read once in this number of schedules. */
const CLOCK_EVERY = 16
/** After a livelock or a data race, the search runs this number of further steps to look for a graver failure. */
export const EXTRA_STEPS = 50_000
/** After a schedule with more steps than this, the clock is read in any case. */
const LONG = 500

/** Looks ahead between two schedules of a search, once. */
export interface Midway {
  readonly isDue: boolean
  /**
   * Returns whether the search should go on. May undo all steps of the present schedule. Calls `meanwhile` again and again if it
   * takes long.
   */
  look(tally: Tally, meanwhile?: () => void): boolean
}

/** How to search, beside the bounds. */
export interface SearchOptions {
  /** Makes the strategy. Default: that of the bounds. */
  readonly make?: (world: World) => Strategy
  readonly midway?: Midway
  /** What earlier parts of the same search have found. */
  readonly earlier?: Earlier
}

/** What the parts of a search share. */
export interface Earlier {
  readonly found: ReadonlyMap<string, FoundFailure>
  readonly races: ReadonlySet<string>
  /** How many further steps may be taken after the first failure. */
  extraSteps: number
}

/**
 * Runs schedules until one fails, none is left or a bound is hit, and returns the tally. With `allFailures` a failure
 * does not end the search. A livelock or a data race ends it only after `EXTRA_STEPS` further steps, because a graver
 * failure found in these steps is shown first.
 */
export function search(
  controlled: ControlledScenario,
  bounds: Bounds,
  allFailures: boolean,
  pace: Pace,
  more: SearchOptions = {},
): Tally {
  for (;;) {
    const tally = searchOnce(controlled, bounds, allFailures, pace, more)
    if (tally !== undefined) return tally
    controlled.engine.startOver()
  }
}

/**
 * Searches from the first schedule. Returns undefined if an assumption proved wrong: that a store orders nothing, or
 * that the order of sleepers does not matter. The schedules that were explored under the assumption do not count.
 */
export function searchOnce(
  controlled: ControlledScenario,
  bounds: Bounds,
  allFailures: boolean,
  pace: Pace,
  { make = (world) => makeStrategy(world, bounds), midway, earlier = nothingEarlier() }: SearchOptions,
): Tally | undefined {
  const { engine } = controlled
  const tally = { ...emptyTally(), found: new Map(earlier.found), races: new Set(earlier.races) }
  const strategy = make(engine.world)
  const choose = (enabled: number): number => strategy.choose(enabled)
  const stop = (why: string): Tally => stoppedFor(tally, allFailures, why)
  for (let runs = 1; ; runs++) {
    const depth = strategy.next()
    if (depth === undefined) break
    if (tally.schedules + tally.redundant >= bounds.maxSchedules) {
      return stop(gaveUp(tally))
    }
    if (runs % CLOCK_EVERY === 0 || engine.world.trace.length > LONG || tally.spins.length > 0) {
      const stopped = pace.stop(tally)
      if (stopped !== undefined) return stop(stopped)
      if (midway?.isDue === true) {
        const steps = scheduleOf(engine.world.units.slice(0, depth))
        if (!midway.look(tally)) return stop('it would not end in time')
        retrace(engine, steps)
        strategy.retraced?.()
      }
    }
    engine.undoToUnit(depth)
    const common = engine.world.trace.length
    const end = engine.run(choose)
    if (engine.cutLoops.size > tally.spins.length) tally.spins = [...engine.cutLoops.values()]
    if (engine.world.misjudged) return undefined
    if (tally.found.size > 0 && !allFailures && (earlier.extraSteps -= 1 + engine.world.trace.length - common) < 0) {
      return stop('a schedule failed')
    }
    if (end === 'pruned') {
      tally.redundant++
      continue
    }
    tally.schedules++
    if (engine.world.trace.length > tally.deepest) tally.deepest = engine.world.trace.length
    if (end === 'too-long') {
      tally.tooLong++
      continue
    }
    controlled.notePoints(tally.points)
    if (runs <= AUDITED || runs % AUDIT_EVERY === 0) controlled.audit()
    const isFirst = tally.found.size === 0
    const judgement = controlled.judge(end, controlled.racesIn(engine.world.trace, common))
    if (engine.world.misjudged) return undefined
    record(tally, controlled, judgement, allFailures)
    if (isFirst && tally.found.size > 0) pace.report(tally)
    if (!allFailures && foundGrave(tally)) return stop('a schedule failed')
  }
  tally.isBounded = !strategy.complete
  return concluded(tally, bounds, allFailures)
}

/** What there is before the first part. */
export function nothingEarlier(): Earlier {
  return { found: new Map(), races: new Set(), extraSteps: EXTRA_STEPS }
}

/** Returns the tally of a search that has no schedule left: whether it is complete, and if not, why. */
export function concluded(tally: Tally, { maxSteps, preemptions }: Bounds, allFailures: boolean): Tally {
  const stop = (why: string): Tally => stoppedFor(tally, allFailures, why)
  const { spins, tooLong, schedules } = tally
  if (spins[0] !== undefined) return stop(`a loop was cut off after ${counted(spins[0].rounds, 'round')}`)
  if (tooLong > 0)
    return stop(
      `${counted(tooLong, 'schedule')} ${tooLong === 1 ? 'was' : 'were'} cut off after ${counted(maxSteps, 'step')}`,
    )
  if (tally.isBounded) {
    const why = `no schedule with more than ${counted(preemptions, 'preemption')} was tried`
    return { ...stop(why), completeUpTo: { preemptions, schedules } }
  }
  return { ...tally, complete: true }
}

/** Returns the tally of a search that stops for a reason. */
export function stoppedFor(tally: Tally, allFailures: boolean, why: string): Tally {
  return { ...tally, stopped: tally.found.size > 0 && !allFailures ? 'a schedule failed' : why }
}

/** Takes the first steps of a schedule once more. */
function retrace(engine: Engine, steps: Schedule): void {
  engine.undoTo(0)
  engine.run(() => steps[engine.world.units.length] ?? NO_ACTOR)
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
    if (faults.some(({ kind }) => kind === 'invariant' || kind === 'not-linearizable')) counted.broken++
  }
  if (faults.length === 0) return
  const { found } = tally
  // The search already has a failure that is not grave: from now on, only a grave one is recorded.
  const wantsGrave = !allFailures && found.size > 0
  const { trace } = controlled.engine.world
  for (const fault of faults) {
    if (fault.kind === 'data-race' || found.has(fault.identity) || (wantsGrave && !isGrave(fault.kind))) continue
    found.set(fault.identity, { fault, trace: [...trace] })
  }
  if (!wantsGrave) recordRaces(tally, faults, trace)
}

/** Takes a schedule of which another thread has counted the outcome, and records its failures. */
export function recordAgain(
  tally: Tally,
  controlled: ControlledScenario,
  schedule: Schedule,
  allFailures: boolean,
): void {
  const { engine } = controlled
  engine.undoTo(0)
  engine.follow(schedule.length)
  const end = engine.run(() => schedule[engine.world.trace.length] ?? NO_ACTOR)
  engine.follow(0)
  if (end === 'pruned') throw new Error('a schedule that another thread has found does not end here')
  const judgement = controlled.judge(end, controlled.racesIn(engine.world.trace))
  record(tally, controlled, { ...judgement, outcome: undefined }, allFailures)
}

/**
 * Records the data races that no earlier schedule had: one entry under the first race's identity, which lists the rest.
 */
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
