/** What the main thread and the threads of the actors send to each other. */
import type { Round } from './pace.ts'

/** What a thread is started with. */
export interface ThreadTask {
  /** The actor's name and its index. */
  readonly actor: string
  readonly index: number
  readonly threads: number
  /** The words of the gate. */
  readonly gate: Int32Array
  /** Words in which the threads show that they go on. */
  readonly progress: Int32Array
  /** How often a thread looks at the gate before it sleeps. */
  readonly spins: number
  /** Whether to note the clocks and random numbers that the actor uses. Noting makes them a little slower. */
  readonly watchOutside: boolean
}

/** What the main thread sends: the memory of further instances, or a round to make. */
export type Order =
  | { readonly kind: 'instances'; readonly memories: readonly unknown[] }
  | { readonly kind: 'round'; readonly round: Round }

/** What a thread sends. */
export type Answer =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'swept'
      /** What the actor returned in each sample. */
      readonly results: readonly unknown[]
      readonly throws: readonly Throw[]
      /** The time from the first sample to the last, in milliseconds. */
      readonly ms: number
      /** The clocks and random numbers that the actor has used so far. */
      readonly outside: readonly string[]
    }
  /** A result cannot be sent to another thread. */
  | { readonly kind: 'unsendable'; readonly message: string }

/** What an actor threw in a sample. */
export interface Throw {
  readonly sample: number
  readonly text: string
  /** The lines where it was thrown, the innermost first; empty if the actor has thrown the same text before. */
  readonly at: readonly string[]
}

/** Where a thread stands that does not come back from a round. */
export interface Standing {
  readonly index: number
  /** The index of the sample that it is in or will begin next. */
  readonly sample: number
  /** Whether it is inside the actor. If not, it waits for the other threads. */
  readonly inside: boolean
  /** Whether it sleeps in Atomics.wait, and whether a timeout can wake it. */
  readonly asleep: 'forever' | 'for a time' | 'no'
  /** The lines where it is, the innermost first. */
  readonly at: readonly string[]
  /** What the actor has thrown in this round. */
  readonly throws: readonly Throw[]
}

/** The distance of the words of two threads in `progress`: each has a cache line of its own. */
export const PROGRESS_STRIDE = 32

/** The key of a global function of a thread. It returns the thread's `Standing`, as JSON. */
export const STANDING = 'racelab.standing'
/** The names of the threads begin with this, so that a debugger can tell them from others. */
export const THREAD_NAME = 'racelab actor'
