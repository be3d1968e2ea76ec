/** What a level is. */

export interface Level {
  /** Names the level in the address and in the kept progress. */
  readonly id: string
  readonly title: string
  /** What the actors do, and what must never happen. */
  readonly story: string
  /** A scenario that can fail, as a module's text. Blank lines part its functions from each other. */
  readonly code: string
  /** The fewest preemptions with which it fails. */
  readonly best: number
  /** What the failure teaches, in two sentences. */
  readonly lesson: string
  readonly fix: Fix
}

/** The same scenario with the smallest change after which no schedule fails. */
export interface Fix {
  /** What has changed. */
  readonly story: string
  readonly code: string
  /** Why it holds. */
  readonly lesson: string
}
