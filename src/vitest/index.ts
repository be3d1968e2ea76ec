/**
 * `racelab/vitest`: matchers for vitest. Import this module once, in a test file or in a setup file; the import adds
 * the matchers to `expect`.
 *
 * @example
 * import { expect } from 'vitest'
 * import 'racelab/vitest'
 * const counter = {
 *   name: 'counter',
 *   memory: () => new Int32Array(new SharedArrayBuffer(4)),
 *   actors: { alice: (words) => Atomics.add(words, 0, 1), bob: (words) => Atomics.add(words, 0, 1) },
 *   observe: (words) => words[0],
 *   outcomes: { 2: 'acceptable' },
 * }
 * await expect(counter).toHoldInEverySchedule()
 * await expect({ ...counter, outcomes: { 3: 'acceptable' } }).toFailInSomeSchedule('outcome')
 */
import { expect } from 'vitest'
import { checkLinearizable } from '../check/check-linearizable.ts'
import type { Check, CheckOptions } from '../check/check-linearizable.ts'
import type { History } from '../check/history.ts'
import type { Model } from '../check/model.ts'
import { didYouMean } from '../nearest.ts'
import type { ExploreOptions } from '../explore/search/options.ts'
import { Refusal } from '../explore/model/refusal.ts'
import type { Exploration } from '../explore/search/result.ts'
import { FAILURE_KINDS } from '../explore/subject/failure-kind.ts'
import type { FailureKind } from '../explore/subject/failure-kind.ts'
import { exploreForTest } from '../explore/failed-report.ts'
import type { Reported } from '../explore/failed-report.ts'
import { hasOperations } from '../scenario.ts'
import type { OperationsScenario, Scenario } from '../scenario.ts'
import { undecided } from './matching.ts'
import type { MatcherState, MatchResult } from './matching.ts'
import type { UnderStressOptions } from './stress.ts'

export type { UnderStressOptions } from './stress.ts'

function whyUndecided({ verdict, stopped = '' }: Exploration): string {
  return verdict === 'error' ? 'the scenario could not be explored' : `not every schedule was explored (${stopped})`
}

/** Exploring is synchronous, but tests must await this: so a later version can explore on other threads. */
async function toHoldInEverySchedule(
  this: MatcherState,
  scenario: Scenario | OperationsScenario,
  options?: ExploreOptions,
): Promise<MatchResult> {
  const { exploration, report } = exploreForTest(scenario, options)
  const { verdict } = exploration
  if (verdict === 'pass' || verdict === 'fail') return { pass: verdict === 'pass', message: report }
  return undecided(this, whyUndecided(exploration), report)
}

async function toFailInSomeSchedule(
  this: MatcherState,
  scenario: Scenario | OperationsScenario,
  kind?: FailureKind,
  options?: ExploreOptions,
): Promise<MatchResult> {
  checkKind(kind)
  const { exploration, report } = exploreForKind(scenario, kind, options)
  const { verdict, complete } = exploration
  const pass = hasFailed(exploration, kind)
  if (!pass && (verdict === 'error' || !complete)) return undecided(this, whyUndecided(exploration), report)
  const failure = kind === undefined ? 'fail' : `fail with ${kind}`
  return { pass, message: () => `expected ${pass ? 'no' : 'some'} schedule to ${failure}\n\n${report()}` }
}

/**
 * Explores until the first failure. If that is of another kind than the one asked for, explores again with
 * `allFailures`.
 */
function exploreForKind(
  scenario: Scenario | OperationsScenario,
  kind: FailureKind | undefined,
  options: ExploreOptions = {},
): Reported {
  const first = exploreForTest(scenario, options)
  if (first.exploration.verdict !== 'fail' || hasFailed(first.exploration, kind)) return first
  return exploreForTest(scenario, { ...options, allFailures: true })
}

function hasFailed({ verdict, failures }: Exploration, kind: FailureKind | undefined): boolean {
  return verdict === 'fail' && (kind === undefined || failures.some((failure) => failure.kind === kind))
}

function checkKind(kind: string | undefined): void {
  if (kind === undefined || FAILURE_KINDS.some((each) => each === kind)) return
  if (typeof kind !== 'string') throw new Refusal('toFailInSomeSchedule takes the kind of a failure, then the options.')
  throw new Refusal(`There is no failure of the kind "${kind}": ${didYouMean(kind, FAILURE_KINDS)}`)
}

async function toHoldInEveryClient(
  this: MatcherState,
  scenario: OperationsScenario,
  options?: ExploreOptions,
): Promise<MatchResult> {
  if (typeof scenario === 'object' && scenario !== null && !hasOperations(scenario))
    throw new Refusal(
      'toHoldInEveryClient takes a scenario with operations and a model. For actors, use toHoldInEverySchedule.',
    )
  return toHoldInEverySchedule.call(this, scenario, options)
}

function toBeLinearizable<State>(
  this: MatcherState,
  history: History,
  model: Model<State>,
  options?: CheckOptions,
): MatchResult {
  const check = checkLinearizable(history, model, options)
  const report = (): string => checkedText(check)
  if (check.verdict === 'unknown') return undecided(this, `the check ${check.stopped ?? 'did not end'}`, report)
  return { pass: check.verdict === 'linearizable', message: report }
}

function checkedText({ verdict, operations, failure }: Check): string {
  const history = `the history of ${operations} ${operations === 1 ? 'operation' : 'operations'}`
  const unknown = `it is unknown whether ${history} is linearizable`
  const summary = verdict === 'unknown' ? unknown : `${history} is ${verdict.replace('-', ' ')}`
  return failure === undefined ? summary : `${summary}\n\n${failure.message}`
}

async function toHoldUnderStress(
  this: MatcherState,
  file: URL | string,
  options?: UnderStressOptions,
): Promise<MatchResult> {
  // Imported only here, because tests that only explore need no threads.
  const { holdsUnderStress } = await import('./stress.ts')
  return holdsUnderStress(this, file, options)
}

expect.extend({
  toHoldInEverySchedule,
  toFailInSomeSchedule,
  toHoldInEveryClient,
  toHoldUnderStress,
  toBeLinearizable,
})

/** The matchers that `expect` has once `racelab/vitest` is imported. All but `toBeLinearizable` are to be awaited. */
export interface RacelabMatchers {
  /**
   * Asserts that no schedule of the scenario fails, and that every schedule was explored or is equivalent to one that was.
   * The options are those of `explore`.
   *
   * By default vitest ends a test after 5 s. Give the test of a long exploration more time: `test(name, fn, 70_000)`.
   *
   * Fails with the whole report as its message. If no failure was found and the exploration is not complete, or if the
   * scenario cannot be explored, it fails with `.not` too. Cost: as `explore`, with the same algorithms; a failure costs a replay of each failing
   * schedule.
   *
   * @example
   * import { expect } from 'vitest'
   * import 'racelab/vitest'
   * const counter = {
   *   name: 'counter',
   *   memory: () => new Int32Array(new SharedArrayBuffer(4)),
   *   actors: { alice: (words) => Atomics.add(words, 0, 1), bob: (words) => Atomics.add(words, 0, 1) },
   * }
   * await expect(counter).toHoldInEverySchedule()
   */
  toHoldInEverySchedule(options?: ExploreOptions): Promise<void>
  /**
   * Asserts that at least one schedule of the scenario fails, with a failure of `kind` if that is given. The options
   * are those of `explore`.
   *
   * If no such failure was found and the exploration is not complete, or if the scenario cannot be explored, it fails with
   * `.not` too. Rejects with Refusal for an unknown `kind`. Cost: as `explore`, with the same algorithms. If the first
   * failure is of another kind, it explores once more, for all failures.
   *
   * @example
   * import { expect } from 'vitest'
   * import 'racelab/vitest'
   * const counter = {
   *   name: 'counter',
   *   memory: () => new Int32Array(new SharedArrayBuffer(4)),
   *   actors: { alice: (words) => words[0]++, bob: (words) => words[0]++ },
   * }
   * await expect(counter).toFailInSomeSchedule('data-race')
   */
  toFailInSomeSchedule(kind?: FailureKind, options?: ExploreOptions): Promise<void>
  /**
   * Asserts that every history of every client is linearizable. The explorer makes the clients of the scenario's operations,
   * up to its `threads` and `calls`. With the option `criterion: 'sequential'`, sequential consistency is enough. The options
   * are those of `explore`.
   *
   * Fails with the smallest client that fails, its schedule and its history as the message. If no failure was found and the
   * exploration is not complete, or if the scenario cannot be explored, it fails with `.not` too. Rejects with Refusal for a
   * scenario with actors. Cost: as `explore`.
   *
   * @example
   * import { expect } from 'vitest'
   * import 'racelab/vitest'
   * import { models } from 'racelab/check'
   * const words = () => new Int32Array(new SharedArrayBuffer(4))
   * const counter = {
   *   name: 'counter',
   *   memory: words,
   *   operations: { add: (words, by) => Atomics.add(words, 0, by) + by },
   *   arguments: { add: [[1], [2]] },
   *   model: models.counter,
   * }
   * await expect(counter).toHoldInEveryClient()
   */
  toHoldInEveryClient(options?: ExploreOptions): Promise<void>
  /**
   * Asserts that no run of a scenario on real threads fails. It takes the URL or the path of the file that exports the
   * scenario, because a function cannot be sent to a thread. Each actor has a thread. Each run, a sample, has fresh memory.
   * That no sample fails is evidence, and no proof.
   *
   * Fails with the counted outcomes and the failures as its message. If no sample was made, it fails with `.not` too. Rejects
   * with Refusal for a file that exports no scenario with actors, and for an unknown option. Cost: the time of the samples, and some tenths of
   * a second to start the threads.
   *
   * @example
   * import { writeFileSync } from 'node:fs'
   * import { expect } from 'vitest'
   * import 'racelab/vitest'
   * writeFileSync('counter.mjs', `export default {
   *   name: 'counter',
   *   memory: () => new Int32Array(new SharedArrayBuffer(4)),
   *   actors: { alice: (words) => Atomics.add(words, 0, 1), bob: (words) => Atomics.add(words, 0, 1) },
   *   observe: (words) => words[0],
   *   outcomes: { 2: 'acceptable' },
   * }`)
   * await expect('counter.mjs').toHoldUnderStress({ samples: 1000 })
   */
  toHoldUnderStress(options?: UnderStressOptions): Promise<void>
  /**
   * Asserts that a recorded history is linearizable: each operation can be given a moment between its call and its return, so
   * that the model, in the order of these moments, gives the recorded answers. The options are those of `checkLinearizable`.
   *
   * The message names the operation that fits nowhere in such an order, and has an order of those before it. If the check
   * stopped at a limit of its options, it fails with `.not` too. Throws HistoryError if the value is no valid history. Cost: as `checkLinearizable`.
   *
   * @example
   * import { expect } from 'vitest'
   * import 'racelab/vitest'
   * import { models } from 'racelab/check'
   * const history = [
   *   { process: 'alice', f: 'push', input: 1, called: 1, returned: 2 },
   *   { process: 'bob', f: 'pop', output: 1, called: 3, returned: 4 },
   * ]
   * expect(history).toBeLinearizable(models.queue)
   */
  toBeLinearizable<State>(model: Model<State>, options?: CheckOptions): void
}

declare module 'vitest' {
  interface Matchers<T> extends RacelabMatchers {}
}
