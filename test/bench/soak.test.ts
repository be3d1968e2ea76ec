/** The soak with fewer updates: the memory in use must not grow. No test asserts a time. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { soak } from '../../bench/soak.ts'
import { bytesInUse } from '../../bench/harness/pages.ts'
import { Team } from '../../src/stress/team.ts'
import { bundle } from '../../src/stress/worker-file.ts'

/** The share of ten million updates. */
const SHARE = 0.02

test('after 200,000 updates the store uses no more memory than when every value had been at its longest once', async () => {
  const file = await bundle(fileURLToPath(new URL('../../bench/harness/worker.ts', import.meta.url)))
  const team = await Team.start(2, file)
  try {
    const found = await soak.run({ team, workers: [1, 2], repetitions: 1, share: SHARE, onProgress: () => {} })
    expect(found).toMatchObject({ workers: 2, lost: 0, updatesPerSecond: expect.any(Number) })
    const [first, end] = found.moments
    // Two keys a thread in 1,000 sessions that all update, and in 20 of its own: 2 × (2,000 + 40).
    expect(first).toMatchObject({ updates: 4080, problems: 0, wrong: 0 })
    expect(end).toMatchObject({ updates: 200_000, problems: 0, wrong: 0 })
    // A thousand sessions with four values of a hundred UTF-16 units.
    expect(first.bytesInUse).toBeGreaterThan(1000 * 4 * 200)
    // The store has free memory, so a leak would be visible.
    expect(first.bytesInUse).toBeLessThan(found.bytesReserved)
    expect(end.bytesInUse).toBeLessThanOrEqual(first.bytesInUse)
  } finally {
    await team.close()
  }
})

test('the memory in use is that of the pages that hold a word other than 0', () => {
  const memory = new SharedArrayBuffer(4 * 4096)
  const words = new Int32Array(memory)
  expect(bytesInUse(memory)).toBe(0)
  // The last word of the first page, and two of the third.
  words[1023] = 1
  words[2048] = words[2049] = -1
  expect(bytesInUse(memory)).toBe(2 * 4096)
})
