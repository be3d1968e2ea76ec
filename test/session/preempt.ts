/**
 * Preemption without luck: stops an operation before its n-th atomic access, does something else there, and lets it go on.
 * Trying every n tries every place where another agent can come in between. All shared accesses of the store are atomic, so
 * that no place is missed.
 */
import { actAs } from '../../src/sync/agent.ts'

const NAMES = ['load', 'store', 'add', 'sub', 'exchange', 'compareExchange', 'notify'] as const
type Access = (...parameters: unknown[]) => unknown
const atomics = Atomics as unknown as Record<string, Access>

/** Thrown where the operation that came in between would have to wait for the one that it interrupts. */
class Blocked extends Error {}

export interface Preempted<Result, Other> {
  readonly result: Result
  /** What the other returned; undefined when it did not come in or had to wait. */
  readonly other: Other | undefined
  /** False when the operation has fewer accesses. */
  readonly reached: boolean
}

/** Does an operation, and as another agent something else before its access number `at`. */
export function preempt<Result, Other>(
  at: number,
  operation: () => Result,
  other: () => Other,
): Preempted<Result, Other> {
  const originals = NAMES.map((name) => [name, atomics[name]!] as const)
  const restore = () => originals.forEach(([name, original]) => (atomics[name] = original))
  let count = 0
  let reached = false
  let got: Other | undefined
  for (const [name, original] of originals) {
    atomics[name] = (...parameters) => {
      if (count++ === at) {
        restore()
        reached = true
        try {
          got = withoutWaiting(other)
        } catch (error) {
          // It is given up there: it goes on when the test is over, as it were.
          if (!(error instanceof Blocked)) throw error
        }
      }
      return original(...parameters)
    }
  }
  try {
    return { result: operation(), other: got, reached }
  } finally {
    restore()
  }
}

/** Calls for every place in the operation, first to last, until there is no such place. */
export function atEveryAccess(attempt: (at: number) => { readonly reached: boolean }): number {
  for (let at = 0; ; at++) if (!attempt(at).reached) return at
}

let agents = 1000

function withoutWaiting<Result>(act: () => Result): Result {
  const wait = atomics['wait']!
  const before = actAs(++agents)
  atomics['wait'] = () => {
    throw new Blocked()
  }
  try {
    return act()
  } finally {
    atomics['wait'] = wait
    actAs(before)
  }
}
