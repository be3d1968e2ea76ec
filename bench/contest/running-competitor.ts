/** A running competitor: an implementation with the threads and sessions of one contest. */

/** How many operations all threads did, and how many of them the sessions show. The two are equal unless one was lost. */
export interface Checked {
  readonly expected: number
  readonly found: number
}

export interface RunningCompetitor {
  /** Works for `milliseconds`. Resolves to the operations per second of all threads together. */
  turn(milliseconds: number): Promise<number>
  /** Called once, after the last turn. */
  check(): Promise<Checked>
  close(): Promise<void>
}

/** A request to a competitor: a message to a thread, or a line to a process. */
export type Request = { readonly turn: number } | 'check'
