/** The command as a user sees it: its output and its exit code. */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RunDocument } from '../../../src/lab/report/document.ts'
import { HIDE_CURSOR, SHOW_CURSOR, ended, lab, labFromSource, onTerminal, start, startWithoutExpress } from './lab.ts'
import type { Terminal } from './lab.ts'

const SHORT = ['--bug', 'lost-update', '--workers', '2', '--iterations', '50']

describe('a run', () => {
  test('prints the machine, a row a variant, the witness and what to try next; exits with 0', async () => {
    const { code, stdout, stderr } = await labFromSource(...SHORT, '--gap', 'sleep:1')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^.+, \d+ cores?, Node v\d+\.\d+\.\d+, load \d/)
    for (const name of ['buggy', 'write-lock', 'mutex', 'atomic-add', 'cas'])
      expect(stdout).toMatch(new RegExp(`^${name} `, 'm'))
    expect(stdout).toMatch(/^Time +Thread 1 +Thread 2 +Store$/m)
    expect(stdout).toMatch(/Both read \d+, and both wrote \d+/)
    expect(stdout).toMatch(/^Next: npm run lab -- /m)
    expect(stdout).not.toContain('\u001b')
  })

  test('with --json prints an array of documents and nothing else', async () => {
    const { code, stdout, stderr } = await lab(...SHORT, '--gap', 'sleep:1', '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [document, ...more] = JSON.parse(stdout) as [RunDocument, ...RunDocument[]]
    expect(more).toEqual([])
    expect(document).toMatchObject({ schema: 1, bug: 'lost-update', workers: 2, threads: 2 })
    expect(document.machine).toEqual({
      cpu: expect.any(String),
      cores: expect.any(Number),
      node: process.version,
      load: expect.any(Number),
    })
    expect(document.variants.map(({ variant, verdict }) => [variant, verdict])).toEqual([
      ['buggy', 'broke'],
      ['write-lock', 'held'],
      ['mutex', 'held'],
      ['atomic-add', 'held'],
      ['cas', 'held'],
    ])
    for (const { latencyMicroseconds, opsPerSecond } of document.variants) {
      expect(opsPerSecond).toBeGreaterThan(0)
      expect(latencyMicroseconds.p50).toBeLessThanOrEqual(latencyMicroseconds.p99)
    }
    expect(document.witness!.steps[0]).toEqual({
      time: 0,
      thread: 1,
      action: expect.any(String),
      detail: expect.any(String),
      store: expect.stringMatching(/^count=\d+$/),
    })
  })

  test('with --check says whether each history is linearizable, and which operation is not', async () => {
    const { code, stdout, stderr } = await lab(...SHORT, '--gap', 'sleep:1', '--check')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^buggy .* no +fails$/m)
    expect(stdout).toMatch(/^cas .* yes +holds$/m)
    expect(stdout).toMatch(/^buggy: increment\(\) = \d+ of thread \d \(counted-session\) cannot be placed/m)
  })

  test('with --check of a bug without a model says why it is not checked', async () => {
    const { code, stdout, stderr } = await lab('--bug', 'phantom-session', '--workers', '2', '--check', '--quiet')
    expect(code).toBe(0)
    expect(stderr).toMatch(/^--check does not apply to phantom-session: .+\.\n$/)
    expect(stdout).not.toContain('linearizable')
  })

  test.each([
    ['lost-update', /^error: lost-update is a bug\. Run it: npx racelab --bug lost-update\. Read about it: .+\n$/],
    ['package.json', /^error: package\.json is a file\. Explore it: npx racelab explore package\.json\n$/],
    ['exlore', /^error: There is no command "exlore": did you mean "explore"\?\n$/],
  ])('%s without an option says what to type', async (word, message) => {
    const { code, stdout, stderr } = await lab(word)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.replaceAll('npm run lab --', 'npx racelab')).toMatch(message)
  })

  test('init writes a scenario that loses an increment, and overwrites nothing', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'racelab-init-')), 'first.mjs')
    const written = await lab('init', file)
    expect(written).toMatchObject({ code: 0, stderr: '' })
    expect(written.stdout).toContain(`explore ${file}`)
    const { code, stdout } = await lab('explore', file)
    expect(code).toBe(1)
    expect(stdout).toContain('outcome 1: an increment was lost')
    expect(await lab('init', file)).toMatchObject({ code: 2, stderr: expect.stringContaining('exists already') })
  })

  test('init writes types into a TypeScript file, and refuses a file that could not be loaded', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'racelab-init-'))
    expect(await lab('init', join(folder, 'first.ts'))).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, 'first.ts'), 'utf8')).toContain('alice: (words: Int32Array) => {')
    expect(await lab('init', join(folder, 'first.txt'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: \S+first\.txt does not end in one of \.mjs, /),
    })
    expect(readdirSync(folder)).toEqual(['first.ts'])
  })

  test.each([
    [['--nope'], '--help lists the commands and options'],
    [['explore', '--nope'], 'explore --help lists its options'],
    [['check', 'history.jsonl'], 'check --help lists its options'],
  ])('after the arguments %j, says which help to read', async (args, hint) => {
    const { code, stderr } = await lab(...args)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error: [^\n]+\n\([^\n]+\)\n$/)
    expect(stderr).toContain(` ${hint})`)
  })

  test('with --quiet prints the table only', async () => {
    const { stdout } = await lab(...SHORT, '--variant', 'cas', '--quiet')
    const [head, rule, row, ...rest] = stdout.trimEnd().split('\n')
    expect(head).toMatch(/^variant /)
    expect(rule).toMatch(/^─+$/)
    expect(row).toMatch(/^cas .* holds$/)
    expect(rest).toEqual([])
  })

  test('of a broken variant that cannot break, by one worker, is inconclusive and exits with 3', async () => {
    const { code, stdout } = await lab(
      '--bug',
      'lost-update',
      '--workers',
      '1',
      '--variant',
      'buggy',
      '--iterations',
      '10',
    )
    expect(code).toBe(3)
    expect(stdout).toContain('did not fail')
  })

  test('of sound variants only has no witness, and says so', async () => {
    const { code, stdout } = await lab(...SHORT, '--variant', 'mutex')
    expect(code).toBe(0)
    expect(stdout).toContain('No failure was recorded')
  })
})

describe('the lesson of the express sessions', () => {
  const LESSON = ['--bug', 'express-session', '--iterations', '3']

  test('shows requests instead of threads', async () => {
    const { code, stdout, stderr } = await lab(...LESSON)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Express sessions: 1 thread$/m)
    expect(stdout).toMatch(/^One failure of memory-store, as two requests recorded it/m)
    expect(stdout).toMatch(/^Time +Request 1 +Request 2 +Store$/m)
  })

  test('ignores the options of threads, and says so for each that is given', async () => {
    const { code, stderr } = await lab(...LESSON, '--gap', 'none', '--seed', '1', '--database', 'memory')
    expect(code).toBe(0)
    expect(stderr.split('\n').map((line) => line.split(':')[0])).toEqual([
      '--gap changes nothing for express-session',
      '--seed changes nothing for express-session',
      '--database changes nothing for express-session',
      '',
    ])
  })

  test('needs express and express-session: without them it is one line, and exits with 2', async () => {
    const { code, stdout, stderr } = await ended(startWithoutExpress(LESSON))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^error: This needs express and express-session, .*npm install express express-session\n$/)
  })

  test('is then left out of --bug all, with a line on stderr', async () => {
    const all = ['--bug', 'all', '--workers', '2', '--iterations', '20', '--database', 'memory', '--json']
    const { stdout, stderr } = await ended(startWithoutExpress(all))
    expect(stderr).toMatch(/^Left out: express-session\. This needs express and express-session, [^\n]*\n--database/)
    const bugs = (JSON.parse(stdout) as RunDocument[]).map(({ bug }) => bug)
    expect(bugs).toContain('lost-update')
    expect(bugs).not.toContain('express-session')
  })

  test('ends when its time is up', async () => {
    const endless = ['--bug', 'express-session', '--iterations', '10000000', '--timeout', '0.5']
    const { code, stdout, stderr } = await lab(...endless)
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(/^error: Not done after 0.5 s[^\n]*\n$/)
  })
})

describe('an option that changes nothing for a bug', () => {
  const BRIEF = ['--workers', '2', '--iterations', '20', '--gap', 'sleep:1', '--quiet']

  test('is named in a line on stderr, and the run goes on', async () => {
    const args = ['--bug', 'lost-update', '--variant', 'cas', '--seed', '7', '--database', 'sqlite']
    const { code, stdout, stderr } = await lab(...BRIEF, ...args)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^cas .* holds$/m)
    expect(stderr).toBe(
      '--seed changes nothing for lost-update: nothing is chosen at random.\n' +
        '--database changes nothing for lost-update: no database is used.\n',
    )
  })

  test('is not mentioned if it is used or not given', async () => {
    const dead = ['--bug', 'cleanup-leak', '--variant', 'dead-letter']
    for (const given of [['--seed', '7', '--database', 'memory'], []]) {
      const { code, stderr } = await lab(...BRIEF, ...dead, ...given)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    }
  })
})

describe('misuse is one line that says what to do, without a stack, and exits with 2', () => {
  test.each([
    [['--bug', 'nope'], 'There is no bug "nope": there are lost-update, '],
    [[], 'Say which bug to run'],
    [['--bug', 'lost-update', '--variant', 'nope'], 'there are buggy, write-lock, '],
    [['--bug', 'lost-updates'], 'There is no bug "lost-updates": did you mean "lost-update"?'],
    [['--bug', 'lost-update', '--workers', '0'], 'from 1 to 128'],
    [['--bug', 'lost-update', '--workers', '10000'], 'from 1 to 128'],
    [['--bug', 'lost-update', '--workers', 'two'], 'from 1 to 128'],
    [['--bug', 'lost-update', '--iterations', '-1'], 'whole number'],
    [['--bug', 'lost-update', '--gap', 'wide'], 'is not a gap'],
    [['--bug', 'lost-update', '--timeout', '0'], 'number of seconds'],
    [['--bug', 'lost-update', '--seed', '1.5'], 'whole number'],
    [['--bug', 'lost-update', '--database', 'oracle'], 'memory, sqlite'],
    [['--frobnicate'], 'unknown option'],
    [['explain'], 'missing required argument'],
    [['explain', 'nope'], 'There is no bug "nope"'],
  ])('%j', async (args, expected) => {
    const { code, stdout, stderr } = await lab(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(expected)
    expect(stderr).not.toMatch(/^ +at /m)
    expect(stderr.split('\n')[0]).toMatch(/^error: /)
  })
})

describe('a run that cannot end by itself', () => {
  const ENDLESS = ['--bug', 'lost-update', '--workers', '4', '--variant', 'buggy', '--gap', 'sleep:10000']

  test('ends when its time is up, with one line and exit code 3', async () => {
    const { code, stdout, stderr } = await lab(...ENDLESS, '--timeout', '0.5')
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(/^error: Not done after 0.5 s.*--timeout.*\n$/)
  })

  test('ends on Ctrl-C, with one line, exit code 130 and the cursor back', async () => {
    const { code, screen } = await onTerminal(ENDLESS, ({ type }) => type('\u0003'))
    expect(code).toBe(130)
    expect(screen).toMatch(/error: Interrupted\.[^\n]*\r\n/)
    expect(screen.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(screen.lastIndexOf(HIDE_CURSOR))
  })

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends on %s in the same way, with exit code %i', async (signal, exitCode) => {
    const { code, screen } = await onTerminal(ENDLESS, ({ pid }) => process.kill(pid, signal))
    expect(code).toBe(exitCode)
    expect(screen).toMatch(/error: Interrupted\.[^\n]*\r\n/)
  })
})

describe('all bugs', () => {
  const ALL = ['--bug', 'all', '--workers', '2', '--iterations', '20', '--database', 'memory']

  test('are printed one by one as they are done, and Ctrl-C keeps the finished results', async () => {
    const second = /stale-overwrite/
    const { code, screen } = await onTerminal(ALL, ({ type }) => type('\u0003'), {}, undefined, second)
    expect(code).toBe(130)
    expect(screen).toMatch(/^Next: npx racelab explain lost-update/m)
    expect(screen).toMatch(/error: Interrupted\.[^\n]*\r\n/)
  })
})

test('a database in a file is gone when the terminal is closed', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'racelab-test-'))
  const args = ['--bug', 'cleanup-leak', '--workers', '2', '--database', 'sqlite', '--iterations', '1000000']
  const hangUp = ({ pid }: Terminal): void => void process.kill(pid, 'SIGHUP')
  const { code } = await onTerminal(args, hangUp, { TMPDIR: temporary })
  expect(code).toBe(129)
  expect(readdirSync(temporary).filter((name) => !name.startsWith('tsx-'))).toEqual([])
})

test('on a terminal there is a progress line and colour, unless NO_COLOR is set', async () => {
  const args = [...SHORT, '--gap', 'sleep:1']
  const coloured = await onTerminal(args, () => {})
  expect(coloured.screen).toContain('starting 2 threads')
  expect(coloured.screen).toContain('\u001b[32mholds')
  const plain = await onTerminal(args, () => {}, { NO_COLOR: '1' })
  expect(plain.screen).toContain('holds')
  expect(plain.screen).not.toContain('\u001b[32mholds')
})

test('a closed pipe ends the command without a message, with the exit code of its results', async () => {
  const child = start(SHORT.concat('--gap', 'sleep:1'))
  child.stdout!.destroy()
  let stderr = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [code] = (await once(child, 'close')) as [number]
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

describe('texts', () => {
  test('list names every bug and variant', async () => {
    const { code, stdout } = await lab('list')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^lost-update +buggy +broken/m)
    expect(stdout).toMatch(/^ +cas +sound/m)
  })

  test('explain prints the story, the failing timeline, the cause, the fixes and the trap', async () => {
    const { code, stdout } = await lab('explain', 'lost-update')
    expect(code).toBe(0)
    for (const heading of ['How it goes wrong', 'Why', 'What holds', 'What does not hold', 'Variants']) {
      expect(stdout).toMatch(new RegExp(`^${heading}$`, 'm'))
    }
    expect(stdout).toMatch(/^t6 +write lock; write count=11/m)
  })

  test('--help documents the exit codes', async () => {
    const { code, stdout } = await lab('--help')
    expect(code).toBe(0)
    for (const line of ['0 ', '1 ', '2 ', '3 ', '4 ', '129 ', '130 ', '141 ', '143 '])
      expect(stdout).toMatch(new RegExp(`^  ${line}`, 'm'))
  })
})
