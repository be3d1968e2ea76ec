import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'

import type { Exploration } from '../../src/explore/index.ts'
import { lab } from '../cli/lab.ts'

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
  expect(threads.stdout).toMatch(/on 2 threads[^]*outcome 1: forbidden/)
})

test('the report fits 100 columns, and ends with the token and how to replay it', async () => {
  const { stdout } = await lab('explore', file)
  const lines = stdout.split('\n').filter((line) => !line.includes('rl1.'))
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100)
  expect(stdout).toMatch(/token: rl1\.\S+\nreplay: npm run lab -- replay rl1\.\S+ \S+counter\.ts/)
})

test('a named export that holds: exit code 0; cut short: 3', async () => {
  const holds = await explored(file, '--variant', 'correct')
  expect(holds).toMatchObject({ code: 0, document: { verdict: 'pass', complete: true, schedules: 2 } })
  const cut = await explored(file, '--variant', 'correct', '--max-schedules', '1')
  expect(cut).toMatchObject({ code: 3, document: { verdict: 'inconclusive', stopped: 'gave up after 1 schedules' } })
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
    expect(stderr).toMatch(/^error: .+\n(?:\(lab --help .*\)\n)?$/)
  }
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
    /<testsuites tests="1" failures="1"[^]*<testcase [^>]*name="my counter"[^]*<failure type="outcome" message="an increment was lost">[^]*rl1\./,
  )
})

test('the lesson that takes a server cannot be explored, and says how it is run', async () => {
  const { code, stdout, stderr } = await lab('explore', 'express-session')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^error: express-session takes a real server .* npm run lab -- --bug express-session$/m)
})

test('a bug of the lab is explored in all its variants, and its token needs no file', async () => {
  const { code, stdout } = await lab('explore', 'lost-update', '--max-schedules', '200')
  expect(code).toBe(1)
  expect(stdout).toMatch(/buggy +broken +fails/)
  expect(stdout).toMatch(/write-lock +holds +holds in every schedule/)
  expect(stdout).toMatch(/mutex +holds +holds in every schedule/)
  const token = /token: (\S+)/.exec(stdout)?.[1] ?? ''
  const threads = await lab('replay', token, '--on', 'threads')
  expect(threads.stdout).toMatch(/outcome 1: forbidden/)
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
  // The increment stands in the twelfth line.
  expect(stdout).toMatch(/counter 0 → 1 +counter\.ts:12$/m)
})
