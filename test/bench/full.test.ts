/** The bench of a full store, on a small one. No test asserts a time. */
import { expect, test } from 'vitest'
import { CALLS, FullStore } from '../../bench/loads/full.ts'

test('on a full store, sets are refused, evict another session, or take the place of a destroyed one', async () => {
  const store = new FullStore(1000)
  expect(store.users).toBe(100)
  for (const call of CALLS) {
    const { mean, p99 } = await store.time(call, 50)
    expect(mean > 0 && p99 > 0).toBe(true)
  }
  expect([store.wrong, store.users]).toEqual([0, 50])
})

test('sets that are refused and should not be are counted', async () => {
  // The only session is that of a user.
  const store = new FullStore(1)
  await store.time('evicting set', 5)
  expect(store.wrong).toBe(5)
})
