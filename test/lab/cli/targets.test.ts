/** What `lab explore` takes: several files, folders, globs, all exports of a file, parameters, seeds; and how it reports them. */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import type { ExploredDocument } from '../../../src/lab/report/explored-document.ts'
import { ended, lab, start } from './lab.ts'

const MEMORY =
  'const memory = () => new Int32Array(new SharedArrayBuffer(4))\nconst observe = (w) => Atomics.load(w, 0)\n'
const TORN = `${MEMORY}const add = (w) => { const seen = Atomics.load(w, 0)
  Atomics.store(w, 0, seen + 1) }
export default { name: 'torn', memory, observe, actors: { a: add, b: add }, outcomes: { 2: 'acceptable' } }
`
const SOUND = `${MEMORY}const add = (w) => Atomics.add(w, 0, 1)
const sound = { name: 'sound', memory, observe, actors: { a: add, b: add }, outcomes: { 2: 'acceptable' } }
export const alone = { name: 'alone', memory, observe, actors: { a: add } }
export const same = sound
export default sound
`
const PARAMETERS = `${MEMORY}export const parameters = { actors: [1, 2], by: [1, 5] }
const add = (by) => (w) => Atomics.store(w, 0, Atomics.load(w, 0) + by)
export default ({ actors, by }) => ({
  name: 'sum', memory, observe, outcomes: { [actors * by]: 'acceptable' },
  actors: Object.fromEntries(Array.from({ length: actors }, (_, index) => ['adder' + index, add(by)])),
})
export const apart = { name: 'apart', memory, observe, actors: { a: add(1) } }
`
const DRAWN = `${MEMORY}const draw = (w) => { if (Math.random() < 0.2) Atomics.store(w, 0, 1) }
export default { name: 'drawn', memory, observe, actors: { draw, look: observe }, outcomes: { 0: 'acceptable' } }
`

/** Makes a folder with these files and returns its path. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'racelab-targets-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

async function documents(...args: readonly string[]): Promise<{ code: number | null; all: ExploredDocument[] }> {
  const { code, stdout } = await lab('explore', ...args, '--json')
  return { code, all: JSON.parse(stdout) as ExploredDocument[] }
}

const names = (all: readonly ExploredDocument[]): string[] =>
  all.map(({ scenario, variant }) => (variant === null ? scenario : `${scenario} (${variant})`))

const folder = folderWith({
  'torn.mjs': TORN,
  'below/sound.mjs': SOUND,
  'below/help.mjs': 'export const help = 1\n',
  'node_modules/package/index.mjs': TORN,
  '.hidden/torn.mjs': TORN,
  'types.d.ts': 'export {}\n',
})

test('a folder: each scenario of each file below it, a table, and the files without one', async () => {
  const { code, stdout, stderr } = await lab('explore', folder)
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toMatch(/^file +scenario +explored +schedules +failure$/m)
  expect(stdout).toMatch(/sound\.mjs +sound +holds +2$/m)
  expect(stdout).toMatch(/sound\.mjs +sound \(alone\) +holds|sound\.mjs +alone \(alone\) +holds +1$/m)
  expect(stdout).toMatch(/torn\.mjs +torn +fails +\d+ +outcome: /m)
  expect(stdout).toMatch(/^Left out, without a scenario:\s\S*below\/help\.mjs$/m)
  expect(stdout).not.toMatch(/node_modules|hidden|types/)
})

test('several files and a glob, each file once; a file says which, and a failure at which line', async () => {
  const torn = join(folder, 'torn.mjs')
  const { code, all } = await documents(torn, `${folder}/./torn.mjs`, join(folder, '**/*.mjs'))
  expect(code).toBe(1)
  expect(names(all)).toEqual(['torn', 'sound', 'alone (alone)'])
  expect(all.map(({ file }) => file)).toEqual([torn, ...Array(2).fill(join(folder, 'below/sound.mjs'))])
  // The actor is preempted between its read, in line 3, and its write.
  expect(all[0]?.failures[0]?.line).toEqual({ file: torn, line: 3 })
})

test.each(['alone.ts', 'alone.mjs'])('%s imports racelab where it is not installed: says what to do', async (name) => {
  const folder = folderWith({ [name]: "import { scenario } from 'racelab/explore'\nexport default scenario" })
  const { code, stderr } = await lab('explore', join(folder, name))
  expect(code).toBe(2)
  expect(stderr).toMatch(
    /^error: \S+ cannot be loaded: Cannot find [^\n]*\. Install racelab in the project of the file, or put [^\n]*\n$/,
  )
})

test('a file that imports what is not there: the error names no file of the loader', async () => {
  const folder = folderWith({ 'alone.ts': "import { gone } from './gone.cjs'\nexport default gone" })
  const { code, stderr } = await lab('explore', join(folder, 'alone.ts'))
  expect(code).toBe(2)
  expect(stderr).toMatch(/^error: \S+ cannot be loaded: Cannot find module [^\n]*gone[^\n]*\n$/)
  expect(stderr).not.toContain('tsx')
})

test('a file that cannot be loaded does not keep the others from being explored: exit code 2', async () => {
  const broken = folderWith({ 'broken.mjs': 'export default (', 'sound.mjs': SOUND })
  const { code, stdout, stderr } = await lab('explore', broken)
  expect(code).toBe(2)
  expect(stdout).toMatch(/^sound: holds$/m)
  expect(stderr).toMatch(/^error: \S*broken\.mjs cannot be loaded: [^\n]*\n$/)
})

test.each([
  ['a folder without a source file', folderWith({ 'read.me': '' }), /There is no \.ts, \.js or \.mjs file in /],
  ['a glob without a file', join(folder, '*.cts'), /No file matches /],
  ['a folder without a scenario', folderWith({ 'help.mjs': '' }), /No file in \S+ exports a scenario\./],
  ['a file without a scenario', join(folder, 'below/help.mjs'), /help\.mjs exports no scenario\. A scenario is /],
])('%s: one line and exit code 2', async (_, target, expected) => {
  const { code, stdout, stderr } = await lab('explore', target)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(expected)
  expect(stderr.trim().split('\n')).toHaveLength(1)
})

test('JUnit names the file and the line, and GitHub gets an annotation', async () => {
  const torn = join(folder, 'torn.mjs')
  const report = join(folder, 'report.xml')
  const child = start(['explore', torn, '--junit', report], undefined, { GITHUB_ACTIONS: 'true' })
  const { stdout } = await ended(child)
  expect(readFileSync(report, 'utf8')).toContain(`name="torn" file="${torn}" line="3"`)
  expect(stdout).toMatch(
    /^::error file=\S+torn\.mjs,line=3,title=torn%3A outcome::the outcome 1 is not among those listed%0Atoken: rl1\./m,
  )
  expect((await lab('explore', torn)).stdout).not.toContain('::error')
})

test('parameters: a scenario for each combination, and one by its name, also on threads', async () => {
  const file = join(folderWith({ 'sum.mjs': PARAMETERS }), 'sum.mjs')
  const { code, all } = await documents(file)
  expect(code).toBe(1)
  expect(names(all)).toEqual([
    'sum (actors=1,by=1)',
    'sum (actors=1,by=5)',
    'sum (actors=2,by=1)',
    'sum (actors=2,by=5)',
    'apart (apart)',
  ])
  expect(all.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'fail', 'fail', 'pass'])
  const token = all[3]?.failures[0]?.token ?? ''
  const replayed = await lab('replay', token, file, '--variant', 'actors=2,by=5', '--on', 'threads')
  expect(replayed).toMatchObject({ code: 1, stdout: expect.stringMatching(/outcome 5: forbidden/) as string })
})

test.each([
  [
    'values that are no list',
    'export const parameters = { size: 8 }\nexport default () => ({})',
    /"size" is not a list/,
  ],
  ['no function', `${TORN}export const parameters = { size: [8] }`, /has a function as its default export/],
])('parameters with %s are refused', async (_, text, expected) => {
  const file = join(folderWith({ 'wrong.mjs': text }), 'wrong.mjs')
  const { code, stderr } = await lab('explore', file)
  expect(code).toBe(2)
  expect(stderr).toMatch(expected)
})

test('seeds: explored in turn until one does not hold, and the token keeps it', async () => {
  const file = join(folderWith({ 'drawn.mjs': DRAWN }), 'drawn.mjs')
  expect((await documents(file)).code).toBe(0)
  const { code, all } = await documents(file, '--seeds', '50')
  expect(code).toBe(1)
  expect(all[0]?.note).toMatch(/^The seed is \d+\.$/)
  expect((await lab('replay', all[0]?.failures[0]?.token ?? '', file)).code).toBe(1)
  const few = await documents(join(folder, 'below/sound.mjs'), '--variant', 'default', '--seeds', '3')
  expect(few.all).toMatchObject([{ verdict: 'pass', complete: true, note: 'Explored with the seeds 1 to 3.' }])
  expect(few.all[0]?.outcomes['2']?.count).toBe(few.all[0]?.schedules)
})

test('--watch explores again when a file changes, also after an error, until it is stopped', async () => {
  const file = join(folderWith({ 'torn.mjs': TORN }), 'torn.mjs')
  const child = start(['explore', file, '--watch'])
  let seen = ''
  const shows = async (expected: RegExp): Promise<void> => {
    while (!expected.test(seen)) await new Promise((resolve) => setTimeout(resolve, 20))
    seen = ''
  }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (seen += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (seen += text))
  const end = ended(child)
  await shows(/^torn: fails[^]*Waiting for a change/m)
  appendFileSync(file, '(')
  await shows(/cannot be loaded[^]*Waiting for a change/)
  writeFileSync(file, SOUND)
  await shows(/^sound: holds[^]*Waiting for a change/m)
  child.kill('SIGINT')
  expect(await end).toMatchObject({ code: 130, signal: null })
})
