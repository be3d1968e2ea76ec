/** A search that is interrupted between two schedules after a number of steps, if it may be. */
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
  readonly #mayEnd: (over: number) => boolean
  #left: number
  #hasRun = false

  /**
   * `base`: that of the part which `inner` searches. `mayEnd`: whether the search may be interrupted now, so many steps after the
   * number of `steps`.
   */
  constructor(world: World, inner: Divisible, base: number, steps: number, mayEnd: (over: number) => boolean) {
    this.#mayEnd = mayEnd
    this.#world = world
    this.#inner = inner
    this.#base = base
    this.#left = steps
  }

  get name(): Strategy['name'] {
    return this.#inner.name
  }

  get complete(): boolean {
    return this.#inner.complete
  }

  next(): number | undefined {
    const depth = this.#inner.next()
    if (depth !== undefined && (!this.#hasRun || this.#left > 0 || !this.#mayEnd(-this.#left))) {
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
    this.#left--
    return this.#inner.choose(enabled)
  }

  retraced(): void {
    this.#inner.retraced?.()
  }
}
