/**
 * Selects the failures to show from those that a search found: each with its smallest schedule, and each data race
 * once. One schedule often has many data races (a text that is read while it is written has one for each of its words),
 * so the data races of one schedule are shown together.
 */
import { raceFault } from '../subject/judge.ts'
import type { Fault } from '../subject/judge.ts'
import { minimise } from './minimise.ts'
import type { FoundFailure } from './minimise.ts'
import { isGrave } from './severity.ts'
import type { ControlledScenario } from '../subject/controlled-scenario.ts'

/**
 * Returns the failures with their schedules made small. The gravest are made small first, because `isTimeUp` may return
 * true before the rest are.
 */
export function smallestOf(
  controlled: ControlledScenario,
  all: Iterable<FoundFailure>,
  isTimeUp: () => boolean,
): FoundFailure[] {
  const left = [...all].toSorted((one, other) => Number(isGrave(other.fault.kind)) - Number(isGrave(one.fault.kind)))
  const smallest: FoundFailure[] = []
  const shown = new Set<string>()
  while (left.length > 0) {
    const each = left.shift()!
    if (shown.has(each.fault.identity)) continue
    const small = minimise(controlled, each, isTimeUp)
    if (each.fault.kind !== 'data-race') {
      smallest.push(small)
      continue
    }
    const races = otherRaces(controlled, small, shown)
    for (const { identity } of [small.fault, ...races]) shown.add(identity)
    smallest.push({ ...small, races })
    // A race that the smaller schedule does not have is shown with the schedule that it was found in.
    left.push(...(each.races ?? []).map((fault) => ({ fault, trace: each.trace })))
  }
  return smallest
}

/** Returns the data races of the schedule other than the one that it is shown for, without those in `shown`. */
function otherRaces(
  controlled: ControlledScenario,
  { fault, trace }: FoundFailure,
  shown: ReadonlySet<string>,
): Fault[] {
  const races = new Map(
    controlled
      .racesIn(trace)
      .map((race) => raceFault(race, controlled.names))
      .map((each) => [each.identity, each]),
  )
  races.delete(fault.identity)
  return [...races.values()].filter(({ identity }) => !shown.has(identity))
}
