/** Exploring in a separate process: the command stays in control, whatever the scenario's file does. */
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ExploredDocument } from '../../../src/lab/report/explored-document.ts'
import { Files } from './files.ts'
import { HIDE_CURSOR, SHOW_CURSOR, ended, lab, onTerminal, start } from './lab.ts'
import type { Ended } from './lab.ts'

const files = new Files()
const explore = (file: string, ...args: readonly string[]): Promise<Ended> => lab('explore', file, ...args)

/** Four actors with ten increments each: more schedules than a test can wait for. */
const ENDLESS = {
  actors: `Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, (words) => {
    for (let round = 0; round < 10; round++) Atomics.store(words, 0, Atomics.load(words, 0) + 1)
  }]))`,
  observe: '(words) => words[0] > 3 ? "more" : "few"',
}

/** Writes the process's id to a file, so that a test can check whether the process still runs. */
const SAYING_PID =
  "import { writeFileSync } from 'node:fs'; writeFileSync(import.meta.filename + '.pid', `${process.pid}`)"

function isRunning(file: string): boolean {
  try {
    process.kill(Number(readFileSync(`${file}.pid`, 'utf8')), 0)
    return true
  } catch {
    return false
  }
}

describe('the time limit holds in an endless loop without a shared access, which is named with its line:', () => {
  test.each([
    ['memory', 'memory()', 4],
    ['names', 'names()', 6],
    ['observe', 'observe()', 6],
    ['invariant', 'invariant()', 6],
  ])('in %s', async (part, called, line) => {
    const file = files.scenario(`loop-${part}.mjs`, { [part]: '() => { for (;;); }' })
    const { code, stdout, stderr } = await explore(file, '--timeout', '0.5')
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' })
    expect(stdout).toMatch(/gave up after [\d.]+ s: /)
    expect(stdout).toContain(` s: ${called} was still at ${file}:${line}:`)
  })

  test('in an actor', async () => {
    const file = files.scenario('loop-actor.mjs', { actors: '{ alice: (words) => { words[0] = 1; for (;;); } }' })
    const { code, stdout } = await explore(file, '--timeout', '0.5')
    expect(code).toBe(3)
    expect(stdout).toContain(`alice was still at ${file}:5:`)
  })

  test('in a function that an actor calls, in TypeScript: the line is that of the source', async () => {
    const source = `interface Count { value: number }
const spin = (count: Count): void => {
  for (;;) {
    count.value++
  }
}
export default {
  name: 'called', memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: { alice: (_: Int32Array): void => spin({ value: 0 }) },
}`
    const { code, stdout } = await explore(files.write('loop-called.ts', source), '--timeout', '2', '--json')
    expect(code).toBe(3)
    const [{ verdict, stopped }] = JSON.parse(stdout) as [ExploredDocument]
    expect(verdict).toBe('inconclusive')
    expect(stopped).toMatch(/^gave up after [\d.]+ s: alice was still at \S+loop-called\.ts:[34]:/)
  })

  test.each([
    ['loop-top.mjs', '1', 'const one = 1\nfor (;;);', 2],
    // To load TypeScript takes some time.
    ['loop-top.ts', '3', 'const one: number = 1\n\nfor (;;);', 3],
    ['await-top.mjs', '1', 'setInterval(() => {}, 1000)\nawait new Promise(() => {})', 2],
  ])('while %s is loaded', async (name, timeout, source, line) => {
    const file = files.write(name, `${source}\nexport default {}`)
    const { code, stdout, stderr } = await explore(file, '--timeout', timeout)
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(/^error: [^\n]*\n$/)
    expect(stderr).toContain('was not loaded: gave up after ')
    expect(stderr).toContain(` s: it was still at ${file}:${line}:`)
  })

  test('and while a schedule is replayed', async () => {
    const { stdout } = await explore(
      files.scenario('replayed.mjs', { observe: '() => "some"', outcomes: '{ none: "acceptable" }' }),
      '--json',
    )
    const [{ failures }] = JSON.parse(stdout) as [ExploredDocument]
    const looping = files.scenario('replayed-loop.mjs', { memory: '() => { for (;;); }' })
    const { code, stderr } = await lab('replay', failures[0]?.token ?? '', looping, '--timeout', '0.5')
    expect(code).toBe(3)
    expect(stderr).toMatch(
      /^error: The schedule was not replayed: gave up after [\d.]+ s: memory\(\) was still at .*:4:/,
    )
  })
})

test('a native call that takes too long: the time that is reported is the time that it took', async () => {
  const actors = `{ alice: (words) => { words[0] = 1; pbkdf2Sync('a', 'b', 1e9, 8, 'sha512') } }`
  const file = files.scenario('native.mjs', { actors }, "import { pbkdf2Sync } from 'node:crypto'")
  const began = performance.now()
  const { code, stdout } = await explore(file, '--timeout', '0.5', '--json')
  const took = performance.now() - began
  expect(code).toBe(3)
  const [{ stopped, elapsedMs }] = JSON.parse(stdout) as [ExploredDocument]
  expect(stopped).toMatch(/^gave up after [\d.]+ s, in a call that could not be paused to name its line$/)
  const stated = Number(/[\d.]+/.exec(stopped ?? '')?.[0]) * 1000
  // The stated time includes the loading of the file, elapsedMs does not; each is rounded.
  expect(stated).toBeGreaterThanOrEqual(elapsedMs - 50)
  expect(stated).toBeLessThanOrEqual(took + 50)
})

test('a search that gives up, and looks on with PCT, states the time of both', async () => {
  const file = files.scenario('too-many.mjs', ENDLESS)
  const { code, stdout } = await explore(file, '--timeout', '3', '--json')
  expect(code).toBe(3)
  const [{ stopped = '', elapsedMs }] = JSON.parse(stdout) as [ExploredDocument]
  const stated =
    Number(/^gave up after ([\d.]+) s; [\d,]+ schedules? of pct found no failure either$/.exec(stopped)?.[1]) * 1000
  expect(stated).toBeGreaterThanOrEqual(elapsedMs - 50)
})

test('a module that waits for a promise that can no longer settle is named with its line, at once', async () => {
  const file = files.write('never.mjs', 'const one = 1\nawait new Promise(() => {})\nexport default {}')
  const { code, stdout, stderr } = await explore(file)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^error: The scenario’s file waits for a promise .*never\.mjs:2:7\.\n$/)
})

test('a failure that was found before the time was up keeps its token', async () => {
  // The first call of observe() shows a failure; the second one does not return.
  const parts = { observe: '() => { if (seen++ > 0) for (;;); return "bad" }', outcomes: '{ good: "acceptable" }' }
  const file = files.scenario('late-loop.mjs', parts, 'let seen = 0')
  const { code, stdout } = await explore(file, '--timeout', '0.5', '--all-failures')
  expect(code).toBe(1)
  expect(stdout).toMatch(/: fails\n1 schedule, not complete: gave up after [\d.]+ s: observe\(\) was still at/)
  expect(stdout).toMatch(
    /the outcome bad is not among those listed\n\ntoken: rl1\.\S+\nreplay: npx racelab replay rl1\.\S+ \S+late-loop\.mjs/,
  )
})

describe('a call that ends the process is an error, never exit code 0:', () => {
  const EXITS = [
    ['process.exit(0)', 'process.exit'],
    ['process.reallyExit(0)', 'process.reallyExit'],
    ['process.abort()', 'process.abort'],
    ['process.kill(process.pid, "SIGKILL")', 'process.kill'],
  ] as const

  test.each(EXITS)('%s in an actor', async (call, named) => {
    const file = files.scenario('exit-actor.mjs', { actors: `{ alice: () => ${call} }` })
    const { code, stdout } = await explore(file)
    expect(code).toBe(2)
    expect(stdout).toMatch(/^exit-actor\.mjs: cannot be explored$/m)
    expect(stdout).toContain(`alice: ${named} was called: `)
    expect(stdout).toContain(`at ${file}:5:`)
  })

  test.each(['memory', 'observe', 'invariant'])('process.exit in %s', async (part) => {
    const file = files.scenario(`exit-${part}.mjs`, { [part]: '() => process.exit(0)' })
    const { code, stdout } = await explore(file)
    expect(code).toBe(2)
    expect(stdout).toContain(`${part}(): process.exit was called: `)
    expect(stdout).toContain(`at ${file}:`)
  })

  test('process.exit while the file is loaded', async () => {
    const file = files.scenario('exit-load.mjs', {}, 'process.exit(0)')
    const { code, stdout, stderr } = await explore(file)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^error: The scenario’s file calls process\.exit\(\), at \S+exit-load\.mjs:1:9: .*\n$/)
  })

  test('a signal that the file sends to its own process while it is loaded', async () => {
    const { code, stdout, stderr } = await explore(
      files.scenario('kill.mjs', {}, 'process.kill(process.pid, "SIGKILL")'),
    )
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('ended by SIGKILL')
  })

  test('an error in a timer or a promise that the file left behind', async () => {
    for (const late of ['setTimeout(() => { throw new Error("too late") })', 'Promise.reject(new Error("too late"))']) {
      const { code, stdout, stderr } = await explore(files.scenario('late.mjs', {}, late))
      expect(code).toBe(2)
      const said = `${stdout}${stderr}`
      expect(said).toMatch(/Outside of every actor, the scenario’s file threw Error: too late/)
      expect(said).not.toMatch(/^ +at /m)
    }
  })
})

test.each([
  ['a timer', 'setInterval(() => {}, 1000)'],
  [
    'a worker',
    "import { Worker } from 'node:worker_threads'; new Worker('setInterval(() => {}, 1000)', { eval: true })",
  ],
  ['an exit handler', "process.on('exit', () => { console.log('bye'); process.exitCode = 7 })"],
  ['an exit code', 'process.exitCode = 7'],
])('%s of the file neither keeps the command alive nor changes its exit code', async (_, line) => {
  const { code, stdout, stderr } = await explore(files.scenario('left.mjs', {}, line))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^left\.mjs: holds\ncomplete: 2 schedules/)
})

test.each([
  ['loop of microtasks', 'queueMicrotask(function again() { queueMicrotask(again) })'],
  ['loop in a timer', 'setTimeout(() => { for (;;); }, 0)'],
])('after the exploration, an endless %s of the file is named, and the result is not a pass', async (_, line) => {
  const { code, stdout } = await explore(files.scenario('busy.mjs', {}, line), '--timeout', '0.5')
  expect(code).toBe(3)
  expect(stdout).toMatch(
    /^busy\.mjs: inconclusive\n2 schedules, not complete: the file did not come to rest after the exploration: it was still at \S+busy\.mjs:1:/,
  )
})

test.each([
  ['is done', '', 0],
  ['is ended in a loop', '; for (;;);', 3],
])('a child process of the file is ended with the exploration when that %s', async (_, rest, exitCode) => {
  const start = `import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
const child = spawn('sleep', ['600'], { stdio: 'ignore' })
writeFileSync(import.meta.filename + '.pid', \`\${child.pid}\`)${rest}`
  const file = files.scenario(`child-${exitCode}.mjs`, {}, start)
  const { code } = await explore(file, '--timeout', '1')
  expect(code).toBe(exitCode)
  while (isRunning(file)) await new Promise((resolve) => setTimeout(resolve, 20))
})

describe('a timer of the file, after the exploration,', () => {
  const LOST = {
    actors: `Object.fromEntries(['a', 'b'].map((name) => [name, (words) => {
      Atomics.store(words, 0, Atomics.load(words, 0) + 1)
    }]))`,
    observe: '(words) => words[0]',
    outcomes: '{ 2: "acceptable" }',
  }
  const EXIT = 'setTimeout(() => process.exit(0), 0)'

  test('that calls process.exit does not undo a failure', async () => {
    const { code, stdout, stderr } = await explore(files.scenario('exits.mjs', LOST, EXIT))
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toMatch(/^exits\.mjs: fails\n2 schedules[^]*◄ preempted here[^]*token: rl1/)
    expect(stdout).not.toContain('process.exit')
  })

  test('that calls process.exit does not undo a pass either', async () => {
    const { code, stdout } = await explore(files.scenario('exits.mjs', {}, EXIT))
    expect(code).toBe(0)
    expect(stdout).toMatch(/^exits\.mjs: holds\ncomplete: 2 schedules/)
  })

  test.each([
    ['throws', 'setTimeout(() => { throw new Error("too late") }, 0)', 'the scenario’s file threw Error: too late'],
    ['never ends', 'setTimeout(() => { for (;;); }, 0)', 'a schedule failed'],
  ])('that %s does not undo a failure, which keeps its table', async (_, line, said) => {
    const { code, stdout } = await explore(files.scenario('left.mjs', LOST, line))
    expect(code).toBe(1)
    expect(stdout).toMatch(/^left\.mjs: fails\n2 schedules[^]*◄ preempted here[^]*token: rl1/)
    expect(stdout).toContain(said)
  })
})

test('a getter that throws is one line', async () => {
  const file = files.write(
    'getter.mjs',
    'export default { get name() { throw new Error("no name") }, memory: () => 1, actors: {} }',
  )
  const { code, stdout, stderr } = await explore(file)
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
  expect(stdout).toMatch(/^The scenario threw Error: no name$/m)
})

test('what the scenario prints goes to stderr: stdout is for the command only', async () => {
  const file = files.scenario('prints.mjs', {}, 'console.log("hello")')
  const { stdout, stderr } = await explore(file, '--json')
  expect(JSON.parse(stdout)).toHaveLength(1)
  expect(stderr).toBe('hello\n')
})

describe('memory has a limit, and the report says where it was reached:', () => {
  test.each([
    ['of the heap', 'const kept = []; for (;;) kept.push(new Array(100_000).fill(1))'],
    [
      'of shared buffers',
      'const kept = []; for (;;) kept.push(new Uint8Array(new SharedArrayBuffer(2 ** 24)).fill(1))',
    ],
  ])('%s', async (_, body) => {
    const file = files.scenario('memory.mjs', { actors: `{ alice: () => { ${body} } }` })
    const { code, stdout, stderr } = await explore(file, '--memory', '200')
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' })
    expect(stdout).toContain(`gave up at 200 MiB of memory (--memory): alice was still at ${file}:5:`)
  })
})

describe('a signal', () => {
  /** Starts an exploration and sends the signal once the file is loaded. */
  async function interrupted(file: string, signal: NodeJS.Signals, ...args: readonly string[]): Promise<Ended> {
    const child = start(['explore', file, ...args])
    const end = ended(child)
    await untilLoaded(file)
    child.kill(signal)
    return end
  }

  async function untilLoaded(file: string): Promise<void> {
    while (!isRunning(file)) await new Promise((resolve) => setTimeout(resolve, 20))
    // Leaves the search some time, so that it has a result.
    await new Promise((resolve) => setTimeout(resolve, 500))
  }

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends a search, which says what it found so far, with exit code %i', async (signal, exitCode) => {
    const file = files.scenario(`${signal}.mjs`, ENDLESS, SAYING_PID)
    const { code, stdout, stderr } = await interrupted(file, signal)
    expect(code).toBe(exitCode)
    expect(stdout).toMatch(/: inconclusive\n[\d,]+ schedules, not complete: interrupted[^]*^more +[\d,]+ +100\.0 %/m)
    expect(stderr).toBe('error: Interrupted. 0 of 1 scenario was done.\n')
    expect(isRunning(file)).toBe(false)
  })

  test('ends an endless loop too, and JSON stays JSON', async () => {
    const file = files.scenario('interrupted-loop.mjs', { actors: '{ alice: () => { for (;;); } }' }, SAYING_PID)
    const { code, stdout } = await interrupted(file, 'SIGINT', '--json')
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject([{ stopped: expect.stringMatching(/^interrupted: alice was still at /) }])
    expect(isRunning(file)).toBe(false)
  })

  test('while a bug is explored says how many variants have no result, and shows none without a schedule', async () => {
    const child = start(['explore', 'stale-overwrite'])
    const end = ended(child)
    child.stdout!.once('data', () => child.kill('SIGINT'))
    const { code, stdout, stderr } = await end
    expect(code).toBe(130)
    const shown = [...stdout.matchAll(/^stale overwrite \(/gm)].length
    expect(stderr).toContain(`of 5 scenarios were done, and ${5 - shown} `)
    expect(stdout).not.toMatch(/^0 schedules/m)
  })

  // The first scenario never ends, so its process is ended, and another one loads the file again, which never ends either.
  test('while the file is loaded again says what was explored before', async () => {
    const first = files.write('first-load', '')
    const before = `import { existsSync, rmSync } from 'node:fs'
if (existsSync(${JSON.stringify(first)})) rmSync(${JSON.stringify(first)})
else for (;;);
export const second = { name: 'second', memory: () => new Int32Array(new SharedArrayBuffer(8)), actors: { alice() {} } }`
    const file = files.scenario('interrupted-again.mjs', { actors: '{ alice: () => { for (;;); } }' }, before)
    const child = start(['explore', file, '--timeout', '1'])
    const end = ended(child)
    child.stdout!.once('data', () => child.kill('SIGINT'))
    const { code, stdout, stderr } = await end
    expect(code).toBe(130)
    expect(stdout).toMatch(/gave up after .* s: alice was still at/)
    expect(stderr).toMatch(/^error: Interrupted\. 1 of 2 scenarios were done/)
  })

  test('while the file is loaded is one line', async () => {
    const file = files.write('interrupted-load.mjs', `${SAYING_PID}\nfor (;;);\nexport default {}`)
    const { code, stdout, stderr } = await interrupted(file, 'SIGINT')
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(stderr).toMatch(/^error: Interrupted\. .* was not loaded\.\n$/)
    expect(isRunning(file)).toBe(false)
  })

  test('that nothing can answer, SIGKILL, leaves no process behind, not even in an endless loop', async () => {
    const file = files.scenario('killed.mjs', { actors: '{ alice: () => { for (;;); } }' }, SAYING_PID)
    const { signal } = await interrupted(file, 'SIGKILL')
    expect(signal).toBe('SIGKILL')
    while (isRunning(file)) await new Promise((resolve) => setTimeout(resolve, 20))
  })
})

describe('an output that cannot be written', () => {
  const sound = files.scenario('sound.mjs')

  test('full: one line and exit code 4, on stdout and in a file', async () => {
    const full = openSync('/dev/full', 'w')
    const both = await Promise.all([
      ended(start(['explore', sound], undefined, {}, full)),
      explore(sound, '--junit', '/dev/full'),
    ])
    closeSync(full)
    for (const { code, stderr } of both) {
      expect(code).toBe(4)
      expect(stderr).toMatch(/^error: [^\n]* cannot be written: ENOSPC[^\n]*\n$/)
    }
    expect(both[1].stdout).toMatch(/: holds\n/)
  })

  test('a file in no folder is misuse', async () => {
    const { code, stderr } = await explore(sound, '--junit', join(files.folder, 'none', 'report.xml'))
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error: [^\n]* cannot be written: ENOENT[^\n]*\n$/)
  })

  test('a closed pipe: quietly, with the exit code that was earned', async () => {
    const child = start(['explore', sound])
    child.stdout!.destroy()
    let stderr = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const [code] = (await once(child, 'close')) as [number]
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('a pipe that is closed before the end: quietly, as SIGPIPE would end it', async () => {
    const child = start(['explore', 'lost-update'])
    child.stdout!.once('data', () => child.stdout!.destroy())
    let stderr = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const [code] = (await once(child, 'close')) as [number]
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' })
  })
})

test('however it ends, no temporary file is left', async () => {
  const temporary = new Files().folder
  const before = readdirSync(temporary)
  const loop = files.scenario('temporary.mjs', { memory: '() => { for (;;); }' })
  for (const args of [[files.scenario('fine.mjs')], [loop, '--timeout', '0.3'], ['no-such-file.mjs']])
    await ended(start(['explore', ...args], undefined, { TMPDIR: temporary }))
  // The TypeScript loader of a checkout keeps its cache in this folder.
  expect(readdirSync(temporary).filter((name) => !name.startsWith('tsx-'))).toEqual(before)
})

describe('on a terminal, a line on stderr', () => {
  const RUNNING = /schedules, [\d,]+ a second, deepest 80 steps/
  const file = files.scenario('progress.mjs', ENDLESS)

  test('tells schedules, rate and depth until Ctrl-C, and then the cursor is back', async () => {
    const args = ['explore', file]
    const { code, screen } = await onTerminal(args, ({ type }) => type('\u0003'), {}, undefined, RUNNING)
    expect(code).toBe(130)
    expect(screen).toMatch(/progress\.mjs: [\d,]+ schedules, [\d,]+ a second, deepest 80 steps/)
    expect(screen).toMatch(/not complete: interrupted[^]*error: Interrupted\./)
    expect(screen.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(screen.lastIndexOf(HIDE_CURSOR))
  })

  test('is not there with --json', async () => {
    const { screen } = await onTerminal(['explore', file, '--json', '--timeout', '1'], () => {})
    expect(screen).not.toContain('a second')
  })
})
