import { afterAll, expect, test } from 'vitest'
import { actAs, currentAgent } from '../../src/sync/agent.ts'
import { freshWords, threads } from '../threads.ts'
import type { Jobs } from './agent.jobs.ts'

const { run, end } = threads<Jobs>(new URL('agent.jobs.ts', import.meta.url))
afterAll(end)

test('live threads have distinct agents, all positive and below 2^28', async () => {
  const agents = [currentAgent(), ...(await run('tell', 4, freshWords(1)))]
  expect(new Set(agents).size).toBe(5)
  for (const agent of agents) expect(agent > 0 && agent < 2 ** 28).toBe(true)
})

test('a thread acts as another agent until it acts as itself again', () => {
  const own = currentAgent()
  expect(actAs(7)).toBe(own)
  expect(currentAgent()).toBe(7)
  expect(actAs(own)).toBe(7)
  expect(currentAgent()).toBe(own)
})
