/**
 * Matchers for vitest: import this once, in a test file or a setup file.
 *
 * @example
 * import 'racelab/vitest'
 * test('no increment is lost', async () => {
 *   await expect(scenario).toHoldInEverySchedule()
 *   await expect(brokenScenario).toFailInSomeSchedule('deadlock')
 * })
 */
import { expect } from 'vitest'
import type { ExploreOptions } from './explore/options.ts'
import type { FailureKind } from './explore/result.ts'
import { exploreForTest } from './report/failed-report.ts'
import type { Scenario } from './scenario.ts'

interface Matched {
  pass: boolean
  message(): string
}

/** Async, although exploring is not: a test awaits it, so that exploring on other threads would change no test. */
async function toHoldInEverySchedule(scenario: Scenario, options?: ExploreOptions): Promise<Matched> {
  const { exploration, report } = exploreForTest(scenario, options)
  // Negated it would pass for whatever could not be explored to the end: toFailInSomeSchedule says what is meant.
  return { pass: exploration.verdict === 'pass', message: report }
}

async function toFailInSomeSchedule(
  scenario: Scenario,
  kind?: FailureKind,
  options?: ExploreOptions,
): Promise<Matched> {
  const { exploration, report } = exploreForTest(scenario, options)
  const { verdict, failures } = exploration
  const pass = verdict === 'fail' && (kind === undefined || failures.some((failure) => failure.kind === kind))
  const expected = kind === undefined ? 'to fail in some schedule' : `to fail in some schedule by ${kind}`
  return { pass, message: () => `expected the scenario ${pass ? 'not ' : ''}${expected}\n\n${report()}` }
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
