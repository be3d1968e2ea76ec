/** Other threads that search parts of the same scenario. */
import type { PartBounds, PartReport, PartTask } from './search-part.ts'

/** A report on the part with a number; `again` if the main thread has to search the part itself to know what comes of it. */
export type Reported = readonly [number: number, report: PartReport | 'again']

/** No method waits for the threads, except `halt`. */
export interface Helpers {
  /** Whether the threads have been started. */
  readonly areReady: boolean
  /** Begins a search, and forgets the one before. Starts the threads if they have not been started. */
  begin(bounds: PartBounds): void
  /** Gives a part to a thread; returns false if all have enough to do. */
  give(task: PartTask): boolean
  /** Returns the reports that have come since the last call. */
  reports(): readonly Reported[]
  /** Interrupts the search, and returns the last reports, also those on parts that are not over. */
  halt(): readonly Reported[]
  /** Ends the threads. */
  end(): void
}

export const NO_HELPERS: Helpers = {
  areReady: false,
  begin() {},
  give: () => false,
  reports: () => [],
  halt: () => [],
  end() {},
}
