/** The package as its user has it: packed, installed into an empty project, run and imported with plain Node. */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunDocument } from '../src/report/document.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const run = promisify(execFile)
const project = mkdtempSync(join(tmpdir(), 'racelab-package-'))
let packed: { filename: string; files: { path: string }[] }

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: root })
  packed = (JSON.parse(stdout) as [typeof packed])[0]
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  cpSync(join(root, 'test/fixtures/consumer'), project, { recursive: true })
  const tarball = join(project, packed.filename)
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], { cwd: project })
}, 180_000)

afterAll(() => rmSync(project, { recursive: true, force: true }))

test('holds the compiled code, its types and the texts, and nothing else', () => {
  const paths = packed.files.map(({ path }) => path)
  const others = paths.filter((path) => !/^dist\/(src|workers)\/.+\.js$|^dist\/src\/.+\.d\.ts$/.test(path))
  expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'])
  expect(paths).toEqual(expect.arrayContaining(['dist/src/index.js', 'dist/src/index.d.ts', 'dist/workers/stress.js']))
})

test.each(['racelab', 'lab'])('runs as the command %s', async (name) => {
  const args = ['--bug', 'lost-update', '--workers', '2', '--iterations', '50', '--gap', 'sleep:0.01', '--json']
  const { stdout, stderr } = await run(join(project, 'node_modules/.bin', name), args, { cwd: project })
  const [document] = JSON.parse(stdout) as [RunDocument]
  expect(document).toMatchObject({ schema: 1, bug: 'lost-update', threads: 2 })
  expect(stderr).toBe('')
})

test('its hints name the command that was installed', async () => {
  const args = ['racelab', '--bug', 'lost-update', '--workers', '1', '--variant', 'cas', '--iterations', '10']
  const { stdout } = await run('npx', args, { cwd: project })
  expect(stdout).toContain('Next: npx racelab explain lost-update')
})

test('is a library: session managers on worker threads share one memory', async () => {
  const { stdout } = await run(process.execPath, ['main.js'], { cwd: project })
  expect(stdout).toBe('1000\n')
})

test('has types that hold in a strict project of its own', async () => {
  const compiler = join(root, 'node_modules/.bin/tsc')
  const args = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2023']
  await expect(run(compiler, [...args, 'typed.ts'], { cwd: project })).resolves.toMatchObject({ stdout: '' })
})
