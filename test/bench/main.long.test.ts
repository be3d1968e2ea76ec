/** The bench command from outside: its output and exit code. No test asserts a time. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { canSharePort } from '../../examples/threaded-server/on-one-port.ts'
import { threadLessons } from '../../src/lab/lessons/index.ts'
import { ended, onTerminal, start, startWithoutExpress } from '../lab/cli/lab.ts'
import type { Ended } from '../lab/cli/lab.ts'

const SCRIPT = 'bench/main.ts'
const TINY = ['--quick', '--repetitions', '1']

function bench(...args: readonly string[]): Promise<Ended> {
  return ended(start(args, SCRIPT))
}

interface Answers {
  readonly schema: number
  readonly machine: unknown
  readonly noise: unknown
  readonly benches: readonly { readonly name: string; readonly question: string; readonly data: Data }[]
}

type Data = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

const FIGURE = { median: expect.any(Number), low: expect.any(Number), high: expect.any(Number) }

async function answer(name: string, ...args: readonly string[]): Promise<Data> {
  const { code, stdout, stderr } = await bench(name, ...TINY, '--json', ...args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { schema, machine, noise, benches } = JSON.parse(stdout) as Answers
  expect(schema).toBe(2)
  expect(machine).toMatchObject({ node: process.version, load: expect.any(Number) })
  // One repetition has no spread, so only the load of the machine can make the run too noisy.
  expect(noise).toMatchObject({ figures: 0, noisyFigures: 0, loadPerCore: expect.any(Number) })
  expect(benches.map((each) => each.name)).toEqual([name])
  expect(benches[0]!.question).toMatch(/\?$/)
  return benches[0]!.data
}

test('bugs has a row for each variant of each bug that there is, on each number of workers', async () => {
  const { rows } = await answer('bugs', '--workers', '1,2')
  const wanted = threadLessons.flatMap(({ name, variants }) =>
    [1, 2].flatMap((workers) => variants.map((variant) => ({ bug: name, variant: variant.name, workers }))),
  )
  expect(rows!.map(({ bug, variant, workers }) => ({ bug, variant, workers }))).toEqual(wanted)
  expect(rows![0]).toMatchObject({ opsPerSecond: FIGURE, p50: FIGURE, p95: FIGURE, p99: FIGURE, violations: FIGURE })
  for (const { sound, violations } of rows!) if (sound) expect(violations).toMatchObject({ median: 0 })
}, 60_000)

test('retry-cost has the right total after the retries, and compares both ways to retry with each baseline', async () => {
  const { rows, comparisons } = await answer('retry-cost', '--workers', '1,2')
  const lost = new Map(rows!.map(({ variant, lost: missing }) => [variant, missing]))
  for (const sound of ['write-lock', 'mutex', 'cas', 'buggy, retried in rounds']) expect(lost.get(sound)).toBe(0)
  // Retried at once, an update counts twice when another worker's stale copy brought its old value back: never too few.
  expect(lost.get('buggy, retried at once')).toBeLessThanOrEqual(0)
  for (const { attemptsPerUpdate } of rows!) expect(attemptsPerUpdate).toBeGreaterThanOrEqual(1)
  expect(comparisons).toHaveLength(2 * 3)
  expect(comparisons![0]!['changes']).toEqual({ throughput: FIGURE, p95: FIGURE, p99: FIGURE })
})

test('primitives compares a mutex with three raw operations on one thread', async () => {
  const { rows, mutexOverThreeRaw } = await answer('primitives', '--workers', '1,2')
  expect(rows!.length % 2).toBe(0)
  for (const { nanoseconds } of rows!) expect(nanoseconds).toEqual(FIGURE)
  expect(mutexOverThreeRaw).toEqual(FIGURE)
})

test('cleanup tries each row as often as a count by hand says', async () => {
  const { series } = await answer('cleanup', '--workers', '1')
  const attempts = (cleanup: string, mode: string): unknown[] => {
    const found = series!.find((each) => each['cleanup'] === cleanup && each['mode'] === mode)!
    return (found['points'] as { attempts: number }[]).map((point) => point.attempts)
  }
  // Cycles of 100 deletes, of which 50 fail. Buggy: cycle c tries 100 and the 50 failures of each cycle before.
  expect(attempts('buggy', 'steady')).toEqual([100, 250, 450, 700, 1000, 1350, 1750, 2200])
  // Given up after three attempts: cycle c tries 100 and the failures of the last two cycles, 50 each.
  for (const cleanup of ['retry-limit', 'dead-letter'])
    expect(attempts(cleanup, 'steady')).toEqual([100, 250, 450, 650, 850, 1050, 1250, 1450])
  // Half once, half three times.
  for (const cleanup of ['buggy', 'retry-limit', 'dead-letter'])
    expect(attempts(cleanup, 'backlog')).toEqual([200, 400, 600, 800, 1000, 1200, 1400, 1600])
})

test('growth has a row for each size, on two threads if they are asked for, and loses no session', async () => {
  const { workers, nameBytes, metadataBytes, rows } = await answer('growth', '--workers', '1,2')
  expect({ workers, nameBytes, metadataBytes }).toEqual({ workers: 2, nameBytes: 56, metadataBytes: 128 })
  expect(rows!.map(({ sessions }) => sessions)).toEqual([1000, 10_000])
  for (const { bytesReserved, bytesTouched, allocateMilliseconds, nanoseconds, wrong } of rows!) {
    // The three texts alone: id, user id and user name.
    expect(bytesTouched).toBeGreaterThan(36 + 9 + 5)
    // A last page that is cut short counts whole: less than five bytes of each of a thousand sessions.
    expect(bytesTouched).toBeLessThan((bytesReserved as number) + 5)
    expect(allocateMilliseconds).toEqual(FIGURE)
    const phases = ['fill', 'increment', 'set', 'get', 'delete', 'create']
    expect(nanoseconds).toEqual(Object.fromEntries(phases.map((phase) => [phase, FIGURE])))
    expect(wrong).toBe(0)
  }
})

describe('server', () => {
  test('has each server with each handler, and loses no visit with racelab’s store', async () => {
    const { rows } = await answer('server', '--workers', '1,2')
    const servers = [
      ['MemoryStore', 1],
      ['racelab', 1],
      ['racelab, one listener', 1],
      ['racelab, one listener', 2],
      ...((await canSharePort()) ? [['racelab, one port', 2]] : []),
    ]
    expect(rows!.map(({ server, threads }) => [server, threads])).toEqual([...servers, ...servers])
    for (const { requestsPerSecond, gain, expected, arrived, server } of rows!) {
      expect({ requestsPerSecond, gain }).toEqual({ requestsPerSecond: FIGURE, gain: FIGURE })
      if (server !== 'MemoryStore') expect(arrived).toBe(expected)
    }
    // A tenth of 60 and of 20 requests for each of 32 connections.
    expect([...new Set(rows!.map(({ expected }) => expected))]).toEqual([32 * 6, 32 * 2])
  })

  test('without express and express-session says in one line what to install', async () => {
    const { code, stdout, stderr } = await ended(startWithoutExpress(['server', ...TINY, '--workers', '1'], SCRIPT))
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^This needs express and express-session, .*npm install express express-session$/m)
  })
})

test('as text, the machine and the noise come first, then each question with its answer', async () => {
  const { code, stdout, stderr } = await bench('cleanup', 'retry-cost', ...TINY, '--workers', '2')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^.+, \d+ cores?, Node v\d+\.\d+\.\d+, load \d/)
  expect(stdout).toMatch(/^retry-cost: .*\?$/m)
  expect(stdout).toMatch(/^throughput −13 %: (true|not true|not true in general)\./m)
  expect(stdout).toMatch(/^cleanup: .*\?$/m)
  expect(stdout).toMatch(/^.+\n(TOO NOISY|Noise is unknown): /)
  expect(stdout).toMatch(/^Attempts to delete rows, with a clean-up after every 100 deletes$/m)
  expect(stdout).not.toMatch(/^primitives: /m)
})

test('--svg writes the plots of the run, and prints the figures all the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'racelab-svg-'))
  try {
    const file = join(folder, 'plots.svg')
    const { code, stdout, stderr } = await bench('cleanup', ...TINY, '--workers', '1', '--svg', file)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^cleanup: /m)
    const svg = readFileSync(file, 'utf8')
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
    // Two plots of three variants: 8 measured points and a mark of the legend each.
    expect(svg.match(/class="point"/g)).toHaveLength(2 * 3 * (8 + 1))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a plot that cannot be written is an error after the figures', async () => {
  const { code, stdout, stderr } = await bench('cleanup', ...TINY, '--workers', '1', '--svg', '/no/such/folder/a.svg')
  expect(code).toBe(2)
  expect(stdout).toMatch(/^cleanup: /m)
  expect(stderr).toMatch(/^error: \/no\/such\/folder\/a\.svg cannot be written/)
})

describe('misuse is one line that says what to do, and exits with 2', () => {
  test.each([
    [['nope'], 'bugs, retry-cost, primitives, cleanup, growth, full, explore, server, soak, kills, fuzz'],
    [['--workers', '0'], 'from 1 to 128'],
    [['--workers', '1,two'], 'from 1 to 128'],
    [['--workers', '2,2'], 'Name each number once'],
    [['--repetitions', '0'], 'whole number'],
    [['--timeout', '0'], 'number of seconds'],
    [['--frobnicate'], 'unknown option'],
    [['primitives', '--svg', 'a.svg'], 'a question that has plots: cleanup and growth'],
    [['--peers', '--svg', 'a.svg'], 'a question that has plots: cleanup and growth'],
  ])('%j', async (args, expected) => {
    const { code, stdout, stderr } = await bench(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.split('\n')[0]).toMatch(/^error: /)
    expect(stderr).toContain(expected)
    expect(stderr).not.toMatch(/^ +at /m)
  })
})

test.each(['retry-cost', 'server'])('Ctrl-C ends %s with one line and exit code 130', async (name) => {
  const { code, screen } = await onTerminal([name, '--workers', '2'], ({ type }) => type('\u0003'), {}, SCRIPT)
  expect(code).toBe(130)
  expect(screen).toMatch(/error: Interrupted\.[^\n]*\r\n/)
})

test('explore has the speed, and the schedules that each strategy needs for each scenario', async () => {
  const { speeds, searches } = await answer('explore', '--workers', '1')
  for (const { schedulesPerSecond } of speeds!) expect(schedulesPerSecond).toEqual(FIGURE)
  // Brute force: counted in test/explore/counts.test.ts.
  expect(speeds![0]).toMatchObject({ strategy: 'dfs', complete: true })
  for (const { dpor, random, pct, pos } of searches!) {
    expect(dpor).toBeGreaterThan(0)
    for (const drawn of [random, pct, pos]) expect(drawn).toHaveLength(9)
  }
}, 60_000)
