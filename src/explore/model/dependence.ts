/**
 * Which steps depend on each other. If two adjacent steps are independent, swapping them leads to the same state. A
 * location has a value and a queue of sleepers. Two steps depend on each other if both touch the value or both touch
 * the queue, and at least one of them changes it.
 */
import { Kind, mayWrite, overlap } from './access.ts'
import type { Access } from './access.ts'
import type { Step } from './actor.ts'

export const READS_VALUE = 1
const WRITES_VALUE = 2
const READS_QUEUE = 4
const WRITES_QUEUE = 8

/** For each set of touches, the touches that conflict with it. */
const CONFLICTS = Array.from({ length: 16 }, (_, touches) => {
  let conflicts = 0
  if ((touches & READS_VALUE) !== 0) conflicts |= WRITES_VALUE
  if ((touches & WRITES_VALUE) !== 0) conflicts |= READS_VALUE | WRITES_VALUE
  if ((touches & READS_QUEUE) !== 0) conflicts |= WRITES_QUEUE
  if ((touches & WRITES_QUEUE) !== 0) conflicts |= READS_QUEUE | WRITES_QUEUE
  return conflicts
})

/** Returns what a step touched, given its result: a compareExchange that failed has only read. */
export function touchesOf(step: Step): number {
  switch (step.access.kind) {
    case Kind.LOAD:
    case Kind.READ:
    case Kind.READ_BYTES:
      return READS_VALUE
    case Kind.WAIT:
      // Joining the queue conflicts with a notify, and with other actors that join: the first to come is the first to
      // be woken.
      return step.effect ? READS_VALUE | WRITES_QUEUE : READS_VALUE
    case Kind.NOTIFY:
      return step.effect ? WRITES_QUEUE : READS_QUEUE
    case Kind.TIMEOUT:
      return WRITES_QUEUE
    default:
      return wrote(step) ? READS_VALUE | WRITES_VALUE : READS_VALUE
  }
}

/** Whether a step has written. A compareExchange that failed has not; a store of the same value has. */
export function wrote(step: Step): boolean {
  const { kind, expected } = step.access
  return mayWrite(kind) && (kind !== Kind.COMPARE_EXCHANGE || step.result === expected || step.effect)
}

/** Whether two steps depend on each other. */
export function dependent(one: Step, other: Step): boolean {
  return overlap(one.access, other.access) && (CONFLICTS[one.touches]! & other.touches) !== 0
}

/** Whether two steps depend on each other because they touch the queue of the same location. */
export function queueDependent(one: Step, other: Step): boolean {
  if (one.access.at !== other.access.at) return false
  return (CONFLICTS[one.touches]! & other.touches & (READS_QUEUE | WRITES_QUEUE)) !== 0
}

/** Whether two accesses that have not been carried out yet may turn out to depend on each other. */
export function mayDepend(one: Access, other: Access): boolean {
  if (!overlap(one, other)) return false
  if (mayWrite(one.kind) || mayWrite(other.kind)) return true
  return usesQueue(one.kind) && usesQueue(other.kind)
}

/** Whether an access touches the queue of its location. */
export function usesQueue(kind: Kind): boolean {
  return kind === Kind.WAIT || kind === Kind.NOTIFY || kind === Kind.TIMEOUT
}
