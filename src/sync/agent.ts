/**
 * The agent that is running: the identity that a lock records as its owner. A positive number below 2^28, distinct among
 * the live threads of a process.
 */
import { threadId } from 'node:worker_threads'

/**
 * One state for the thread, however many times this module is loaded in it: a user's file may bring its own copy, and
 * who runs two agents on one thread must reach that copy too.
 */
const KEY = Symbol.for('racelab.agent')
const state = ((globalThis as { [KEY]?: { agent: number } })[KEY] ??= { agent: threadId + 1 })

/** The number of the agent that calls: its thread's id plus one, so that 0 can mean "nobody". */
export function currentAgent(): number {
  return state.agent
}

/**
 * Makes the calling thread act as another agent from now on, and returns who it was. For an engine that runs several
 * agents in turn on one thread; nothing else needs it.
 */
export function actAs(other: number): number {
  const before = state.agent
  state.agent = other
  return before
}
