/**
 * How long an exploration goes on, and how often it says how far it is.
 */
import { nativeNow } from '../model/native.ts'
import type { Tally } from './search.ts'

/** Milliseconds between two reports of progress. */
const PULSE_MS = 100

/** Hears how far the search is, and returns why it is to stop, if it is. */
export type Pulse = (tally: Tally) => string | undefined

export class Pace {
  readonly #deadline: number
  readonly #late: string
  readonly #pulse: Pulse | undefined
  #due: number

  /** `began` and the deadline are times of `nativeNow`. */
  constructor(began: number, timeoutMs: number, pulse: Pulse | undefined) {
    this.#deadline = began + timeoutMs
    this.#late = `gave up after ${timeoutMs / 1000} s`
    this.#pulse = pulse
    this.#due = began + PULSE_MS
  }

  /** Says at once how far the search is: what comes next may not come back. */
  tell(tally: Tally): void {
    this.#pulse?.(tally)
  }

  /** Why to stop now; undefined if the search may go on. Costs one look at the clock. */
  stop(tally: Tally): string | undefined {
    const now = nativeNow()
    if (now > this.#deadline) return this.#late
    if (this.#pulse === undefined || now < this.#due) return undefined
    this.#due = now + PULSE_MS
    return this.#pulse(tally)
  }
}
