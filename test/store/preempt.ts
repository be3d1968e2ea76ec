/**
 * Preemption without luck: stops an operation before its n-th access to shared memory, runs another operation there, and lets the
 * first continue. Trying every n tries every point at which another agent can run. Plain accesses count as well, so the points
 * inside a write are not missed.
 *
 * State that a module keeps, such as the scratch words of an entry, is shared by all agents here, while each real thread has its
 * own. So do not stop an update of a session in order to update another one.
 */
import { Kind } from '../../src/explore/model/access.ts'
import { actAs } from '../../src/sync/agent.ts'
import { beforeEachAccess } from './accesses.ts'

/** Thrown when the second operation would have to wait for the one that is stopped. */
class Blocked extends Error {}

export interface Preempted<Result, Other> {
  readonly result: Result
  /** The result of the second operation; undefined if it did not run or had to wait. */
  readonly other: Other | undefined
  /** False if the operation has fewer accesses than `at`. */
  readonly reached: boolean
}

/**
 * Runs an operation, and before its access number `at` runs `other` as another agent. Both must use views of shared memory that
 * were made while accesses are seen (`seeAccesses`).
 */
export function preempt<Result, Other>(
  at: number,
  operation: () => Result,
  other: () => Other,
): Preempted<Result, Other> {
  let count = 0
  let got: Other | undefined
  const release = beforeEachAccess((kind) => {
    refuseToWait(kind)
    if (count++ === at) got = withoutWaiting(other)
  })
  try {
    const result = operation()
    if (count === 0) throw new Error('No access was seen: the views are from before accesses were.')
    return { result, other: got, reached: count > at }
  } finally {
    release()
  }
}

/** Makes the accesses of all views that are made from now on visible, until the returned function is called. */
export function seeAccesses(): () => void {
  return beforeEachAccess(() => {})
}

/**
 * Calls `attempt` with 0, 1, 2 and so on until the operation has no such access; returns how many it has. Accesses are seen
 * meanwhile.
 */
export function atEveryAccess(attempt: (at: number) => { readonly reached: boolean }): number {
  const release = seeAccesses()
  try {
    for (let at = 0; ; at++) if (!attempt(at).reached) return at
  } finally {
    release()
  }
}

let agents = 1000
/** Whether an operation is stopped. Then no other may wait, because the stopped one does not continue meanwhile. */
let isStopped = false

function refuseToWait(kind: Kind): void {
  if (kind === Kind.WAIT && isStopped) throw new Blocked()
}

/** Runs the act and returns its result; undefined if the act would have to wait. The act is then abandoned where it is. */
function withoutWaiting<Result>(act: () => Result): Result | undefined {
  const release = beforeEachAccess(refuseToWait)
  const before = actAs(++agents)
  const wasStopped = isStopped
  isStopped = true
  try {
    return act()
  } catch (error) {
    if (!(error instanceof Blocked)) throw error
    return undefined
  } finally {
    isStopped = wasStopped
    actAs(before)
    release()
  }
}
