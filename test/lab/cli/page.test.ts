/** `lab page`, in a package of its own, with a page of one line. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { compiledLab } from './compiled.ts'
import { ended } from './lab.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'racelab-page-'))
const page = join(place, 'dist/page')
const opened = join(place, 'opened')

beforeAll(() => {
  cpSync(join(dirname(compiledLab()), '../..'), join(place, 'dist'), { recursive: true })
  writeFileSync(join(place, 'package.json'), '{ "version": "1.2.3", "type": "module" }')
  rmSync(join(place, 'dist/package.json'))
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'))
})

beforeEach(() => {
  mkdirSync(page, { recursive: true })
  writeFileSync(join(page, 'index.html'), 'the page')
})

afterAll(() => rmSync(place, { recursive: true }))

function labPage(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(place, 'dist/src/bundle/main.js'), 'page', ...args], {
    env: { ...process.env, PATH: `${place}:${process.env.PATH}` },
  })
}

/** The address that a command prints when it serves. */
async function addressOf(command: ChildProcess): Promise<string> {
  const [line] = (await once(command.stdout!.setEncoding('utf8'), 'data')) as [string]
  return /^The page is at (http:\/\/127\.0\.0\.1:\d+\/) until Ctrl-C\.\n$/.exec(line)![1]!
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('serves the page until %s, and then ends with %i', async (signal, code) => {
  const command = labPage('--port', '0')
  const end = ended(command)
  const response = await fetch(await addressOf(command))
  expect(await response.text()).toBe('the page')
  expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp')
  command.kill(signal)
  expect(await end).toMatchObject({ code, stderr: 'error: Interrupted. The page is no longer served.\n' })
})

test('a port that is taken gets one sentence, and the exit code for what cannot be carried out', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  expect(await ended(labPage('--port', String(port)))).toEqual({
    code: 2,
    signal: null,
    stdout: '',
    stderr: `error: The port ${port} is taken. Take another: npx racelab page --port <n>\n`,
  })
  other.close()
})

test.each(['70000', 'http', '-1', ''])('%j is no port', async (port) => {
  const { code, stderr } = await ended(labPage('--port', port))
  expect(code).toBe(2)
  expect(stderr).toContain('It must be a whole number from 0 to 65535.')
})

test('where the page is not built, the command says what builds it', async () => {
  rmSync(page, { recursive: true })
  const { code, stdout, stderr } = await ended(labPage('--port', '0'))
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toBe(
    'error: The page is not built yet. Build it with npm run build, or serve its sources as they are with npm run page.\n',
  )
})

test.runIf(process.platform === 'linux').each([
  ['opens the address in the browser', 'exit 0', ''],
  ['goes on serving where no browser opens', 'exit 3', 'No browser could be opened'],
])('--open %s', async (_, ending, complaint) => {
  writeFileSync(
    join(place, 'xdg-open'),
    `#!/bin/sh\necho "$1" > ${opened}.part; mv ${opened}.part ${opened}; ${ending}\n`,
  )
  chmodSync(join(place, 'xdg-open'), 0o755)
  const command = labPage('--port', '0', '--open')
  const end = ended(command)
  const address = await addressOf(command)
  if (complaint !== '') await once(command.stderr!, 'data')
  await expect.poll(() => existsSync(opened)).toBe(true)
  expect(readFileSync(opened, 'utf8')).toBe(`${address}\n`)
  expect((await fetch(address)).status).toBe(200)
  command.kill('SIGINT')
  const { code, stderr } = await end
  expect(code).toBe(130)
  expect(stderr).toContain(complaint)
  rmSync(opened)
})
