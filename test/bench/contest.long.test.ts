/** Contests of the session manager with implementations that need no package. No test asserts a speed. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runContest } from '../../bench/contest/contest.ts'
import type { Competitor } from '../../bench/contest/contest.ts'
import { competitorOf } from '../../bench/contest/competitors.ts'
import { threadFiles } from '../../bench/contest/thread-files.ts'
import { OPERATIONS } from '../../bench/peers/implementation.ts'
import type { Role, ReadSession } from '../../bench/peers/implementation.ts'
import { bySlot } from '../../bench/peers/by-slot.ts'
import { ownerThread } from '../../bench/peers/owner-thread.ts'
import { PeersNotInstalledError, checkInstalled } from '../../bench/peers/packages.ts'
import { racelab } from '../../bench/peers/racelab.ts'
import { rawAdd } from '../../bench/peers/raw-add.ts'
import { isWhole, newSession } from '../../bench/peers/sessions.ts'
import { ended, start } from '../lab/cli/lab.ts'

const PACE = { repetitions: 2, milliseconds: 5, onProgress: () => {} }
const files = await threadFiles()

describe.each(OPERATIONS)('%s', (operation) => {
  test('is right in every total of racelab, the owner thread and the ceilings', async () => {
    const setting = { operation, sessions: 100, threads: 2 }
    const all = [racelab, ownerThread, bySlot, rawAdd].filter(({ operations }) => operations.includes(operation))
    const { rows, ratioToBestPeer, ...asked } = await runContest(
      setting,
      all.map((each) => competitorOf(each, files)),
      PACE,
    )
    expect(asked).toEqual(setting)
    expect(rows.map(({ implementation }) => implementation)).toEqual(all.map(({ name }) => name))
    for (const row of rows) {
      expect(row).toEqual({
        implementation: expect.any(String),
        role: expect.any(String),
        version: expect.any(String),
        opsPerSecond: expect.any(Number),
        spread: expect.any(Number),
        correct: true,
        note: expect.any(String),
      })
    }
    expect(ratioToBestPeer).toBeGreaterThan(0)
  }, 20_000)
})

/** A competitor that reports these rates, and `found` of 100 operations in its check. */
function madeUp(name: string, role: Role, rates: readonly number[], found = 100): Competitor {
  let turns = -1
  const turn = () => Promise.resolve(rates[turns++] ?? rates[0]!)
  const running = { turn, check: () => Promise.resolve({ expected: 100, found }), close: () => Promise.resolve() }
  return { name, role, version: '1', note: 'made up', start: () => Promise.resolve(running) }
}

const SETTING = { operation: 'increment', sessions: 1, threads: 2 } as const

test('the ratio compares with the fastest peer whose total is right, and ignores the other roles', async () => {
  const competitors = [
    madeUp('ours', 'ours', [900]),
    madeUp('slow', 'peer', [100]),
    madeUp('fast', 'peer', [300]),
    madeUp('wrong', 'peer', [800], 99),
    madeUp('flag', 'beside', [800]),
    madeUp('less', 'ceiling', [800]),
  ]
  const { rows, ratioToBestPeer } = await runContest(SETTING, competitors, PACE)
  expect(ratioToBestPeer).toBe(3)
  expect(rows.filter(({ correct }) => !correct).map(({ note }) => note)).toEqual(['WRONG: 99 of 100; made up'])
})

test('the first turn warms up, and the other turns give the median and the spread', async () => {
  // The quartiles of 100, 200, 300, 400, 500 are 200 and 400. Half of their distance is 100, divided by 300.
  const competitor = madeUp('ours', 'ours', [100, 200, 300, 400, 500])
  const { rows, ratioToBestPeer } = await runContest(SETTING, [competitor], { ...PACE, repetitions: 5 })
  expect(rows[0]).toMatchObject({ opsPerSecond: 300, spread: 0.333 })
  expect(ratioToBestPeer).toBeNull()
})

test('a competitor that cannot start loses its row, and the others go on', async () => {
  const broken: Competitor = {
    ...madeUp('broken', 'peer', []),
    start: () => Promise.reject(new Error('no such thing')),
  }
  const { rows } = await runContest(SETTING, [broken, madeUp('ours', 'ours', [1])], PACE)
  expect(rows[0]).toMatchObject({ opsPerSecond: 0, correct: false, note: 'FAILED: no such thing; made up' })
  expect(rows[1]).toMatchObject({ correct: true })
})

test('a session is whole when it has the right id, its names and both keys', () => {
  const session: ReadSession = newSession('a')
  expect(isWhole(session, 'a')).toBe(true)
  expect(isWhole(session, 'b')).toBe(false)
  expect(isWhole(undefined, 'a')).toBe(false)
  expect(isWhole({ ...session, username: '' }, 'a')).toBe(false)
  expect(isWhole({ ...session, metadata: new Map([['theme', 'dark']]) }, 'a')).toBe(false)
})

test('when the peers are not installed, one line says how to install them', () => {
  expect(() => checkInstalled(mkdtempSync(join(tmpdir(), 'racelab-peers-')))).toThrow(PeersNotInstalledError)
  expect(new PeersNotInstalledError().message).toContain('npm ci --prefix bench/peers')
})

test('--peers takes no questions', async () => {
  const { code, stdout, stderr } = await ended(start(['cleanup', '--peers'], 'bench/main.ts'))
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^error: --peers takes no questions/)
})
