/**
 * Data races, as the memory model of JavaScript defines them (ECMA-262, "Memory Model"): two accesses by different actors
 * to overlapping bytes, at least one of them a write, not both atomic on exactly the same bytes, and neither happens before
 * the other. What orders accesses is program order, an atomic read seeing an atomic write of the same bytes, and the
 * critical sections of wait and notify. Vector clocks after C. Fidge and F. Mattern; the detector after Djit+
 * (E. Pozniansky and A. Schuster, PPoPP 2003).
 *
 * Without data races the language promises sequential consistency, which is what the explorer runs.
 */
import { isAtomic, Kind, mayWrite } from './access.ts'
import type { Access } from './access.ts'
import type { Step } from './actor.ts'
import { queueDependent } from './dependence.ts'

export interface DataRace {
  readonly earlier: Step
  readonly later: Step
}

/** The data races whose later access is at `from` or after. Clocks that earlier calls left on the steps are used again. */
export function dataRaces(trace: readonly Step[], actors: number, from: number): DataRace[] {
  const races: DataRace[] = []
  const start = firstWithoutClock(trace, from)
  for (let position = start; position < trace.length; position++) {
    const later = trace[position] as Step
    const clock = happensBefore(trace, later, actors)
    later.sync = clock
    if (!touchesMemory(later.access)) continue
    for (let index = 0; index < position; index++) {
      const earlier = trace[index] as Step
      if ((clock[earlier.actor.index] as number) <= index && raceable(earlier, later)) races.push({ earlier, later })
    }
  }
  return races
}

function firstWithoutClock(trace: readonly Step[], from: number): number {
  let start = Math.min(from, trace.length)
  while (start > 0 && trace[start - 1]?.sync === undefined) start--
  return start
}

/** For each actor, one past the position of its last step that happens before `step`, or is it. */
function happensBefore(trace: readonly Step[], step: Step, actors: number): number[] {
  const clock = Array.from({ length: actors }, () => 0)
  let sawOwn = false
  let sawWrite = !readsAtomically(step)
  for (let index = step.position - 1; index >= 0; index--) {
    const earlier = trace[index] as Step
    const own = earlier.actor === step.actor
    if (own && !sawOwn) {
      join(clock, earlier)
      sawOwn = true
    }
    // The critical section of a location's waiters: whoever leaves it is before whoever enters it next. Two that found
    // nobody there count as unordered: they might as well have come the other way round.
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
    clock[actor] = Math.max(clock[actor] as number, other[actor] ?? 0)
  }
}

function raceable(earlier: Step, later: Step): boolean {
  const [one, other] = [earlier.access, later.access]
  if (!overlap(one, other) || !touchesMemory(one)) return false
  if (!wrote(earlier) && !wrote(later)) return false
  return !(isAtomic(one.kind) && isAtomic(other.kind) && sameBytes(one, other))
}

function overlap(one: Access, other: Access): boolean {
  return one.at < other.at + other.size && other.at < one.at + one.size
}

function sameBytes(one: Access, other: Access): boolean {
  return one.at === other.at && one.size === other.size
}

/** Notify and the end of a wait touch the queue, not the bytes. */
function touchesMemory(access: Access): boolean {
  return access.kind !== Kind.NOTIFY && access.kind !== Kind.TIMEOUT
}

/** A compareExchange that failed has not written; a store of the same value has. */
export function wrote(step: Step): boolean {
  const { kind, expected } = step.access
  return mayWrite(kind) && (kind !== Kind.COMPARE_EXCHANGE || step.result === expected || step.effect)
}

function readsAtomically(step: Step): boolean {
  return isAtomic(step.access.kind) && step.access.kind !== Kind.STORE && touchesMemory(step.access)
}
