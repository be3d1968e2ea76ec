/**
 * The failures to show, of those that a search found: each with its smallest schedule, and each data race once. A schedule
 * has many data races as easily as one, a text that is read while it is written say, so those of one schedule are told
 * together.
 */
import { raceFault } from '../subject/judge.ts'
import type { Fault } from '../subject/judge.ts'
import { minimise } from './minimise.ts'
import type { Found } from './minimise.ts'
import { isGrave } from './severity.ts'
import type { ControlledScenario } from '../subject/controlled-scenario.ts'

/** Makes each failure small. The gravest are first: the time may be up before the rest. */
export function smallestOf(controlled: ControlledScenario, all: Iterable<Found>, isLate: () => boolean): Found[] {
  const found = [...all].toSorted((one, other) => Number(isGrave(other.fault.kind)) - Number(isGrave(one.fault.kind)))
  const smallest: Found[] = []
  const told = new Set<string>()
  for (const each of found) {
    if (told.has(each.fault.identity)) continue
    const small = minimise(controlled, each, isLate)
    if (each.fault.kind !== 'data-race') {
      smallest.push(small)
      continue
    }
    const races = racesBeside(controlled, small, told)
    for (const { identity } of [small.fault, ...races]) told.add(identity)
    smallest.push({ ...small, races })
    // Races that the smaller schedule does not have are shown in the schedule that they were found in.
    for (const fault of each.races ?? []) found.push({ fault, trace: each.trace })
  }
  return smallest
}

/** The data races of a schedule beside the one that it is shown for, without those that are told already. */
function racesBeside(controlled: ControlledScenario, { fault, trace }: Found, told: ReadonlySet<string>): Fault[] {
  const races = new Map(
    controlled
      .racesIn(trace)
      .map((race) => raceFault(race, controlled.names))
      .map((each) => [each.identity, each]),
  )
  races.delete(fault.identity)
  return [...races.values()].filter(({ identity }) => !told.has(identity))
}
