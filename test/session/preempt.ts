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

/** A slice of a schedule: which actor goes on, and for how many accesses at most. */
export interface Slice {
  readonly actor: number
  readonly accesses: number
}

/**
 * Does several acts in slices, as a scheduler would, and then what is left of each; what each returned. An act goes on after
 * a slice by being called anew, with what it has read so far from a log: it must do the same when it reads the same.
 */
export function interleave(acts: readonly (() => unknown)[], schedule: readonly Slice[]): unknown[] {
  const runs = acts.map((act) => ({ act, log: [] as unknown[], isDone: false, result: undefined as unknown }))
  const goOn = (actor: number, accesses: number): void => {
    const run = runs[actor % runs.length]!
    if (!run.isDone) Object.assign(run, slice(run.act, run.log, accesses))
  }
  for (const { actor, accesses } of schedule) goOn(actor, accesses)
  for (let turn = 0; runs.some(({ isDone }) => !isDone); turn++) {
    if (turn > 1000) throw new Error('Nobody comes to an end')
    goOn(turn, Infinity)
  }
  return runs.map(({ result }) => result)
}

const OVER = new Error('The slice is over')

function slice(act: () => unknown, log: unknown[], accesses: number): { isDone: boolean; result?: unknown } {
  const originals = [...NAMES, 'wait'].map((name) => [name, atomics[name]!] as const)
  const end = log.length + accesses
  let count = 0
  for (const [name, original] of originals) {
    atomics[name] = (...parameters) => {
      if (count < log.length) return log[count++]
      if (count === end) throw OVER
      if (name === 'wait') {
        // It has been woken, as it were, when its next slice comes: whoever waits looks again.
        log.push('ok')
        throw OVER
      }
      count++
      log.push(original(...parameters))
      return log.at(-1)
    }
  }
  try {
    return { isDone: true, result: act() }
  } catch (thrown) {
    if (thrown !== OVER) throw thrown
    return { isDone: false }
  } finally {
    for (const [name, original] of originals) atomics[name] = original
  }
}
