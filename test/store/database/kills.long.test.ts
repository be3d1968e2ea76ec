import { expect, test } from 'vitest'
import { WHOLE, killThreads } from './kills.ts'

test('a thousand threads are killed inside SQLite, and nothing is lost', async () => {
  expect(await killThreads(1000)).toEqual({ ...WHOLE, kills: expect.any(Number), inside: 1000 })
}, 1_200_000)
