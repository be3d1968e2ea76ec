import { expect, test } from 'vitest'

import { untilStopped } from '../../src/terminal/stop.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const listeners = (): number[] => SIGNALS.map((signal) => process.listenerCount(signal))

test('while work is done a signal stops it; after that, signals are left alone again', async () => {
  const before = listeners()
  const during = await untilStopped(60, async () => listeners())
  expect(during).toEqual(before.map((count) => count + 1))
  expect(listeners()).toEqual(before)
})
