/** The package as its user has it: packed, installed into an empty project, run and imported with plain Node. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Exploration } from '../src/explore/index.ts'
import type { RunDocument } from '../src/lab/report/document.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const run = promisify(execFile)
const project = mkdtempSync(join(tmpdir(), 'racelab-package-'))
let packed: { filename: string; files: { path: string }[] }

beforeAll(async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: root })
  packed = (JSON.parse(stdout) as [typeof packed])[0]
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  cpSync(join(root, 'test/fixtures/consumer'), project, { recursive: true })
  const wanted = [join(project, packed.filename), ...['express-session', '@types/express-session'].map(asHere)]
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...wanted], { cwd: project })
  // Its own would be the same, and a long download.
  symlinkSync(join(root, 'node_modules/vitest'), join(project, 'node_modules/vitest'))
}, 180_000)

/** A package in the version that this project has. */
function asHere(name: string): string {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>
  }
  return `${name}@${devDependencies[name]}`
}

afterAll(() => rmSync(project, { recursive: true, force: true }))

test('holds the compiled code, its types and the texts, and nothing else', () => {
  const paths = packed.files.map(({ path }) => path)
  const others = paths.filter(
    (path) =>
      !/^dist\/(src|workers)\/.+\.js$|^dist\/src\/.+\.d\.ts$|^dist\/page\/assets\/.+\.(js|css)$|^docs\/.+\.md$/.test(
        path,
      ),
  )
  expect(others.sort()).toEqual([
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'dist/page/index.html',
    'package.json',
  ])
  expect(paths).toEqual(
    expect.arrayContaining([
      'dist/src/store/index.js',
      'dist/src/store/index.d.ts',
      'dist/workers/stress.js',
      'docs/scenarios.md',
    ]),
  )
})

test.each(['racelab', 'lab'])('runs as the command %s', async (name) => {
  const args = ['--bug', 'lost-update', '--workers', '2', '--iterations', '50', '--gap', 'sleep:1', '--json']
  const { stdout, stderr } = await run(join(project, 'node_modules/.bin', name), args, { cwd: project })
  const [document] = JSON.parse(stdout) as [RunDocument]
  expect(document).toMatchObject({ schema: 1, bug: 'lost-update', threads: 2 })
  expect(stderr).toBe('')
})

test('serves the page', async () => {
  const server = spawn(join(project, 'node_modules/.bin/racelab'), ['page', '--port', '0'])
  const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string]
  const page = await fetch(/http:\S+/.exec(line)![0])
  expect(await page.text()).toMatch(/<script type="module"[^>]* src="\.\/assets\/.+\.js">/)
  server.kill('SIGINT')
  expect(await once(server, 'exit')).toEqual([130, null])
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

test('is a store for express-session, without express', async () => {
  expect(existsSync(join(project, 'node_modules/express'))).toBe(false)
  const { stdout } = await run(process.execPath, ['sessions.js'], { cwd: project })
  expect(JSON.parse(stdout)).toMatchObject({ visits: 3, theme: 'dark' })
})

test.each(['counter.ts', 'counter.mjs'])('explores the scenario in %s, and replays it on threads', async (file) => {
  const command = join(project, 'node_modules/.bin/racelab')
  const explored = await failing(run(command, ['explore', file, '--json'], { cwd: project }))
  const [document] = JSON.parse(explored.stdout) as [Exploration]
  expect(document).toMatchObject({ verdict: 'fail', failures: [{ kind: 'outcome', outcome: '1' }] })
  const token = document.failures[0]?.token ?? ''
  const replayed = await failing(run(command, ['replay', token, file, '--on', 'threads'], { cwd: project }))
  expect(replayed.stdout).toContain('outcome 1: forbidden')
})

test.each(['counter.ts', 'counter.mjs'])('samples the scenario in %s on threads', async (file) => {
  const command = join(project, 'node_modules/.bin/racelab')
  const args = ['stress', file, '--samples', '1000', '--json']
  // Whether an update is lost in so few samples is left to luck.
  const { stdout } = await run(command, args, { cwd: project }).catch((failed: { stdout: string }) => failed)
  expect(JSON.parse(stdout)).toMatchObject([{ schema: 1, scenario: 'counter', samples: 1000, threads: 2 }])
})

/** What a command printed that ended with the exit code 1. */
async function failing(running: Promise<unknown>): Promise<{ stdout: string }> {
  const ended: unknown = await running.catch((failure: unknown) => failure)
  expect(ended).toMatchObject({ code: 1, stderr: '' })
  return ended as { stdout: string }
}

test('has matchers for vitest', async () => {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { stdout } = await run(process.execPath, [vitest, 'run', '--root', project], { cwd: project })
  expect(stdout).toContain('2 passed')
})

test('has types that hold in a strict project of its own', async () => {
  const compiler = join(root, 'node_modules/.bin/tsc')
  const args = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2023']
  await expect(run(compiler, [...args, 'typed.ts'], { cwd: project })).resolves.toMatchObject({ stdout: '' })
  // What vitest and express-session declare is theirs to check.
  const others = [...args, '--skipLibCheck', 'matchers.spec.ts', 'sessions.ts']
  await expect(run(compiler, others, { cwd: project })).resolves.toMatchObject({ stdout: '' })
})
