import { expect, test } from 'vitest'

import { compareAll } from './random-locks.ts'

test(
  '100 random programs with locks have the same findings whether their calls are one step or not',
  { timeout: 400_000 },
  () => {
    expect(compareAll(Array.from({ length: 100 }, (_, index) => 1000 + index))).toBeGreaterThan(50)
  },
)
