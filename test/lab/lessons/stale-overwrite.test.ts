/** Updaters against refreshers over SQLite rows, on 2 and 8 real threads. */
import { beforeAll, describe, expect, test } from 'vitest'
import { staleOverwrite } from '../../../src/lab/lessons/stale-overwrite.ts'
import type { BugResult } from '../../../src/lab/run-bug.ts'
import { runOnce, variantOf, verdictsOf } from './bug.ts'

describe.each([2, 8])('on %i threads', (workers) => {
  let result: BugResult
  beforeAll(async () => {
    result = await runOnce(staleOverwrite, workers)
  })

  test('the rules that compare rightly hold, the others break', () => {
    expect(verdictsOf(result)).toEqual({
      buggy: 'broke',
      'less-than': 'broke',
      'version-equal': 'held',
      'newer-only': 'held',
      timestamp: 'broke',
    })
  })

  test('>= lets old rows in, under versions that claim to be newer', () => {
    const { metrics, expected, actual } = variantOf(result, 'buggy')
    expect(metrics['vanished']).toBeGreaterThan(0)
    expect(metrics['lying']).toBeGreaterThan(0)
    expect(expected! - actual!).toBe(metrics['vanished'])
  })

  test('< never lets anything in: nothing is lost, and what changed elsewhere is never seen', () => {
    const { metrics } = variantOf(result, 'less-than')
    expect(metrics).toMatchObject({ vanished: 0, applied: 0, stale: Math.ceil(workers / 2) })
  })

  test.each(['version-equal', 'newer-only'])('%s loses nothing, and both takes rows and discards them', (name) => {
    const { metrics } = variantOf(result, name)
    expect(metrics).toMatchObject({ vanished: 0, lying: 0, stale: 0 })
    expect(metrics['applied']).toBeGreaterThan(0)
    expect(metrics['discarded']).toBeGreaterThan(0)
  })

  test('equal ticks let old rows in', () => {
    expect(variantOf(result, 'timestamp').metrics['vanished']).toBeGreaterThan(0)
  })

  test('the witness fetches a row, the session changes, and the row is written over the change', () => {
    const { steps, told } = result.witness!
    const at = (action: string) => steps.findIndex((step) => step.action === action)
    const lastWrite = steps.findLastIndex(({ action }) => action === 'write')
    expect(at('fetch row')).toBeLessThan(at('write'))
    expect(at('write')).toBeLessThan(lastWrite)
    expect(steps[at('write')]!.thread).not.toBe(steps[lastWrite]!.thread)
    expect(steps[lastWrite]!.thread).toBe(steps[at('fetch row')]!.thread)
    expect(told).toMatch(/^Edit \d+ was written, then overwritten by edit \d+/)
  })
})

test('the database may be in shared memory just as well', async () => {
  const { Team } = await import('../../../src/stress/team.ts')
  const { runBug } = await import('../../../src/lab/run-bug.ts')
  const team = await Team.start(2)
  try {
    const result = await runBug(team, staleOverwrite, { workers: 2, seed: 1, database: 'memory' })
    expect(verdictsOf(result)).toMatchObject({ buggy: 'broke', 'newer-only': 'held', 'version-equal': 'held' })
  } finally {
    await team.close()
  }
})
