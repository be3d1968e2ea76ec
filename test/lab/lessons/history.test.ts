/** The histories of real runs: those of sound variants are linearizable, those of broken ones are not. */
import { describe, expect, test } from 'vitest'
import { authBypass } from '../../../src/lab/lessons/auth-bypass.ts'
import { threadLessons } from '../../../src/lab/lessons/index.ts'
import { lostUpdate } from '../../../src/lab/lessons/lost-update.ts'
import { rateLimitBypass } from '../../../src/lab/lessons/rate-limit-bypass.ts'
import { staleOverwrite } from '../../../src/lab/lessons/stale-overwrite.ts'
import { runOnce } from './run-once.ts'

/** What the operation that cannot be placed is, for each broken variant. */
const UNPLACED = {
  'lost-update': { buggy: /^increment\(\) = \d+ of thread \d \(counted-session\) cannot be placed/ },
  'rate-limit-bypass': { buggy: /^increment\(\) = \d+ of thread \d \(limited-session\) cannot be placed/ },
  'auth-bypass': { buggy: /^request\(\) = "granted" of thread \d \(session \d+\) cannot be placed/ },
  'stale-overwrite': {
    buggy: /^look\(\) = \d+ of (thread 1|the main thread) \(local 0\) cannot be placed/,
    'less-than': /^look\(\) = 0 of the main thread \(remote 0\) cannot be placed/,
    timestamp: /^look\(\) = \d+ of (thread 1|the main thread) \(local 0\) cannot be placed/,
  },
} as const

describe.each([lostUpdate, rateLimitBypass, authBypass, staleOverwrite])('$name', (lesson) => {
  test('is checked, variant by variant', async () => {
    const { variants } = await runOnce(lesson, 2, { iterations: 30, gap: 'sleep:1', check: true })
    expect(variants).toHaveLength(lesson.variants.length)
    const unplaced: Record<string, RegExp> = UNPLACED[lesson.name as keyof typeof UNPLACED]
    for (const { variant, sound, verdict, check } of variants) {
      expect({ variant, verdict: check!.verdict }).toEqual({
        variant,
        verdict: sound ? 'linearizable' : 'not-linearizable',
      })
      expect(verdict).toBe(sound ? 'held' : 'broke')
      expect(check!.operations).toBeGreaterThanOrEqual(60)
      expect(check!.left).toBe(0)
      if (!sound) expect(check!.message).toMatch(unplaced[variant]!)
    }
  })
})

test('a run is not checked unless it is asked for', async () => {
  const { variants } = await runOnce(lostUpdate, 2, { iterations: 5, gap: 'sleep:1' })
  expect(variants.filter(({ check }) => check !== undefined)).toEqual([])
})

test('the other lessons say why their histories are not checked', () => {
  const others = threadLessons.filter(({ history }) => typeof history === 'string').map(({ name }) => name)
  expect(others).toEqual(['cleanup-leak', 'phantom-session', 'session-fixation'])
})
