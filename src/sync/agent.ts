/**
 * The identity of the running agent, which a lock records as its owner: a positive number below 2^28, distinct among the
 * live threads of a process.
 */
import { threadId } from 'node:worker_threads'

/** The number of the agent of thread 0, so that 0 can mean "no agent". */
export const FIRST_THREAD = 1

/**
 * The thread's one state. A thread may load this module more than once, because a user's file may bring its own copy; an
 * engine that runs several agents on one thread must reach every copy.
 */
const KEY = Symbol.for('racelab.agent')
const state = ((globalThis as { [KEY]?: { agent: number } })[KEY] ??= { agent: threadId + FIRST_THREAD })

/** Returns the number of the calling agent: its thread's id plus one, so that 0 can mean "no agent". */
export function currentAgent(): number {
  return state.agent
}

/**
 * Makes the calling thread act as agent `other` from now on; returns the agent that it acted as before. It exists for an
 * engine that runs several agents in turn on one thread.
 */
export function actAs(other: number): number {
  const before = state.agent
  state.agent = other
  return before
}
