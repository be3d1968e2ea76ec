/** `lab stress` as a user sees it. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { StressDocument } from '../../../src/sampling/stress-document.ts'
import { Files, LOSING, MEETING } from './files.ts'
import { ended, lab, labFromSource, start } from './lab.ts'

const files = new Files()

const SLEEPING = 'const own = new Int32Array(new SharedArrayBuffer(4)); const sleep = () => Atomics.wait(own, 0, 0, 1)'
const GRADED = {
  observe: '(words) => Atomics.load(words, 0)',
  outcomes: "{ 2: 'acceptable', 1: ['forbidden', 'an increment was lost'] }",
}
const torn = files.scenario('torn.mjs', { actors: `{ alice: ${LOSING}, bob: ${LOSING} }`, ...GRADED }, MEETING)
const ADD = '(words) => Atomics.add(words, 0, 1)'
const atomic = files.scenario('atomic.mjs', { actors: `{ alice: ${ADD}, bob: ${ADD} }`, ...GRADED })
const FEW = ['--samples', '30']

async function documents(
  ...args: readonly string[]
): Promise<{ code: number | null; stderr: string; all: StressDocument[] }> {
  const { code, stdout, stderr } = await lab('stress', ...args, '--json')
  return { code, stderr, all: JSON.parse(stdout) as StressDocument[] }
}

test('a forbidden outcome: exit code 1, its share, and the explorer’s schedule with the command that replays it', async () => {
  const { code, stdout, stderr } = await labFromSource('stress', torn, ...FEW)
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toMatch(/^torn\.mjs: fails\n30 samples on 2 threads in /)
  expect(stdout).toMatch(/^outcome +samples +share +95 % interval +grade +description$/m)
  expect(stdout).toMatch(/^1 +30 +100 % +[\d.]+ % to 100 % +forbidden +an increment was lost$/m)
  expect(stdout).toMatch(/^The explorer found a schedule that fails like this:\n\noutcome 1: an increment was lost$/m)
  const [, token = ''] = /^token: (rl1\..*)$/m.exec(stdout) ?? []
  expect(stdout).toContain(`replay: npm run lab -- replay ${token} ${torn}`)
  expect((await lab('replay', token, torn)).code).toBe(1)
})

test('a scenario that holds: exit code 0, and that this is no proof', async () => {
  const { code, stdout } = await lab('stress', atomic, ...FEW)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^2 +30 +100 % +[\d.]+ % to 100 % +acceptable$/m)
  expect(stdout.replaceAll('\n', ' ')).toContain(
    `That is no proof, because a schedule that did not come up may fail. To try every schedule: npx racelab explore ${atomic}`,
  )
})

test('the JSON document has each field as it is documented', async () => {
  const { code, stderr, all } = await documents(atomic, ...FEW)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(all).toEqual([
    {
      schema: 1,
      scenario: 'atomic.mjs',
      variant: null,
      samples: 30,
      threads: 2,
      verdict: 'pass',
      outcomes: { 2: { count: 30, share: 1, low: expect.any(Number), high: 1, grade: 'acceptable' } },
      failures: [],
      impossible: [],
      elapsedMs: expect.any(Number),
    },
  ])
})

test('a failure has its count, and the token of the same failure in the explorer', async () => {
  const { code, all } = await documents(torn, ...FEW)
  expect(code).toBe(1)
  expect(all).toMatchObject([
    {
      verdict: 'fail',
      failures: [
        { kind: 'outcome', message: 'an increment was lost', outcome: '1', token: expect.stringMatching(/^rl1\./) },
      ],
    },
  ])
})

describe('--compare', () => {
  test('shows what is possible and seen, and what is possible and was never seen', async () => {
    // On threads the reader always comes first, because the writer sleeps for half a second.
    const file = files.scenario(
      'compared.mjs',
      {
        actors:
          '{ alice: (words) => { Atomics.wait(own, 0, 0, 500); Atomics.store(words, 0, 1) }, bob: (words) => Atomics.load(words, 0) }',
        observe: '(_, { bob }) => bob',
        outcomes: "{ 0: 'acceptable' }",
      },
      SLEEPING,
    )
    const { code, stdout } = await lab('stress', file, '--samples', '1', '--compare')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Compared with [\d,]+ schedules of the explorer, complete:$/m)
    expect(stdout).toMatch(/^0 +possible +1 +acceptable$/m)
    expect(stdout).toMatch(/^1 +possible +never seen +forbidden$/m)
    expect(stdout).toMatch(/^No sample failed, but the explorer found a schedule that fails \(outcome: the outcome 1 /m)
    const { all } = await documents(file, '--samples', '1', '--compare')
    expect(all).toMatchObject([{ impossible: [], compared: { complete: true, unseen: ['1'], unpredicted: [] } }])
  })

  test('says loudly what was seen and is held impossible, with exit code 1', async () => {
    // The explorer runs all actors on the main thread, and cannot know that threads tell themselves apart.
    const file = files.scenario(
      'impossible.mjs',
      {
        actors:
          '{ alice: (words) => Atomics.store(words, 0, isMainThread ? 1 : 2), bob: (words) => { Atomics.load(words, 1) } }',
        observe: '(words) => words[0]',
      },
      "import { isMainThread } from 'node:worker_threads'",
    )
    const { code, stdout } = await lab('stress', file, ...FEW, '--compare')
    expect(code).toBe(1)
    expect(stdout).toMatch(/^2 +impossible +30 +acceptable +SEEN AND HELD IMPOSSIBLE$/m)
    expect(stdout).toMatch(/^Seen and held impossible: 2\. /m)
    const { code: again, all } = await documents(file, ...FEW, '--compare')
    expect({ again, all }).toMatchObject({
      again: 1,
      all: [{ verdict: 'pass', impossible: ['2'], compared: { unseen: ['1'] } }],
    })
  })

  test.each([
    [
      'randomness',
      { actors: '{ alice: (words) => { words[0] = Math.random() < 2 ? crypto.randomUUID().length : 0 } }' },
      'the actors use Math.random, crypto.randomUUID',
    ],
    [
      'a declared race',
      {
        names: '(words) => ({ flag: [words, 0] })',
        races: "['flag']",
        actors: '{ alice: (words) => { words[0] = isMainThread ? 1 : 2 }, bob: (words) => { words[0] } }',
      },
      'data races are declared, on flag',
    ],
    [
      'an exploration that does not end',
      {
        actors:
          '{ alice: (words) => { for (let turn = 0; turn < 50; turn++) Atomics.add(words, 0, 1) }, bob: (words) => { for (let turn = 0; turn < 50; turn++) Atomics.store(words, 0, isMainThread ? -1 : 99) } }',
      },
      'not every schedule was explored',
    ],
  ])('holds nothing impossible where there is %s', async (name, parts, doubt) => {
    const all = { observe: '(words) => words[0]', ...parts }
    const file = files.scenario(
      `${name.replaceAll(' ', '-')}.mjs`,
      all,
      "import { isMainThread } from 'node:worker_threads'",
    )
    const found = await documents(file, ...FEW, '--compare', '--timeout', '1')
    expect(found).toMatchObject({
      code: 0,
      all: [{ impossible: [], compared: { doubt: expect.stringContaining(doubt) } }],
    })
  })
})

describe('a bug of the lab', () => {
  test('is run in each variant, or in one, and says whether they did as they are declared', async () => {
    const { code, all } = await documents('rate-limit-bypass', '--variant', 'sound', ...FEW)
    expect(code).toBe(0)
    expect(all).toMatchObject([{ variant: 'sound', declared: 'sound', asDeclared: true, verdict: 'pass', samples: 30 }])
  })

  test('whose broken variant does not fail is inconclusive', async () => {
    const { code, stdout } = await lab('stress', 'rate-limit-bypass', '--samples', '1')
    // One sample of the broken variant may fail; then both did as they are declared.
    const failed = /^rate-limit bypass \(buggy\): fails$/m.test(stdout)
    expect(code).toBe(failed ? 0 : 3)
    expect(stdout).toMatch(/^rate-limit bypass \(sound\) +sound +holds +1$/m)
    expect(stdout).toMatch(
      failed ? /^As declared: /m : /^Not as declared: buggy, declared broken, did not fail in these samples\.$/m,
    )
  })
})

test('several files are run in turn, with a table at the end; the worst result gives the exit code', async () => {
  const { code, stdout } = await lab('stress', atomic, torn, ...FEW)
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /^scenario +on threads +samples +failure$\n─+\natomic\.mjs +holds +30\ntorn\.mjs +fails +30 +outcome: an increment was lost$/m,
  )
})

describe('misuse is one line, with exit code 2:', () => {
  test.each([
    ['a name that is no bug', ['lost-updat'], /^error: There is no bug "lost-updat": did you mean "lost-update"\?\n$/],
    ['a file that is not there', ['gone.mjs'], /^error: There is no file gone\.mjs and no bug of that name\.\n$/],
    [
      'a file without a scenario',
      [files.write('none.mjs', 'export const x = 1')],
      /^error: .*none\.mjs has no scenario as its default export\. [^\n]*\n$/,
    ],
    [
      'a variant that is not there',
      ['lost-update', '--variant', 'bugy'],
      /^error: There is no variant of lost-update "bugy": did you mean "buggy"\?\n$/,
    ],
    ['a bug without a scenario', ['express-session'], /^error: express-session takes a real server [^\n]*\n$/],
    [
      'no time',
      [atomic, '--time', '0'],
      /^error: option '--time <seconds>' argument '0' is invalid\. [^\n]*\n[^\n]*\n$/,
    ],
    [
      'a scenario that is not one',
      [files.scenario('no-actors.mjs', { actors: '{}' })],
      /^error: The scenario has no actors\.\n$/,
    ],
    [
      'a thread that ends itself',
      [files.scenario('exit.mjs', { actors: '{ alice: () => process.exit(0) }' })],
      /^error: The thread of alice was ended from inside, [^\n]*\n$/,
    ],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await lab('stress', ...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })

  test('and a file that cannot be run keeps no other from being run', async () => {
    const { code, stderr, all } = await documents('gone.mjs', atomic, ...FEW)
    expect(code).toBe(2)
    expect(stderr).toBe('error: There is no file gone.mjs and no bug of that name.\n')
    expect(all.map(({ scenario }) => scenario)).toEqual(['atomic.mjs'])
  })
})

test('an endless loop in observe() is named with its line, with exit code 3', async () => {
  // Such a loop is given five seconds. This one sleeps through them, so that the other tests have the processor.
  const file = files.scenario('blind.mjs', { observe: '() => { for (;;) sleep() }' }, SLEEPING)
  const { code, stderr } = await lab('stress', file, '--stuck-after', '0.5')
  expect(code).toBe(3)
  expect(stderr).toMatch(
    /^error: .*blind\.mjs was not sampled to the end: gave up after [\d.]+ s: observe\(\) was still at .*blind\.mjs:\d+:\d+\.\n$/,
  )
})

test('a deadlock is a failure, with the lines where the actors sleep', async () => {
  const file = files.scenario('asleep.mjs', {
    actors: '{ alice: (words) => Atomics.wait(words, 0, 0), bob: (words) => Atomics.load(words, 1) }',
  })
  const { code, stdout } = await lab('stress', file, '--stuck-after', '0.5')
  expect(code).toBe(1)
  expect(stdout).toMatch(
    /^deadlock: alice sleeps forever \(1 sample\)\n {4}alice sleeps in Atomics\.wait at .*asleep\.mjs:\d+:\d+$/m,
  )
  expect(stdout).toMatch(/^The explorer found a schedule that fails like this:$/m)
})

describe('ended early', () => {
  const PID = (name: string): string =>
    `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(`${files.folder}/${name}.pid`)}, String(process.pid))`

  test('by Ctrl-C it prints what it has, with exit code 130, and no process is left', async () => {
    // The actor says so when samples have been made for half a second: by then the command has had a part of the result.
    const path = JSON.stringify(`${files.folder}/under-way.pid`)
    const tell = `() => { since ??= performance.now(); if (performance.now() - since > 500) writeFileSync(${path}, '1') }`
    const file = files.scenario('long.mjs', { actors: `{ alice: ${tell} }` }, `${PID('long')}\nlet since`)
    const child = start(['stress', file, '--time', '1000', '--json'])
    const end = ended(child)
    const pid = await writtenIn('long')
    await writtenIn('under-way')
    child.kill('SIGINT')
    const { code, stdout, stderr } = await end
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: 'error: Interrupted. 0 of 1 scenario was sampled to the end.\n',
    })
    expect(JSON.parse(stdout)).toMatchObject([{ stopped: 'interrupted', verdict: 'pass' }])
    expect(isAlive(pid)).toBe(false)
  })

  test('by Ctrl-C in an endless loop it ends at once, and no process is left', async () => {
    const file = files.scenario('endless.mjs', { actors: '{ alice: () => { for (;;); } }' }, PID('endless'))
    const child = start(['stress', file, '--stuck-after', '1000'])
    const end = ended(child)
    const pid = await writtenIn('endless')
    child.kill('SIGINT')
    expect((await end).code).toBe(130)
    expect(isAlive(pid)).toBe(false)
  })

  test('by a closed pipe it says nothing', async () => {
    const child = start(['stress', atomic, atomic, torn, ...FEW])
    child.stdout!.once('data', () => child.stdout!.destroy())
    const { code, stderr } = await ended(child)
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' })
  })

  async function writtenIn(name: string): Promise<number> {
    const path = `${files.folder}/${name}.pid`
    for (;;) {
      const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
      if (text !== '') return Number(text)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  function isAlive(pid: number): boolean {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
})
