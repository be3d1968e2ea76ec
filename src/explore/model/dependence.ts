/**
 * Which steps depend on each other. If two adjacent steps are independent, swapping them leads to the same state. A
 * location has a value and a queue of sleepers. Two steps depend on each other if both touch the value or both touch
 * the queue, and at least one of them changes it.
 *
 * A step that would have touched more with another value counts as touching that too. Otherwise a step that changes the
 * value would decide whether two others depend on each other, and could be independent of one of these itself. The
 * reduction would then miss schedules in which the other two come first.
 *
 * While histories are checked, it also matters which call had returned before which began. A call counts as begun with
 * its first access, and as returned with its last: a begin that is earlier, or a return that is later, lets the history
 * have more orders. So a step with which a call begins depends on each step with which another returns, wherever they
 * are. Two begins do not depend on each other for that, nor do two returns. With a step that has read something, its call
 * might have returned if that had been something else.
 */
import { isEvent, Kind, mayWrite, overlap } from './access.ts'
import type { Access } from './access.ts'
import type { Step } from './actor.ts'

export const READS_VALUE = 1
const WRITES_VALUE = 2
const READS_QUEUE = 4
const WRITES_QUEUE = 8
/** Joins the queue at its end. The first to come is the first to be woken. */
const JOINS_QUEUE = 16
/** Would have joined the queue if the value had been another one. */
const MISSES_QUEUE = 32
const USES_QUEUE = READS_QUEUE | WRITES_QUEUE | JOINS_QUEUE
export const BEGINS = 64
export const RETURNS = 128
/** Might have been the step with which its call returns, if it had read something else. */
export const MAY_RETURN = 256
const CALLS = BEGINS | RETURNS | MAY_RETURN
/** What a step has touched, without what it would have touched with another value. */
const TOUCHED = ~(MISSES_QUEUE | MAY_RETURN)

/** For each set of touches, the touches that conflict with it. */
const CONFLICTS = Array.from({ length: 512 }, (_, touches) => {
  let conflicts = 0
  if ((touches & READS_VALUE) !== 0) conflicts |= WRITES_VALUE
  if ((touches & WRITES_VALUE) !== 0) conflicts |= READS_VALUE | WRITES_VALUE
  if ((touches & READS_QUEUE) !== 0) conflicts |= WRITES_QUEUE | JOINS_QUEUE | MISSES_QUEUE
  if ((touches & WRITES_QUEUE) !== 0) conflicts |= USES_QUEUE | MISSES_QUEUE
  if ((touches & JOINS_QUEUE) !== 0) conflicts |= USES_QUEUE
  if ((touches & MISSES_QUEUE) !== 0) conflicts |= READS_QUEUE | WRITES_QUEUE
  if ((touches & BEGINS) !== 0) conflicts |= RETURNS | MAY_RETURN
  if ((touches & (RETURNS | MAY_RETURN)) !== 0) conflicts |= BEGINS
  return conflicts
})

/**
 * Returns what a step touched, given its result: a compareExchange that failed has only read. Whether a call returns with
 * it is not known yet.
 */
export function touchesOf(step: Step): number {
  switch (step.access.kind) {
    case Kind.LOAD:
    case Kind.READ:
    case Kind.READ_BYTES:
      return READS_VALUE
    case Kind.WAIT:
      if (step.effect) return READS_VALUE | JOINS_QUEUE
      return step.result === 'not-equal' ? READS_VALUE | MISSES_QUEUE : READS_VALUE
    case Kind.NOTIFY:
      return step.effect ? WRITES_QUEUE : READS_QUEUE
    case Kind.TIMEOUT:
      return WRITES_QUEUE
    case Kind.CALL:
    case Kind.RETURN:
    case Kind.CRASH:
      return 0
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
  const conflicts = CONFLICTS[one.touches]! & other.touches
  if (conflicts >= BEGINS) return true
  if (!overlap(one.access, other.access)) return false
  return conflicts !== 0 || mightWriteBeyond(one, other) || mightWriteBeyond(other, one)
}

/** Whether two steps that depend on each other do so whatever else has happened: neither is a miss or in a checked call. */
export function alwaysDependent(one: Step, other: Step): boolean {
  return (one.touches | other.touches) < MISSES_QUEUE
}

/** Whether two steps depend on each other because of what they touch. */
export function memoryDependent(one: Step, other: Step): boolean {
  if (!overlap(one.access, other.access)) return false
  if ((CONFLICTS[one.touches]! & other.touches & ~CALLS) !== 0) return true
  return mightWriteBeyond(one, other) || mightWriteBeyond(other, one)
}

/**
 * Whether two steps, taken from the same state one after the other, lead to the same state in both orders, with the same answers.
 * Unlike `dependent`, this asks only about that state: what a step would have touched with another value does not count.
 */
export function commute(one: Step, other: Step): boolean {
  const conflicts = CONFLICTS[one.touches & TOUCHED]! & other.touches & TOUCHED
  return conflicts < BEGINS && (conflicts === 0 || !overlap(one.access, other.access))
}

/** Whether a call begins with one of the steps, and another call returns with the other. */
export function callDependent(one: Step, other: Step): boolean {
  return beginsAsReturns(one, other, RETURNS) || beginsAsReturns(other, one, RETURNS)
}

/** Whether a call begins with a step, and another call might have returned with the other if that had read something else. */
export function mayReturnAt(begin: Step, other: Step): boolean {
  return beginsAsReturns(begin, other, MAY_RETURN)
}

function beginsAsReturns(begin: Step, other: Step, returns: number): boolean {
  return (begin.touches & BEGINS) !== 0 && (other.touches & returns) !== 0
}

/**
 * Whether a step is a wait that another value would have made join the queue that `other` touches. The two then depend on
 * each other only because of that.
 */
export function missesQueueOf(other: Step, step: Step): boolean {
  return (step.touches & MISSES_QUEUE) !== 0 && (other.touches & (READS_QUEUE | WRITES_QUEUE)) !== 0
}

/**
 * Whether a step is a compareExchange that has failed, and the other touches some of its bytes only. Another byte decides
 * whether these are written.
 */
function mightWriteBeyond(step: Step, { access, touches }: Step): boolean {
  const { kind, at, size } = step.access
  if (kind !== Kind.COMPARE_EXCHANGE || (touches & (READS_VALUE | WRITES_VALUE)) === 0) return false
  return access.at !== at || access.size !== size
}

/** Whether two steps depend on each other because they touch the queue of the same location. */
export function queueDependent(one: Step, other: Step): boolean {
  if (one.access.at !== other.access.at) return false
  return (CONFLICTS[one.touches]! & other.touches & USES_QUEUE) !== 0
}

/** Whether two accesses that have not been carried out yet may turn out to depend on each other. */
export function mayDepend(one: Access, other: Access): boolean {
  if (!overlap(one, other)) return false
  if (mayWrite(one.kind) || mayWrite(other.kind)) return true
  return usesQueue(one.kind) && usesQueue(other.kind)
}

/** Whether what an access of this kind returns may decide whether its call ends. */
export function decides(kind: Kind): boolean {
  return kind !== Kind.STORE && kind !== Kind.WRITE && kind !== Kind.WRITE_BYTES && !isEvent(kind)
}

/** Whether an access touches the queue of its location. */
export function usesQueue(kind: Kind): boolean {
  return kind === Kind.WAIT || kind === Kind.NOTIFY || kind === Kind.TIMEOUT
}
