/** Parts that the tests of spin loops use. */
import { expect } from 'vitest'

import type { Exploration, ExploreOptions } from '../../../src/explore/index.ts'
import { over } from '../counters.ts'
import { explore } from './unchecked.ts'

type Act = (words: Int32Array) => unknown

/** Opens word 0. */
export const opener = (words: Int32Array): void => void Atomics.store(words, 0, 1)

/** Opens word 0, and then word 1. */
export const openerOfBoth = (words: Int32Array): void => {
  Atomics.store(words, 0, 1)
  Atomics.store(words, 1, 1)
}

/** Whether word 0 is not open yet. */
export const closed = (words: Int32Array): boolean => Atomics.load(words, 0) === 0

/** Counts the calls of `bump` and the reads of `index`. The explorer finds the count, a private field, only with V8's inspector. */
export class Counter {
  #rounds = 0

  get rounds(): number {
    return this.#rounds
  }

  bump(): void {
    this.#rounds++
  }

  /** An index that counts how often it is read. */
  get index(): number {
    this.#rounds++
    return 0
  }
}

/** Counts its ticks from the moment when it began. */
export class Mode {
  #hasBegun = false
  #rounds = 0

  get rounds(): number {
    return this.#rounds
  }

  begin(): void {
    this.#hasBegun = true
  }

  tick(): void {
    if (this.#hasBegun) this.#rounds++
  }
}

/** Compiles a function in a script of its own, in sloppy mode. In `body`, the word `closed` is replaced by the test of word 0. */
export function script(body: string, ...names: readonly string[]): (...args: readonly unknown[]) => unknown {
  // oxlint-disable-next-line no-implied-eval -- only a script can be sloppy
  return new Function(
    'words',
    ...names,
    body.replaceAll(/\bclosed\b/g, '(Atomics.load(words, 0) === 0)'),
  ) as () => unknown
}

/** Explores a waiter and another actor. The outcome is what the waiter returns. */
export function exploreWaiter(waiter: Act, other: Act = opener, options: ExploreOptions = {}): Exploration {
  const scenario = over({ waiter, other }, { observe: (_, { waiter: seen }) => seen })
  return explore(scenario, { dataRaces: false, allFailures: true, ...options })
}

/** Expects that no schedule fails, and that the waiter returns these values in some schedules, and no others. */
export function expectOutcomes(waiter: Act, other: Act, outcomes: readonly unknown[]): void {
  const result = exploreWaiter(waiter, other)
  expect(result.failures).toEqual([])
  expect(Object.keys(result.outcomes).toSorted()).toEqual(outcomes.map(String).toSorted())
}

/**
 * Explores a waiter that returns whether it counted many rounds. Expects that a complete exploration has seen both answers, and
 * any other one `false`.
 */
export function expectNoLostRounds(waiter: Act): void {
  const { complete, outcomes } = exploreWaiter(waiter)
  if (complete) expect(Object.keys(outcomes).toSorted()).toEqual(['false', 'true'])
  else expect(Object.keys(outcomes)).toContain('false')
}
