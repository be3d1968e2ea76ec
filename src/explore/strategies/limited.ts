/** A search that is interrupted between two schedules, after a number of steps. */
import { scheduleOf } from '../model/schedule.ts'
import type { World } from '../model/world.ts'
import type { Divisible, Part } from './part.ts'
import type { Strategy } from './strategy.ts'

export class Limited implements Strategy {
  /** Whether `next` has returned undefined. */
  isOver = false
  /** What is left to be done, if the search was interrupted: a part whose nodes are all its own from `base` on. */
  rest: Part | undefined
  readonly #world: World
  readonly #inner: Divisible
  readonly #base: number
  readonly #most: () => number
  #steps = 0
  #hasRun = false

  /** `base`: that of the part which `inner` searches. `most` returns the number of steps, which may grow as the search goes on. */
  constructor(world: World, inner: Divisible, base: number, most: () => number) {
    this.#most = most
    this.#world = world
    this.#inner = inner
    this.#base = base
  }

  get name(): Strategy['name'] {
    return this.#inner.name
  }

  get complete(): boolean {
    return this.#inner.complete
  }

  next(): number | undefined {
    const depth = this.#inner.next()
    if (depth !== undefined && (!this.#hasRun || this.#steps < this.#most())) {
      this.#hasRun = true
      return depth
    }
    this.isOver = true
    if (depth !== undefined) {
      const path = scheduleOf(this.#world.units.slice(0, depth))
      this.rest = { path, nodes: this.#inner.nodes, base: this.#base }
    }
    return undefined
  }

  choose(enabled: number): number {
    this.#steps++
    return this.#inner.choose(enabled)
  }

  retraced(): void {
    this.#inner.retraced?.()
  }
}
