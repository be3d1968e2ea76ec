import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'

import type { Exploration } from '../../src/explore/index.ts'
import type { ExploredDocument } from '../../src/lab/report/explored-document.ts'
import { lab, labFromSource } from '../lab/cli/lab.ts'

const folder = mkdtempSync(join(tmpdir(), 'racelab-explore-'))
const file = join(folder, 'counter.ts')
const SOURCE = `export const correct = {
  name: 'my counter',
  memory: () => new Int32Array(new SharedArrayBuffer(64)),
  actors: {
    alice: (words: Int32Array) => Atomics.add(words, 0, 1),
    bob: (words: Int32Array) => Atomics.add(words, 0, 1),
  },
  observe: (words: Int32Array) => Atomics.load(words, 0),
  outcomes: { 2: 'acceptable', 1: ['forbidden', 'an increment was lost'] },
  names: (words: Int32Array) => ({ counter: [words, 0] }),
}
const increment = (words: Int32Array) => { Atomics.store(words, 0, Atomics.load(words, 0) + 1) }
export default { ...correct, actors: { alice: increment, bob: increment } }
`

beforeAll(() => {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(file, SOURCE)
})

async function explored(...args: readonly string[]): Promise<{ code: number | null; document: Exploration }> {
  const { code, stdout } = await lab('explore', ...args, '--json')
  const [document] = JSON.parse(stdout) as [Exploration]
  return { code, document }
}

test('a failing scenario: exit code 1, the document, and a token that replays on both', async () => {
  const { code, document } = await explored(file)
  expect(code).toBe(1)
  expect(document).toMatchObject({
    schema: 1,
    scenario: 'my counter',
    variant: null,
    strategy: 'dpor',
    verdict: 'fail',
    complete: false,
    failures: [{ kind: 'outcome', message: 'an increment was lost', outcome: '1', preemptions: 1, steps: 4 }],
  })
  const token = document.failures[0]?.token ?? ''
  const [explorer, threads] = await Promise.all([
    lab('replay', token, file),
    lab('replay', token, file, '--on', 'threads'),
  ])
  expect(explorer).toMatchObject({ code: 1, stderr: '' })
  expect(explorer.stdout).toMatch(/preempted here[^]*counter 0 → 1[^]*counter\.ts:12[^]*outcome 1: forbidden/)
  expect(threads).toMatchObject({ code: 1, stderr: '' })
  expect(threads.stdout).toMatch(
    /^my counter, on 2 threads$[^]*preempted here[^]*counter 0 → 1[^]*counter\.ts:12[^]*outcome 1: forbidden/m,
  )
})

test('a replay names the export that it is of', async () => {
  const named = join(folder, 'named.mjs')
  writeFileSync(
    named,
    `export const second = {
  name: 'mine', memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { a: (w) => Atomics.add(w, 0, 1), b: (w) => Atomics.add(w, 0, 1) },
  observe: (w) => w[0], outcomes: { never: 'acceptable' },
}`,
  )
  const { document } = await explored(named, '--variant', 'second')
  const token = document.failures[0]?.token ?? ''
  for (const on of ['explorer', 'threads']) {
    const { stdout, stderr } = await lab('replay', token, named, '--variant', 'second', '--on', on)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^mine \(second\)/)
  }
})

test('the report fits 100 columns, and ends with the token and how to replay it, also from source', async () => {
  const { stdout } = await labFromSource('explore', file)
  const lines = stdout.split('\n').filter((line) => !line.includes('rl1.'))
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100)
  expect(stdout).toMatch(/token: rl1\.\S+\nreplay: npm run lab -- replay rl1\.\S+ \S+counter\.ts/)
})

test('a named export that holds: exit code 0; cut short: 3', async () => {
  const holds = await explored(file, '--variant', 'correct')
  expect(holds).toMatchObject({ code: 0, document: { verdict: 'pass', complete: true, schedules: 2 } })
  const cut = await explored(file, '--variant', 'correct', '--max-schedules', '1')
  expect(cut).toMatchObject({ code: 3, document: { verdict: 'inconclusive', stopped: 'gave up after 1 schedule' } })
})

test('misuse gets one line and exit code 2', async () => {
  const misuses = [
    ['explore', 'no-such-thing.ts'],
    ['explore', 'no-such-bug'],
    ['explore', file, '--variant', 'nobody'],
    ['explore', file, '--strategy', 'luck'],
    ['explore', file, '--strategy', 'pct', '--preemptions', '1'],
    ['replay', 'rl1.broken', file],
    ['replay', 'rl1.AAEDAAEBAgABAQGbm4wI3m0'],
  ]
  const ended = await Promise.all(misuses.map((args) => lab(...args)))
  for (const { code, stderr, stdout } of ended) {
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^error: .+\n(?:\(npx racelab (?:\w+ )?--help .*\)\n)?$/)
  }
})

test.each([
  [
    'a syntax error',
    'load.mjs',
    "const one = 1\nexport default { name: 'x' memory }",
    /Unexpected identifier.*, at \S+load\.mjs:2:28$/,
  ],
  [
    'a syntax error in TypeScript',
    'load.ts',
    'const one: number = 1\nexport default { name: 1 memory }',
    /load\.ts:2:25: ERROR: Expected [^:]*$/,
  ],
  ['an exception', 'throws.mjs', 'const one = 1\nthrow new Error("at load")', /: at load, at \S+throws\.mjs:2:7$/],
  [
    'an exception in TypeScript',
    'throws.ts',
    'const one: number = 1\nthrow new Error("at load")',
    /at load, at \S+throws\.ts:2:7$/,
  ],
])('%s while the file is loaded is one line, with its place', async (_, name, source, message) => {
  const broken = join(folder, name)
  writeFileSync(broken, source)
  const { code, stderr } = await lab('explore', broken)
  expect(code).toBe(2)
  expect(stderr.trimEnd()).toMatch(message)
  expect(stderr.trimEnd()).not.toContain('\n')
})

test('a scenario without memory() is refused by the name of what is missing', async () => {
  const parts = join(folder, 'parts.mjs')
  writeFileSync(parts, "export default { name: 'parts', actors: { alice: () => {} } }")
  const { code, stdout } = await lab('explore', parts)
  expect(code).toBe(2)
  expect(stdout).toContain('The scenario has no memory().')
})

test('a scenario that cannot be explored: exit code 2, and why', async () => {
  const broken = join(folder, 'broken.mjs')
  writeFileSync(
    broken,
    `let hidden = 0
export default {
  name: 'hidden', memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { a: (w) => { Atomics.add(w, 0, hidden++); Atomics.load(w, 0) }, b: (w) => Atomics.load(w, 0) },
}`,
  )
  const { code, document } = await explored(broken)
  expect(code).toBe(2)
  expect(document).toMatchObject({ verdict: 'error', error: { code: 'ERR_RACELAB_NONDETERMINISM' } })
  expect(document.error?.message).toMatch(/broken\.mjs:4/)
})

test('JUnit output has a case for each scenario, with its token', async () => {
  const report = join(folder, 'report.xml')
  await lab('explore', file, '--junit', report)
  expect(readFileSync(report, 'utf8')).toMatch(
    /<testsuites tests="2" failures="1"[^]*<testcase [^>]*name="my counter" file="[^"]*counter\.ts" line="12"[^]*<failure type="outcome" message="an increment was lost">[^]*rl1\./,
  )
})

test('the lesson that takes a server cannot be explored, and says how it is run', async () => {
  const { code, stdout, stderr } = await lab('explore', 'express-session')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^error: express-session takes a real server .* npx racelab --bug express-session$/m)
})

test('a bug of the lab is explored in all its variants, and its token needs no file', async () => {
  const { code, stdout } = await labFromSource('explore', 'cleanup-leak')
  expect(code).toBe(0)
  expect(stdout).toMatch(/buggy +broken +fails/)
  expect(stdout).toMatch(/retry-limit +sound +holds/)
  expect(stdout).toMatch(/dead-letter +sound +holds/)
  const token = /token: (\S+)/.exec(stdout)?.[1] ?? ''
  const threads = await labFromSource('replay', token, '--on', 'threads')
  expect(threads.stdout).toMatch(
    /^cleanup leak \(buggy\), on 2 threads[^]*cleanup-leak\.ts:\d+[^]*outcome tried 3 times, still queued: forbidden/,
  )
})

test('a bug whose variants do as they are declared says so, in text, JSON and JUnit, with exit code 0', async () => {
  const report = join(folder, 'declared.xml')
  const text = await lab('explore', 'rate-limit-bypass', '--junit', report)
  expect(text).toMatchObject({ code: 0, stderr: '' })
  expect(text.stdout).toMatch(/^As declared: what is declared sound holds in every schedule \(sound\); what is\s/m)
  expect(readFileSync(report, 'utf8')).toMatch(
    /failures="0"[^]*name="as declared" value="true"[^]*\(buggy\)[^]*<system-out>[^]*rl1\.[^]*\(sound\)" time="[\d.]+"\/>/,
  )
  const json = await lab('explore', 'rate-limit-bypass', '--json')
  expect(json.code).toBe(0)
  const documents = JSON.parse(json.stdout) as ExploredDocument[]
  expect(documents.map(({ declared, asDeclared, verdict }) => ({ declared, asDeclared, verdict }))).toEqual([
    { declared: 'broken', asDeclared: true, verdict: 'fail' },
    { declared: 'sound', asDeclared: true, verdict: 'pass' },
  ])
})

test('a variant whose exploration was cut short is not as declared, and its bug is inconclusive', async () => {
  const { code, stdout } = await lab('explore', 'lost-update', '--variant', 'mutex', '--max-schedules', '1')
  expect(code).toBe(3)
  expect(stdout).toMatch(/^Not as declared: mutex, declared sound, is inconclusive\.$/m)
})

test.each([
  ['says nothing of its type', undefined],
  ['is of type commonjs', '{ "type": "commonjs" }'],
  ['is of type module', '{ "type": "module" }'],
])('lines are those of the source, in a package that %s', async (_, manifest) => {
  const other = mkdtempSync(join(tmpdir(), 'racelab-explore-'))
  if (manifest !== undefined) writeFileSync(join(other, 'package.json'), manifest)
  writeFileSync(join(other, 'counter.ts'), SOURCE)
  const { stdout } = await lab('explore', join(other, 'counter.ts'))
  // The increment is in line 12.
  expect(stdout).toMatch(/counter 0 → 1 +counter\.ts:12$/m)
})

test.each([
  ['says nothing of its type', undefined],
  ['is of type commonjs', '{ "type": "commonjs" }'],
  ['is of type module', '{ "type": "module" }'],
])('a spin loop that calls a function of another file is complete, in a package that %s', async (_, manifest) => {
  const other = mkdtempSync(join(tmpdir(), 'racelab-explore-'))
  if (manifest !== undefined) writeFileSync(join(other, 'package.json'), manifest)
  writeFileSync(
    join(other, 'gate.ts'),
    'export const closed = (words: Int32Array): boolean => Atomics.load(words, 0) === 0\n',
  )
  const spins = join(other, 'spins.ts')
  writeFileSync(
    spins,
    `import { closed } from './gate.ts'
const memory = (): Int32Array => new Int32Array(new SharedArrayBuffer(4))
const set = (words: Int32Array): void => { Atomics.store(words, 0, 1) }
const waiter = (words: Int32Array): void => { while (closed(words)); }
export default { name: 'spins', memory, actors: { waiter, set } }
`,
  )
  expect((await explored(spins)).document).toMatchObject({ verdict: 'pass', complete: true, schedules: 2 })
})

test('a spin loop that carries nothing is complete, in TypeScript and in a package; one that counts is cut off by name', async () => {
  const locks = join(folder, 'node_modules', 'spinning')
  mkdirSync(locks, { recursive: true })
  writeFileSync(join(locks, 'package.json'), '{ "name": "spinning", "main": "index.js" }')
  writeFileSync(
    join(locks, 'index.js'),
    'exports.until = (words, at) => { while (Atomics.load(words, at) === 0) {} }\n' +
      'exports.count = (words, at) => { let n = 0; while (Atomics.load(words, at) === 0) n++; return n > 99 }\n',
  )
  const file = join(folder, 'spins.ts')
  writeFileSync(
    file,
    `import spinning from 'spinning'
const memory = (): Int32Array => new Int32Array(new SharedArrayBuffer(8))
const set = (words: Int32Array): void => { Atomics.store(words, 0, 1) }
const scenario = (waiter: (words: Int32Array) => unknown) => ({ name: 'spins', memory, actors: { waiter, set } })
export default scenario((words) => { while (Atomics.load(words, 0) === 0) {} })
class Gate {
  words: Int32Array
  constructor(words: Int32Array) { this.words = words }
  get isClosed(): boolean { return Atomics.load(this.words, 0) === 0 }
}
// No function uses Gate or poll, so V8 does not show these variables in them.
const poll = (words: Int32Array): void => { const step = (): boolean => new Gate(words).isClosed; while (step()); }
export const polled = scenario((words) => { const gate = new Gate(words); while (gate.isClosed); })
export const inPackage = scenario((words) => spinning.until(words, 0))
export const counting = scenario((words) => spinning.count(words, 0))
`,
  )
  // The store comes before the first load, or between two loads.
  for (const variant of ['default', 'polled', 'inPackage']) {
    expect((await explored(file, '--variant', variant)).document).toMatchObject({
      verdict: 'pass',
      complete: true,
      schedules: 2,
    })
  }
  const { code, document } = await explored(file, '--variant', 'counting', '--spin-rounds', '5')
  expect(code).toBe(3)
  expect(document).toMatchObject({ verdict: 'inconclusive', complete: false })
  expect(document.spins).toMatchObject([{ actor: 'waiter', rounds: 6, reason: 'changes n from round to round' }])
  expect(document.spins?.[0]?.place).toContain('spinning/index.js:2')
})
