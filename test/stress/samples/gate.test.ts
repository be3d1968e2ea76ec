import { afterAll, expect, test } from 'vitest'
import { GATE_WORDS } from '../../../src/stress/samples/gate.ts'
import { freshWords, threads } from '../../threads.ts'
import type { jobs } from './gate.jobs.ts'

const { run, end } = threads<typeof jobs>(new URL('gate.jobs.ts', import.meta.url))
afterAll(end)

test.each(['spinning', 'sleeping'] as const)('no thread passes a turn before all have come to it: %s', async (job) => {
  expect(await run(job, 2, freshWords(GATE_WORDS + 2))).toEqual([0, 0])
})

test('the round ends at the same turn in all threads', async () => {
  const turns = await run('untilEnd', 3, freshWords(GATE_WORDS))
  expect(new Set(turns).size).toBe(1)
  // The turn that thread 0 was about to pass when it asked for the end. No other thread can have passed that one.
  expect(turns[0]).toBe(50)
})
