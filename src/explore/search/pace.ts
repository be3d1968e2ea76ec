/**
 * Decides when an exploration stops for its time limit, and when it reports its progress.
 */
import { nativeNow } from '../model/native.ts'
import type { Tally } from './tally.ts'

/** Milliseconds between two progress reports. */
const REPORT_MS = 100

/** Receives the tally so far. A text that it returns stops the search, and is the reason. */
export type ProgressListener = (tally: Tally) => string | undefined

export class Pace {
  /** The last reason to stop that was given. */
  stopped: string | undefined
  readonly #deadline: number
  readonly #timeoutReason: string
  readonly #listener: ProgressListener | undefined
  #nextReport: number

  /** `began` is a time of `nativeNow`, in milliseconds; the time limit counts from it. */
  constructor(began: number, timeoutMs: number, listener: ProgressListener | undefined) {
    this.#deadline = began + timeoutMs
    this.#timeoutReason = `gave up after ${timeoutMs / 1000} s`
    this.#listener = listener
    this.#nextReport = began + REPORT_MS
  }

  /** Reports the progress now, however recent the last report is, because the code that runs next may never return. */
  report(tally: Tally): void {
    this.#listener?.(tally)
  }

  /**
   * Returns the reason to stop now, or undefined if the search may go on. Reads the clock once; reports if a report is
   * due.
   */
  stop(tally: Tally): string | undefined {
    const reason = this.#reason(tally)
    this.stopped = reason ?? this.stopped
    return reason
  }

  #reason(tally: Tally): string | undefined {
    const now = nativeNow()
    if (now > this.#deadline) return this.#timeoutReason
    if (this.#listener === undefined || now < this.#nextReport) return undefined
    this.#nextReport = now + REPORT_MS
    return this.#listener(tally)
  }
}
