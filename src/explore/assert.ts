/**
 * For the tests of any runner: a function that returns when a scenario holds in every schedule, and throws when not.
 */
import { RacelabError } from '../errors.ts'
import type { ExploreOptions } from './search/options.ts'
import type { Exploration } from './search/result.ts'
import { exploreForTest } from './failed-report.ts'
import type { Scenario } from '../scenario.ts'

/** A schedule failed, or not every schedule was explored. The message is the whole report. */
export class DoesNotHoldError extends RacelabError {
  readonly code = 'ERR_RACELAB_DOES_NOT_HOLD'
  readonly exploration: Exploration

  constructor(report: string, exploration: Exploration) {
    super(report)
    this.exploration = exploration
  }
}

/**
 * Explores a scenario and returns the result if every schedule that can matter was explored and none fails.
 *
 * Throws DoesNotHoldError otherwise: also when a bound was hit, since what was not explored is not known to hold.
 *
 * @example
 * assertHoldsInEverySchedule({
 *   name: 'two atomic increments',
 *   memory: () => new Int32Array(new SharedArrayBuffer(4)),
 *   actors: { alice: (words) => Atomics.add(words, 0, 1), bob: (words) => Atomics.add(words, 0, 1) },
 *   observe: (words) => Atomics.load(words, 0),
 *   outcomes: { 2: 'acceptable' },
 * })
 */
export function assertHoldsInEverySchedule(scenario: Scenario, options: ExploreOptions = {}): Exploration {
  const { exploration, report } = exploreForTest(scenario, options)
  if (exploration.verdict !== 'pass') throw new DoesNotHoldError(report(), exploration)
  return exploration
}
