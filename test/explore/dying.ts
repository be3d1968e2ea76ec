/** Actors that die in the middle of an operation, and actors that know when they have. */
import { FIRST_AGENT } from '../../src/explore/run/runs.ts'
import { FIRST_THREAD, currentAgent } from '../../src/sync/agent.ts'

const NAMES = ['load', 'store', 'add', 'and', 'compareExchange', 'wait', 'notify'] as const
type Access = (...operands: unknown[]) => unknown
const atomics = Atomics as unknown as Record<(typeof NAMES)[number], Access>
const DEAD = Symbol('dead')
/** What stands behind a method that this module has put in place of another. */
const behind = new WeakMap<Access, Access>()

/**
 * Calls `act`, which ends forever before its atomic access with this number, the first one being 0. Plain accesses do not count. The
 * explorer may run other actors inside an access of this one, or this one again from its start: each run counts its own accesses.
 * Returns whether the act came so far.
 */
export function diesBefore(step: number, act: () => void): boolean {
  const agent = currentAgent()
  let accesses = 0
  const before = NAMES.map((name) => [name, atomics[name]] as const)
  for (const [name, current] of before) {
    const original = behind.get(current) ?? current
    atomics[name] = (...operands) => {
      // What runs while the exception unwinds the stack dies as well.
      if (currentAgent() === agent && accesses++ >= step) throw DEAD
      return original(...operands)
    }
    behind.set(atomics[name], original)
  }
  try {
    act()
    return false
  } catch (thrown) {
    if (thrown !== DEAD) throw thrown
    return true
  } finally {
    for (const [name, current] of before) atomics[name] = current
  }
}

/** Says in a word that the calling actor is dead, as the exit event of a worker does. */
export function tellExit(words: Int32Array, at: number): void {
  Atomics.store(words, at, 1)
  Atomics.notify(words, at)
}

export function awaitExit(words: Int32Array, at: number): void {
  while (Atomics.load(words, at) === 0) Atomics.wait(words, at, 0)
}

/** The id of the thread that the actor at this index acts as. */
export function threadOf(actor: number): number {
  return actor + FIRST_AGENT - FIRST_THREAD
}
