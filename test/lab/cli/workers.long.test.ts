/** `lab explore --workers n` where the search is long enough for the other threads to help: the result is the same whatever n. */
import { expect, test } from 'vitest'
import { Files } from './files.ts'
import { expectSameResult, increments, LOCK } from './same-result.ts'

const files = new Files()

const INCREMENTS = increments(6)
const LOCKED = `${LOCK}
  const short = (words) => { lock(words); words[0]++; unlock(words) }
  const long = (words) => { lock(words); const seen = words[0]; unlock(words); lock(words); words[0] = seen + 1; unlock(words) }`

test('a complete one', { timeout: 120_000 }, async () => {
  const file = files.scenario('complete.mjs', INCREMENTS)
  expect(await expectSameResult(file)).toMatchObject({ verdict: 'pass', schedules: 372_436 })
})

/** The outcomes that are not forbidden. The others are seen in few schedules, or in many. */
const acceptable = (...outcomes: readonly number[]): string =>
  `{ ${outcomes.map((outcome) => `${outcome}: 'acceptable'`).join()} }`

test('one with two failing schedules', { timeout: 120_000 }, async () => {
  const outcomes = acceptable(3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
  const file = files.scenario('two.mjs', { ...INCREMENTS, outcomes })
  expect(await expectSameResult(file)).toMatchObject({ verdict: 'fail', failures: [{ outcome: '2' }] })
})

test('one with several failures, which are all listed', { timeout: 120_000 }, async () => {
  const file = files.scenario('several.mjs', { ...INCREMENTS, outcomes: acceptable(5, 6, 7, 8, 9, 10, 11, 12) })
  const { failures, schedules } = await expectSameResult(file, '--all-failures', '--strategy', 'dpor')
  expect(schedules).toBe(372_436)
  expect(new Set(failures.map(({ outcome }) => outcome))).toEqual(new Set(['2', '3', '4']))
})

test('one that throws late', { timeout: 120_000 }, async () => {
  const observe = '(words) => { if (words[0] === 2) throw new Error("two"); return words[0] }'
  const file = files.scenario('throws.mjs', { ...INCREMENTS, observe })
  expect(await expectSameResult(file)).toMatchObject({ verdict: 'error' })
})

test('one with waits', { timeout: 240_000 }, async () => {
  const actors = '{ a: short, b: short, c: short }'
  const file = files.scenario('waits.mjs', { observe: '(words) => words[0]', actors }, LOCKED)
  expect(await expectSameResult(file, '--no-races', '--timeout', '200')).toMatchObject({ verdict: 'pass' })
})

test('one with waits, of which a schedule fails', { timeout: 240_000 }, async () => {
  const actors = '{ a: short, b: long, c: short }'
  const parts = { observe: '(words) => words[0]', actors, outcomes: "{ 1: ['forbidden', 'two were lost'] }" }
  const file = files.scenario('waits-fails.mjs', parts, LOCKED)
  expect(await expectSameResult(file, '--no-races', '--timeout', '200')).toMatchObject({ verdict: 'fail' })
})
