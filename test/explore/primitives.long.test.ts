import { expect, test } from 'vitest'

import '../../src/vitest/index.ts'
import { StartGate } from '../../src/sync/start-gate.ts'
import { gateScenario } from './primitives.ts'

// 381,960 schedules: its parties load the word 100 times before they sleep.
test('holds in every schedule, complete: start gate, 3 parties', { timeout: 180_000 }, async () => {
  await expect(gateScenario({ StartGate }, 3)).toHoldInEverySchedule({ timeout: 150, inside: true })
})
