/**
 * Summarises the results of many programs in one line.
 */
import type { Exploration } from '../../../src/explore/index.ts'
import type { Carried } from './carries.ts'

export class Statistics {
  #programs = 0
  #tooLarge = 0
  #wrong = 0
  #milliseconds = 0
  #slowest = 0
  readonly #complete: Record<Carried, number> = { nothing: 0, sleepers: 0, state: 0 }
  readonly #all: Record<Carried, number> = { nothing: 0, sleepers: 0, state: 0 }

  leaveOut(): void {
    this.#tooLarge++
  }

  note(carried: Carried, { complete, elapsedMs }: Exploration, wrong: boolean): void {
    this.#programs++
    this.#all[carried]++
    if (complete) this.#complete[carried]++
    if (wrong) this.#wrong++
    this.#milliseconds += elapsedMs
    this.#slowest = Math.max(this.#slowest, elapsedMs)
  }

  shareComplete(carried: Carried): number {
    return this.#complete[carried] / Math.max(1, this.#all[carried])
  }

  line(): string {
    const { nothing, sleepers, state } = this.#complete
    const share = (carried: Carried): string =>
      `${this.#complete[carried]} of ${this.#all[carried]} (${(100 * this.shareComplete(carried)).toFixed(1)} %)`
    return (
      `${this.#programs} programs, ${this.#wrong} explored wrongly; ${nothing + sleepers + state} complete: ` +
      `${share('nothing')} of those whose loops carry nothing, ${share('sleepers')} of those whose loops sleep or wake, ` +
      `${share('state')} of the rest. ${(this.#milliseconds / Math.max(1, this.#programs)).toFixed(1)} ms a program, ` +
      `the slowest ${(this.#slowest / 1000).toFixed(2)} s. ${this.#tooLarge} had too many states for the oracle.`
    )
  }
}
