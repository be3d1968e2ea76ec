import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'

const FOLDER = new URL('../fixtures/scenarios/', import.meta.url)
/** The parts that the scenarios have in common. */
const PARTS = new Set(['parts.ts', 'dining.ts', 'reorder.ts'])

interface Port {
  readonly buggy: Scenario
  readonly correct: Scenario
}

const files = readdirSync(fileURLToPath(FOLDER)).filter((file) => file.endsWith('.ts') && !PARTS.has(file))
const ports = await Promise.all(
  files.map(async (file) => [file, (await import(new URL(file, FOLDER).href)) as Port] as const),
)

test('there are twenty ports', () => {
  expect(ports.length).toBe(20)
})

describe.each(['dpor', 'pct', 'pos'] as const)('within 10,000 schedules %s', (strategy) => {
  test.each(ports)('finds the bug in %s', (_, { buggy }) => {
    expect(explore(buggy, { strategy, maxSchedules: 10_000 }).verdict).toBe('fail')
  })
})

describe.each(['dpor', 'pct', 'pos'] as const)('%s', (strategy) => {
  test.each(ports)('finds nothing wrong with the correct twin in %s', (_, { correct }) => {
    const result = explore(correct, { strategy, maxSchedules: 2_000 })
    expect(result.failures).toEqual([])
    expect(result.error).toBeUndefined()
  })
})
