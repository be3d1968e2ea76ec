/**
 * Preemption without luck: stops an operation before its n-th access to shared memory, does something else there, and lets it
 * go on. Trying every n tries every place where another agent can come in between: plain accesses are places too, so that none
 * is missed, and the inside of a write is not either.
 *
 * What a module keeps (the scratch words of an entry that is to be written) is one for all agents here, and each agent's own in
 * real life: do not stop the update of a session to update another.
 */
import { Kind } from '../../src/explore/model/access.ts'
import { actAs } from '../../src/sync/agent.ts'
import { beforeEachAccess } from './accesses.ts'

/** Thrown where the operation that came in between would have to wait for the one that it interrupts. */
class Blocked extends Error {}

export interface Preempted<Result, Other> {
  readonly result: Result
  /** What the other returned; undefined when it did not come in or had to wait. */
  readonly other: Other | undefined
  /** False when the operation has fewer accesses. */
  readonly reached: boolean
}

/**
 * Does an operation, and as another agent something else before its access number `at`. Their views of shared memory are to be
 * made while accesses are seen: see `seeAccesses`.
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

/** Lets accesses be seen until the returned function is called: of views that are made meanwhile. */
export function seeAccesses(): () => void {
  return beforeEachAccess(() => {})
}

/** Calls for every place in the operation, first to last, until there is no such place. Accesses are seen meanwhile. */
export function atEveryAccess(attempt: (at: number) => { readonly reached: boolean }): number {
  const release = seeAccesses()
  try {
    for (let at = 0; ; at++) if (!attempt(at).reached) return at
  } finally {
    release()
  }
}

let agents = 1000
/** Whether somebody is stopped: then nobody may wait, since who is waited for does not go on. */
let isStopped = false

function refuseToWait(kind: Kind): void {
  if (kind === Kind.WAIT && isStopped) throw new Blocked()
}

/** Undefined if it would have to wait: it is given up there, and goes on when the test is over, as it were. */
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
