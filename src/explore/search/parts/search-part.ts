/** Searches one part on this thread. */
import type { Learnt } from '../../model/learnt.ts'
import { scheduleOf } from '../../model/schedule.ts'
import type { Schedule } from '../../model/schedule.ts'
import type { World } from '../../model/world.ts'
import { PreemptionBounded } from '../../strategies/bounded.ts'
import { SourceDpor } from '../../strategies/dpor.ts'
import { Limited } from '../../strategies/limited.ts'
import type { Divisible, Part, Wish } from '../../strategies/part.ts'
import type { ControlledScenario } from '../../subject/controlled-scenario.ts'
import type { Scope } from '../../run/coverage.ts'
import type { Engine } from '../../run/engine.ts'
import type { Bounds } from '../options.ts'
import type { Pace } from '../pace.ts'
import { rebuild } from './rebuild.ts'
import { searchOnce } from '../search.ts'
import type { Earlier, Midway } from '../search.ts'
import type { Tally } from '../tally.ts'

/** A part with loops takes this many times the steps, because each part looks into its loops anew. */
const MORE_WITH_LOOPS = 4
/** The number of the first part of which this is so: at first, other threads wait for something to do. */
const MANY = 8

/** How each part of a search is searched. */
export interface PartBounds {
  /** With a bound on preemptions, its strategy is `dfs`, and else `dpor`. */
  readonly bounds: Bounds
  readonly allFailures: boolean
  /** Which calls are covered. */
  readonly scope: Scope
  /** The text of the client that is searched; undefined if that is a scenario with actors, or if clients are searched whole. */
  readonly client?: string
  /** The number of steps after which a part without loops is interrupted, so that what is left can be divided. */
  readonly most: number
}

/** A part to be searched. */
export interface PartTask {
  readonly number: number
  readonly part: Part
  /** What the parts before it have learnt, as far as they have been merged. */
  readonly learnt: Learnt
}

/** What came of the search of a part. */
export interface SearchedPart {
  /** Whether it came to its end, or had taken `most` steps. */
  readonly isOver: boolean
  readonly tally: Tally
  readonly wishes: readonly Wish[]
  readonly rest: Part | undefined
  readonly learnt: Learnt
}

/** The same as plain data. */
export interface PartReport extends SearchedPart {
  /** The failing schedules that the tally would list; it has no `found` and no `races`. */
  readonly failing: readonly Schedule[]
}

export interface PartOptions {
  readonly pace: Pace
  readonly midway: Midway
  readonly earlier: Earlier
  /** Whether this thread searches all parts from now on, in turn: it keeps what it knows. */
  readonly isAlone: boolean
}

/**
 * Searches a part. What comes of it depends on the part and on what was learnt, and not on what was searched before. Returns
 * `misjudged` if an assumption proved wrong.
 */
export function searchPart(
  controlled: ControlledScenario,
  { number, part, learnt }: PartTask,
  { bounds, allFailures, most }: PartBounds,
  { pace, midway, earlier, isAlone }: PartOptions,
): SearchedPart | 'misjudged' {
  const { engine } = controlled
  const { world } = engine
  if (!isAlone) engine.startAfresh(learnt)
  engine.undoTo(0)
  const strategy = divisible(world, bounds)
  const limited = new Limited(world, strategy, part.base, () => stepsOf(controlled, number, most))
  try {
    rebuild(engine, strategy, part)
    const aside = lookingAside(engine, midway)
    const tally = searchOnce(controlled, bounds, allFailures, pace, { make: () => limited, midway: aside, earlier })
    if (tally === undefined) return 'misjudged'
    const { isOver, rest } = limited
    return { isOver, tally, wishes: [...strategy.wishes.values()], rest, learnt: engine.learnt }
  } finally {
    engine.insist(undefined)
  }
}

/** The same, which takes schedules of its own: what the part's strategy knows does not count meanwhile. */
function lookingAside(engine: Engine, midway: Midway): Midway {
  return {
    get isDue() {
      return midway.isDue
    },
    look(tally, meanwhile) {
      const insists = engine.insist(undefined)
      const goesOn = midway.look(tally, meanwhile)
      engine.insist(insists)
      return goesOn
    },
  }
}

/** Returns the number of steps after which a part is interrupted. */
function stepsOf(controlled: ControlledScenario, number: number, most: number): number {
  if (isIndivisible(controlled)) return Infinity
  return controlled.engine.hasLoops && number >= MANY ? MORE_WITH_LOOPS * most : most
}

/** Makes the strategy whose search is in parts. */
function divisible(world: World, { preemptions }: Bounds): Divisible {
  return preemptions === Infinity ? new SourceDpor(world) : new PreemptionBounded(world, preemptions)
}

/** Whether what comes of a part may depend on the thread: each has its own memory of a module, and gives it addresses of its own. */
export function dependsOnThread(controlled: ControlledScenario): boolean {
  return controlled.usesOtherMemory || isIndivisible(controlled)
}

/** Whether a part must be searched to its end: how a loop is assessed would matter to other parts, where calls are taken for one step. */
function isIndivisible({ engine }: ControlledScenario): boolean {
  return engine.hasLoops && engine.coverage.isActive
}

/** Returns the part as plain data. */
export function reportOf(searched: SearchedPart): PartReport {
  const { tally } = searched
  return { ...searched, tally: withoutFound(tally), failing: failingIn(tally) }
}

/** Returns the tally as plain data. */
export function withoutFound(tally: Tally): Tally {
  return { ...tally, found: new Map(), races: new Set() }
}

/** Returns the schedules that have failed, each once. */
export function failingIn({ found }: Tally): Schedule[] {
  const traces = new Set([...found.values()].map(({ trace }) => trace))
  return [...traces].map((trace) => scheduleOf(trace))
}
