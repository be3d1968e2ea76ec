/** An assertion for any test runner: a scenario holds in every schedule. */
import { RacelabError } from '../errors.ts'
import type { ExploreOptions } from './search/options.ts'
import type { Exploration } from './search/result.ts'
import { exploreForTest } from './failed-report.ts'
import type { OperationsScenario, Scenario } from '../scenario.ts'

/**
 * Thrown by `assertHoldsInEverySchedule` when a schedule fails, when not every schedule was explored, or when the
 * scenario cannot be explored. The message is the whole report, with the failing schedule as a table and its token.
 *
 * @example
 * const counter = {
 *   name: 'counter',
 *   memory: () => new Int32Array(new SharedArrayBuffer(4)),
 *   actors: { alice: (words) => words[0]++, bob: (words) => words[0]++ },
 * }
 * try {
 *   assertHoldsInEverySchedule(counter)
 * } catch (error) {
 *   error instanceof DoesNotHoldError // true
 *   error.exploration.verdict // 'fail'
 * }
 */
export class DoesNotHoldError extends RacelabError {
  readonly code = 'ERR_RACELAB_DOES_NOT_HOLD'
  /** The result of the exploration. */
  readonly exploration: Exploration

  constructor(report: string, exploration: Exploration) {
    super(report)
    this.exploration = exploration
  }
}

/**
 * Explores a scenario and returns the result, whose verdict is `pass`: every schedule that can matter was explored, and
 * none fails. The options are those of `explore`.
 *
 * Throws DoesNotHoldError otherwise. This includes a bound that was hit (not explored is not proved) and a scenario
 * that cannot be explored.
 *
 * Cost: as `explore`, with the same algorithms. If it throws, each failing schedule is replayed once more for the
 * report.
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
export function assertHoldsInEverySchedule(
  scenario: Scenario | OperationsScenario,
  options: ExploreOptions = {},
): Exploration {
  const { exploration, report } = exploreForTest(scenario, options)
  if (exploration.verdict !== 'pass') throw new DoesNotHoldError(report(), exploration)
  return exploration
}
