/**
 * Decides when an exploration stops for its time limit, and when it reports its progress.
 */
import { nativeNow } from '../model/native.ts'
import { added } from './tally.ts'
import type { Tally } from './tally.ts'

/** Milliseconds between two progress reports. */
const REPORT_MS = 100

/** Receives the tally so far. A text that it returns stops the search, and is the reason. */
export type ProgressListener = (tally: Tally) => string | undefined

export class Pace {
  /** The last reason to stop that was given. */
  stopped: string | undefined
  /** Whether that was the time limit. */
  isTimeUp = false
  /** What earlier searches of the same scenario have found: reports have it too. */
  before: Tally | undefined
  readonly #deadline: number
  readonly #began: number
  readonly #timeoutReason: string
  readonly #listener: ProgressListener | undefined
  #nextReport: number

  /** `began` is a time of `nativeNow`, in milliseconds; the time limit counts from it. */
  constructor(began: number, timeoutMs: number, listener: ProgressListener | undefined) {
    this.#began = began
    this.#deadline = began + timeoutMs
    this.#timeoutReason = `gave up after ${timeoutMs / 1000} s`
    this.#listener = listener
    this.#nextReport = began + REPORT_MS
  }

  /** Returns the pace of a part that ends when this share of the whole time is over. */
  until(share: number): Pace {
    const part = new Pace(this.#began, share * (this.#deadline - this.#began), this.#listener)
    part.before = this.before
    return part
  }

  /** How long this share of the whole time is, in milliseconds. */
  span(share: number): number {
    return share * (this.#deadline - this.#began)
  }

  /** The time since the beginning, in milliseconds. */
  get elapsed(): number {
    return nativeNow() - this.#began
  }

  /** Reports the progress now, however recent the last report is, because the code that runs next may never return. */
  report(tally: Tally): void {
    this.#listener?.(this.#whole(tally))
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
    this.isTimeUp = now > this.#deadline
    if (this.isTimeUp) return this.#timeoutReason
    if (this.#listener === undefined || now < this.#nextReport) return undefined
    this.#nextReport = now + REPORT_MS
    return this.#listener(this.#whole(tally))
  }

  #whole(tally: Tally): Tally {
    return this.before === undefined ? tally : added(this.before, tally)
  }
}
