/**
 * Matchers for vitest: `import 'racelab/vitest'` once, in a test file or a setup file. Then
 * `await expect(scenario).toHoldInEverySchedule()`.
 *
 * @module vitest
 */
export type { RacelabMatchers, UnderStressOptions } from '../../../src/vitest/index.ts'
