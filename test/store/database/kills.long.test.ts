import { expect, test } from 'vitest'
import { WHOLE, killThreads } from './kills.ts'

const KILLS = Number(process.env['KILLS'] ?? 200)

test(`${KILLS} threads are killed inside SQLite, and nothing is lost`, async () => {
  expect(await killThreads(KILLS)).toEqual({ ...WHOLE, kills: expect.any(Number), inside: KILLS })
}, 1_200_000)
