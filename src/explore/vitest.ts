/**
 * Matchers for vitest: import this once, in a test file or a setup file.
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
import { didYouMean } from '../nearest.ts'
import type { ExploreOptions } from './search/options.ts'
import { Refusal } from './model/refusal.ts'
import type { Exploration } from './search/result.ts'
import { FAILURE_KINDS } from './subject/failure-kind.ts'
import type { FailureKind } from './subject/failure-kind.ts'
import { exploreForTest } from './failed-report.ts'
import type { Reported } from './failed-report.ts'
import type { Scenario } from '../scenario.ts'

interface Matched {
  pass: boolean
  message(): string
}

/** What vitest gives a matcher: whether it stands after `not`. */
interface Matching {
  readonly isNot: boolean
}

/** Fails the assertion, negated or not: what was not explored to its end is known neither to hold nor to fail. */
function undecided({ isNot }: Matching, what: string, report: () => string): Matched {
  return { pass: isNot, message: () => `${what}: this satisfies no matcher, negated or not\n\n${report()}` }
}

function whyUndecided({ verdict, stopped = '' }: Exploration): string {
  return verdict === 'error' ? 'the scenario could not be explored' : `not every schedule was explored (${stopped})`
}

/** Async, although exploring is not: a test awaits it, so that exploring on other threads would change no test. */
async function toHoldInEverySchedule(this: Matching, scenario: Scenario, options?: ExploreOptions): Promise<Matched> {
  const { exploration, report } = exploreForTest(scenario, options)
  const { verdict } = exploration
  if (verdict === 'pass' || verdict === 'fail') return { pass: verdict === 'pass', message: report }
  return undecided(this, whyUndecided(exploration), report)
}

async function toFailInSomeSchedule(
  this: Matching,
  scenario: Scenario,
  kind?: FailureKind,
  options?: ExploreOptions,
): Promise<Matched> {
  checkKind(kind)
  const { exploration, report } = exploreForKind(scenario, kind, options)
  const { verdict, complete } = exploration
  const pass = hasFailed(exploration, kind)
  if (!pass && (verdict === 'error' || !complete)) return undecided(this, whyUndecided(exploration), report)
  const expected = kind === undefined ? 'to fail in some schedule' : `to fail in some schedule by ${kind}`
  return { pass, message: () => `expected the scenario ${pass ? 'not ' : ''}${expected}\n\n${report()}` }
}

/** The first failure may be of another kind than the one that is asked for: then the search goes on to its end. */
function exploreForKind(scenario: Scenario, kind: FailureKind | undefined, options: ExploreOptions = {}): Reported {
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

expect.extend({ toHoldInEverySchedule, toFailInSomeSchedule })

interface ScheduleMatchers {
  /** Every schedule that can matter was explored, and none fails. */
  toHoldInEverySchedule(options?: ExploreOptions): Promise<void>
  /** Some schedule fails; of this kind, if one is given. */
  toFailInSomeSchedule(kind?: FailureKind, options?: ExploreOptions): Promise<void>
}

declare module 'vitest' {
  interface Matchers<T> extends ScheduleMatchers {}
}
