/** How full a store is, and the callback for when its use reaches a mark. */
import { shown } from '../errors.ts'
import { OptionsError } from './errors.ts'
import type { SessionStore } from './store.ts'

/** How full a store is. */
export interface Usage {
  /** The capacity that the store was allocated with. */
  readonly capacity: number
  /** How much of the capacity is in use: by live sessions, by those that wait for clean-up, and by dead letters. */
  readonly used: number
  /** The largest `used` since the store was allocated. */
  readonly highWaterMark: number
  /** Creations that were refused because the store was full, since the store was allocated. */
  readonly refused: number
  /** Sessions that gave way to new ones, since the store was allocated. They count as cleaned up, too. */
  readonly evicted: number
}

/** Returns how full a store is. It reads four words. */
export function usageOf(store: SessionStore): Usage {
  const used = store.stat('occupied')
  return {
    capacity: store.layout.capacity,
    used,
    highWaterMark: Math.max(used, store.stat('highWaterMark')),
    refused: store.stat('refused'),
    evicted: store.stat('evicted'),
  }
}

/** When a manager calls back because its store fills up. */
export interface HighWater {
  /** The share of the capacity that is high: more than 0, and at most 1. */
  readonly at: number
  /** Called with how full the store is. */
  call(usage: Usage): void
}

/** One agent's watch over the use of a store. */
export class HighWaterWatch {
  readonly #store: SessionStore
  readonly #high: number
  readonly #call: HighWater['call']
  #wasHigh = false

  /** Throws OptionsError if `at` is not a share or `call` is not a function. */
  constructor(store: SessionStore, { at, call }: HighWater) {
    if (typeof at !== 'number' || !(at > 0 && at <= 1))
      throw new OptionsError(`The share "at" of highWater is ${shown(at)}, not a number above 0 and up to 1`, NAMES)
    if (typeof call !== 'function')
      throw new OptionsError(`The "call" of highWater is ${shown(call)}, not a function`, NAMES)
    this.#store = store
    this.#high = Math.ceil(at * store.layout.capacity)
    this.#call = call
  }

  /** Calls back if the use has reached the mark since this agent last found it below. */
  look(): void {
    const isHigh = this.#store.stat('occupied') >= this.#high
    // The call comes later, so that what it throws is not taken for a failure of the creation.
    if (isHigh && !this.#wasHigh) queueMicrotask(() => this.#call(usageOf(this.#store)))
    this.#wasHigh = isHigh
  }
}

const NAMES = ['at', 'call']
