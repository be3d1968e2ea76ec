/** A few of the memories of the bench, in a thread that ends when a call hangs. No test asserts another time. */
import { expect, test } from 'vitest'
import { fuzz as bench } from '../../bench/fuzz.ts'
import { fuzz } from '../../bench/loads/fuzz.ts'

test('over damaged memory every call ends with a result or a named error', async () => {
  const seen = await fuzz({ memories: 60, firstSeed: 20_000, onProgress: () => {} })
  expect(seen).toMatchObject({ memories: 60, hangs: [], unnamed: [] })
  expect(seen.errors['CorruptStoreError']).toBeGreaterThan(100)
  expect(seen.results).toBeGreaterThan(1000)
  expect(bench.show(seen)).toContain('unnamed errors: 0   hangs: 0')
})

test('it stops when it is told to', async () => {
  const stop = () => {
    throw new Error('stopped')
  }
  await expect(fuzz({ memories: 10, firstSeed: 1, onProgress: stop })).rejects.toThrow('stopped')
})
