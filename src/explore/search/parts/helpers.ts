/** Other threads that search parts of the same scenario. */
import type { Schedule } from '../../model/schedule.ts'
import type { Searched } from '../searched.ts'
import type { PartBounds, PartReport, PartTask } from './search-part.ts'

/** A client to be searched whole, given as its text. A part of one is a task like others: `PartBounds` say of which. */
export interface ClientTask {
  readonly number: number
  readonly client: string
}

/** What came of a client: its tally has no `found` and no `races`. */
export interface ClientReport {
  readonly whole: Omit<Searched, 'smallest'>
  /** The first schedule that has failed; undefined if none has. */
  readonly failing: Schedule | undefined
}

/** A report on the task with a number; `again` if the main thread has to do it itself to know what comes of it. */
export type Reported = readonly [number: number, report: PartReport | ClientReport | 'again']

/** No method waits for the threads, except `halt` and `wait`. */
export interface Helpers {
  /** Whether the threads have been started. */
  readonly areReady: boolean
  /** Whether a search may begin. */
  readonly areFree: boolean
  /** The number of the search that was begun last. */
  readonly search: number
  /** Begins a search, and forgets the one before. Starts the threads if they have not been started. */
  begin(bounds: PartBounds): void
  /** Gives a task to a thread; returns false if all have enough to do. */
  give(task: PartTask | ClientTask): boolean
  /** Waits for a report, at most for this number of milliseconds. */
  wait(milliseconds: number): void
  /** Returns the reports that have come since the last call. */
  reports(): readonly Reported[]
  /** Interrupts the search, and returns the last reports, also those on parts that are not over. */
  halt(): readonly Reported[]
  /** Ends the threads. */
  end(): void
}

/**
 * Lends the threads to the search of a client, or of a scenario with a crash, of which this is the text. They are not ended with it.
 * `areFree`: whether they have nothing else to do. Default: whether they are free.
 */
export function named(helpers: Helpers, client?: string, areFree = (): boolean => helpers.areFree): Helpers {
  return {
    get areReady() {
      return helpers.areReady
    },
    get areFree() {
      return areFree()
    },
    get search() {
      return helpers.search
    },
    begin: (bounds) => helpers.begin(client === undefined ? bounds : { ...bounds, client }),
    give: (task) => helpers.give(task),
    wait: (milliseconds) => helpers.wait(milliseconds),
    reports: () => helpers.reports(),
    halt: () => helpers.halt(),
    end() {},
  }
}

export const NO_HELPERS: Helpers = {
  areReady: false,
  areFree: false,
  search: -1,
  begin() {},
  give: () => false,
  wait() {},
  reports: () => [],
  halt: () => [],
  end() {},
}
