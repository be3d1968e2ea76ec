import { expect, test } from 'vitest'
import { WHOLE, killThreads } from './kills.ts'

test('threads are killed inside SQLite: the process and the other thread go on, rows and sessions match, the file is whole', async () => {
  expect(await killThreads(60)).toEqual({ ...WHOLE, kills: expect.any(Number), inside: 60 })
}, 120_000)
