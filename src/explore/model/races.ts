/**
 * Data races, as the memory model of JavaScript defines them (ECMA-262, "Memory Model"). Two accesses race if different
 * actors make them to overlapping bytes, at least one of them is a write, they are not both atomic on exactly the same
 * bytes, and neither happens before the other. Accesses are ordered by program order, by an atomic read that sees an
 * atomic write of the same bytes, and by the critical sections of wait and notify. Vector clocks after C. Fidge and F.
 * Mattern; the detector after Djit+ (E. Pozniansky and A. Schuster, PPoPP 2003).
 *
 * The language promises sequential consistency to programs without data races, and the explorer runs sequentially
 * consistent schedules.
 */
import { isAtomic, isEvent, Kind, overlap } from './access.ts'
import type { Access } from './access.ts'
import type { Step } from './actor.ts'
import { queueDependent, usesQueue, wrote } from './dependence.ts'

/** Two steps whose accesses are a data race, in the order of the schedule. */
export interface DataRace {
  readonly earlier: Step
  readonly later: Step
}

/**
 * Returns the data races whose later step is at `from` or after it. Begins earlier if the steps just before `from` have
 * no clock yet. Uses the clocks that earlier calls left on the steps.
 */
export function dataRaces(trace: readonly Step[], actors: number, from: number): DataRace[] {
  const races: DataRace[] = []
  const start = firstWithoutClock(trace, from)
  for (let position = start; position < trace.length; position++) {
    const later = trace[position]!
    const clock = happensBefore(trace, later, actors)
    later.sync = clock
    if (!touchesMemory(later.access)) continue
    for (let index = 0; index < position; index++) {
      const earlier = trace[index]!
      if (clock[earlier.actor.index]! <= index && raceable(earlier, later)) races.push({ earlier, later })
    }
  }
  return races
}

function firstWithoutClock(trace: readonly Step[], from: number): number {
  let start = Math.min(from, trace.length)
  while (start > 0 && trace[start - 1]?.sync === undefined) start--
  return start
}

/**
 * Returns the vector clock of a step. For each actor: one more than the position of its last step that happens before
 * `step`, or that is `step`.
 */
function happensBefore(trace: readonly Step[], step: Step, actors: number): number[] {
  const clock = Array.from({ length: actors }, () => 0)
  let sawOwn = false
  let sawWrite = !readsAtomically(step)
  for (let index = step.position - 1; index >= 0; index--) {
    if (sawOwn && sawWrite && !usesQueue(step.access.kind)) break
    const earlier = trace[index]!
    const own = earlier.actor === step.actor
    if (own && !sawOwn) {
      join(clock, earlier)
      sawOwn = true
    }
    // An actor that leaves the critical section of a location's queue happens before the actor that enters it next. Two
    // notifies that found no sleeper count as unordered: they might as well have come in the other order.
    if (queueDependent(earlier, step)) join(clock, earlier)
    if (!sawOwn && earlier.woken?.some((wait) => wait.actor === step.actor) === true) join(clock, earlier)
    if (!sawWrite && wrote(earlier) && overlap(earlier.access, step.access)) {
      sawWrite = true
      if (isAtomic(earlier.access.kind) && sameBytes(earlier.access, step.access)) join(clock, earlier)
    }
  }
  clock[step.actor.index] = step.position + 1
  return clock
}

function join(clock: number[], earlier: Step): void {
  const other = earlier.sync ?? []
  for (let actor = 0; actor < clock.length; actor++) {
    clock[actor] = Math.max(clock[actor]!, other[actor] ?? 0)
  }
}

function raceable(earlier: Step, later: Step): boolean {
  const [one, other] = [earlier.access, later.access]
  if (!overlap(one, other) || !touchesMemory(one)) return false
  if (!wrote(earlier) && !wrote(later)) return false
  return !(isAtomic(one.kind) && isAtomic(other.kind) && sameBytes(one, other))
}

function sameBytes(one: Access, other: Access): boolean {
  return one.at === other.at && one.size === other.size
}

/** Whether an access touches the bytes. A notify and a timeout touch only the queue; an event touches nothing. */
function touchesMemory({ kind }: Access): boolean {
  return kind !== Kind.NOTIFY && kind !== Kind.TIMEOUT && !isEvent(kind)
}

function readsAtomically(step: Step): boolean {
  return isAtomic(step.access.kind) && step.access.kind !== Kind.STORE && touchesMemory(step.access)
}
