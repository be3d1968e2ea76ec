/** A few of the kills of the bench. No test asserts a time. */
import { expect, test } from 'vitest'
import { kills as bench } from '../../bench/kills.ts'
import { killThreads } from '../../bench/loads/kills.ts'
import { Log } from '../../bench/loads/kills-log.ts'

test('threads that are killed while another one works block nobody and lose nothing', async () => {
  const seen = await killThreads({ kills: 60, survivors: 1, onProgress: () => {} })
  expect(seen).toMatchObject({ kills: 60, blocked: 0, lost: 0, problems: [] })
  // Between two operations a thread spends hardly any time.
  expect(seen.inside).toBeGreaterThan(30)
  expect(bench.show(seen)).toContain('blocked: 0   lost: 0   problems of verify: 0')
})

test('a log says what a thread had begun when it was killed', () => {
  const log = Log.of(Log.allocate(2), 1)
  const killed = () => {
    throw new Error('killed')
  }
  log.count(1, () => {})
  expect(() => log.count(1, killed)).toThrow('killed')
  log.set(1, () => {})
  expect(() => log.set(1, killed)).toThrow('killed')
  expect(log.of(1)).toEqual({ begun: 2, counted: 1, setting: 2, set: 1 })
  expect(log.of(0)).toEqual({ begun: 0, counted: 0, setting: 0, set: 0 })
  log.settle(1, 2, 1)
  expect(log.of(1)).toEqual({ begun: 2, counted: 2, setting: 1, set: 1 })
})
