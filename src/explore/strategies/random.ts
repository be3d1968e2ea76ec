/** Random walk: each step is taken by an actor drawn at random from those that can take one. */
import { randomNumbers } from '../model/random-numbers.ts'
import type { Strategy } from './strategy.ts'

export class RandomWalk implements Strategy {
  readonly name = 'random'
  readonly complete = false
  readonly #random: () => number

  constructor(seed: number) {
    this.#random = randomNumbers(seed)
  }

  next(): number {
    return 0
  }

  choose(enabled: number): number {
    let skip = Math.floor(this.#random() * population(enabled))
    let actors = enabled
    while (skip-- > 0) actors &= actors - 1
    return 31 - Math.clz32(actors & -actors)
  }
}

/** Returns the number of actors in a set of bits. */
function population(actors: number): number {
  let count = 0
  for (let rest = actors; rest !== 0; rest &= rest - 1) count++
  return count
}
