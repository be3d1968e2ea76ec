/** Kills an agent between two of its accesses to shared memory, on one thread. */
import { actAs } from '../../src/sync/agent.ts'
import { beforeEachAccess } from './accesses.ts'

const KILLED = Symbol('killed')

/**
 * Calls `act` as an agent that is killed before its access with this number, the first one being 0. Returns whether it came so far.
 * Nothing that runs when the exception unwinds the stack changes shared memory any more.
 */
export function killedAt(step: number, agent: number, act: () => unknown): boolean {
  return stepsUpTo(step, agent, act) > step
}

/** Returns how many accesses an agent makes in a call. */
export function stepsOf(agent: number, act: () => unknown): number {
  return stepsUpTo(Infinity, agent, act)
}

function stepsUpTo(step: number, agent: number, act: () => unknown): number {
  let steps = 0
  const release = beforeEachAccess(() => {
    if (steps++ >= step) throw KILLED
  })
  const before = actAs(agent)
  try {
    act()
  } catch (error) {
    if (error !== KILLED) throw error
  } finally {
    actAs(before)
    release()
  }
  return steps
}
