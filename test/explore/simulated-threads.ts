/** Threads that help with a search, without any thread: for tests that must come to every order in which they can report. */
import type { Helpers, Reported } from '../../src/explore/search/parts/helpers.ts'
import type { PartBounds, PartTask } from '../../src/explore/search/parts/search-part.ts'
import { reportOn } from '../../src/explore/search/parts/serve.ts'
import type { Order } from '../../src/explore/search/parts/serve.ts'
import type { ControlledScenario } from '../../src/explore/subject/controlled-scenario.ts'

type UnderControl = <Result>(work: (controlled: ControlledScenario) => Result) => Result

/** They search a part when they report on it, whenever `random` says so, in any order; some parts they never report on. */
export class SimulatedThreads implements Helpers {
  readonly areReady = true
  readonly areFree = true
  search = 0
  reported = 0
  readonly #underControl: UnderControl
  readonly #most: number
  readonly #random: () => number
  #bounds: PartBounds | undefined
  #orders: Order[] = []

  /** `underControl` controls the scenario as the search itself does. `most`: how many parts they have at a time. */
  constructor(underControl: UnderControl, most: number, random: () => number) {
    this.#underControl = underControl
    this.#most = most
    this.#random = random
  }

  begin(each: PartBounds): void {
    this.#bounds = each
    this.#orders = []
  }

  give(task: Order['task']): boolean {
    if (this.#orders.length >= this.#most) return false
    this.#orders.push({ search: 0, task, bounds: this.#bounds! })
    return true
  }

  reports(): Reported[] {
    const reports: Reported[] = []
    while (this.#orders.length > 0 && this.#random() < 0.3) {
      const [order] = this.#orders.splice(Math.floor(this.#random() * this.#orders.length), 1)
      if (this.#random() < 0.05) continue
      reports.push(
        structuredClone(
          this.#underControl((controlled) => reportOn(controlled, order!.task as PartTask, order!.bounds, () => true)),
        ),
      )
    }
    this.reported += reports.length
    return reports
  }

  wait(): void {}

  halt(): Reported[] {
    return []
  }

  end(): void {
    this.#orders = []
  }
}
