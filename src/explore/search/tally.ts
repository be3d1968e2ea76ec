/** What a search has counted and found so far. */
import type { CutLoop } from '../run/spins/spins.ts'
import type { Outcome } from '../subject/outcome.ts'
import type { FoundFailure } from './minimise.ts'
import { counted } from '../../terminal/wrapped.ts'

export interface Tally {
  /** Schedules that ran to their end, those cut off at the bound on steps included. */
  schedules: number
  /** Schedules that were abandoned early because other schedules cover what they would have shown. */
  redundant: number
  /** Steps of the longest schedule. */
  deepest: number
  /** Whether every schedule that can matter was explored. */
  complete: boolean
  /** Why the search stopped before it was complete. */
  stopped: string | undefined
  /** Up to how many preemptions every schedule was explored, if no more is known, and how many were run for that. */
  completeUpTo: { readonly preemptions: number; readonly schedules: number } | undefined
  /** About how many schedules there are in all. */
  estimate: number | undefined
  /** The schedules that were cut off at the bound on steps. */
  tooLong: number
  /** Whether a bound on preemptions has left schedules out. */
  isBounded: boolean
  /** Loops that were cut off. */
  spins: readonly CutLoop[]
  /** By outcome key: the number of schedules that ended in the outcome, and how many of those broke the invariant. */
  readonly outcomes: Map<string, { outcome: Outcome; count: number; broken: number }>
  /**
   * One failing schedule for each fault, by the fault's identity. The data races of one schedule share one entry, under
   * the identity of the first; the entry lists the rest.
   */
  readonly found: Map<string, FoundFailure>
  /** The identities of all data races so far. */
  readonly races: Set<string>
  /** By the indexes of the actors that may crash: the points to which they have come (`pointsOf` says which). */
  readonly points: Map<number, Set<number>>
}

/** Returns the tally of a search that has run no schedule yet. */
export function emptyTally(): Tally {
  return {
    schedules: 0,
    redundant: 0,
    deepest: 0,
    complete: false,
    stopped: undefined,
    completeUpTo: undefined,
    estimate: undefined,
    tooLong: 0,
    isBounded: false,
    spins: [],
    outcomes: new Map(),
    found: new Map(),
    races: new Set(),
    points: new Map(),
  }
}

/** Returns why a search has ended whose bound on schedules was hit. */
export function gaveUp({ schedules }: Tally): string {
  return `gave up after ${counted(schedules, 'schedule')}`
}

/**
 * Returns the tally of several searches, given that of the earlier ones and that of the last one. The outcomes and the
 * failures are those of the last one.
 */
export function together(earlier: Tally, last: Tally): Tally {
  const stopped = earlier.stopped ?? last.stopped
  return {
    ...last,
    schedules: earlier.schedules + last.schedules,
    redundant: earlier.redundant + last.redundant,
    deepest: Math.max(earlier.deepest, last.deepest),
    complete: earlier.complete && last.complete,
    stopped: last.found.size > 0 ? last.stopped : stopped,
    // These are of one client.
    completeUpTo: undefined,
    estimate: undefined,
    spins: bothSpins(earlier, last),
  }
}

/** Returns the tally of two searches of the same scenario, one after the other. */
export function added(earlier: Tally, last: Tally): Tally {
  const outcomes = new Map(earlier.outcomes)
  for (const [key, { outcome, count, broken }] of last.outcomes) {
    const before = outcomes.get(key) ?? { outcome, count: 0, broken: 0 }
    outcomes.set(key, { outcome, count: before.count + count, broken: before.broken + broken })
  }
  return {
    ...last,
    schedules: earlier.schedules + last.schedules,
    redundant: earlier.redundant + last.redundant,
    deepest: Math.max(earlier.deepest, last.deepest),
    completeUpTo: last.completeUpTo ?? earlier.completeUpTo,
    estimate: last.estimate ?? earlier.estimate,
    spins: last.complete ? last.spins : bothSpins(earlier, last),
    outcomes,
    found: new Map([...last.found, ...earlier.found]),
    races: new Set([...earlier.races, ...last.races]),
    points: bothPoints(earlier, last),
  }
}

function bothPoints({ points }: Tally, last: Tally): Tally['points'] {
  const both = new Map(points)
  for (const [actor, after] of last.points) both.set(actor, new Set([...(both.get(actor) ?? []), ...after]))
  return both
}

function bothSpins({ spins }: Tally, last: Tally): readonly CutLoop[] {
  return [...spins, ...last.spins.filter(({ place }) => spins.every((each) => each.place !== place))]
}

/** Returns the tally of two parts of one search, without a conclusion. */
export function ofBothParts(one: Tally, other: Tally): Tally {
  return {
    ...added(one, other),
    complete: false,
    stopped: undefined,
    completeUpTo: undefined,
    tooLong: one.tooLong + other.tooLong,
    isBounded: one.isBounded || other.isBounded,
    spins: bothSpins(one, other),
  }
}
