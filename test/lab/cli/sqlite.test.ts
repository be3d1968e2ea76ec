/** The command with SQLite behind the store: where there is none, and when it is stopped. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { RunDocument } from '../../../src/lab/report/document.ts'
import { ended, start, startWithoutSqlite } from './lab.ts'
import type { Ended } from './lab.ts'

describe('without SQLite', () => {
  /** A sound variant holds, whatever the threads do. */
  const BRIEF = ['--bug', 'stale-overwrite', '--variant', 'newer-only', '--workers', '2', '--iterations', '20']

  test('a run that asks for it ends with one line that says what to install', async () => {
    const { code, stdout, stderr } = await ended(startWithoutSqlite([...BRIEF, '--database', 'sqlite']))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^error: Node\.js v.* has no SQLite.*\(npm install better-sqlite3@12\)[^\n]*\n$/)
  })

  test('a bug whose default it is has its database in shared memory, with a line on stderr', async () => {
    const { code, stdout, stderr } = await ended(startWithoutSqlite([...BRIEF, '--json']))
    expect(code).toBe(0)
    expect((JSON.parse(stdout) as RunDocument[])[0]!.bug).toBe('stale-overwrite')
    expect(stderr).toMatch(/^The database of stale-overwrite is in shared memory\. Node\.js v[^\n]*\n$/)
  })

  test('a bug without rows, and one that asks for shared memory, say nothing of it', async () => {
    const others = [
      [...BRIEF, '--database', 'memory'],
      ['--bug', 'lost-update', '--variant', 'cas', '--iterations', '20'],
    ]
    for (const args of others) {
      const { code, stderr } = await ended(startWithoutSqlite(args))
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    }
  })
})

describe('Ctrl-C while threads work on SQLite', () => {
  test.each(['stale-overwrite', 'cleanup-leak', 'phantom-session', 'session-fixation'])(
    'ends %s with one line and exit code 130, and leaves no file behind',
    async (bug) => {
      for (let round = 0; round < 3; round++) {
        const { left, ...end } = await interrupted(bug, Math.random() * 400)
        expect(end).toEqual({
          code: 130,
          signal: null,
          stdout: '',
          stderr: expect.stringMatching(/^error: Interrupted\.[^\n]*\n$/),
        })
        expect(left).toEqual([])
      }
    },
  )
})

/** Runs a bug and interrupts it some milliseconds after it has made its database. `left` are the files that are there at its end. */
async function interrupted(bug: string, milliseconds: number): Promise<Ended & { left: string[] }> {
  const temporary = mkdtempSync(join(tmpdir(), 'racelab-test-'))
  const files = () => readdirSync(temporary).filter((name) => !name.startsWith('tsx-'))
  try {
    // In each variant it is at work for seconds.
    const long = ['--iterations', '2000', '--gap', 'spin:500']
    const child = start(['--bug', bug, '--workers', '4', '--database', 'sqlite', ...long], undefined, {
      TMPDIR: temporary,
    })
    const end = ended(child)
    while (files().length === 0 && child.exitCode === null) await sleep(5)
    await sleep(milliseconds)
    child.kill('SIGINT')
    return { ...(await end), left: files() }
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}
