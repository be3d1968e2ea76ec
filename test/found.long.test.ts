/** What docs/found.md says of packages from npm. They are installed by `npm install --prefix examples/found`. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, describe, test } from 'vitest'
import type { ExploredDocument } from '../src/lab/report/explored-document.ts'
import { lab } from './lab/cli/lab.ts'

const INSTALLED = existsSync(new URL('../examples/found/node_modules', import.meta.url))
const PAGE = readFileSync(new URL('../docs/found.md', import.meta.url), 'utf8')

async function explored(file: string, ...args: readonly string[]): Promise<ExploredDocument> {
  const { stdout } = await lab('explore', `examples/found/${file}`, '--json', ...args)
  const [document] = JSON.parse(stdout) as [ExploredDocument]
  return document
}

describe.skipIf(!INSTALLED)('packages from npm (skipped: run npm install --prefix examples/found)', () => {
  test.each([
    ['semaphore.mjs', 'small sleep'],
    ['sharedmap-full.mjs', 'writer sleep'],
    ['sharedmap-last-line.mjs', 'sleep'],
    ['sharedmap-wrap.mjs', 'setter and getter sleep'],
  ])('%s has a deadlock', async (file, sleeper) => {
    expect(PAGE).toContain(`\`${file}\``)
    const { verdict, failures } = await explored(file, '--no-races')
    expect(verdict).toBe('fail')
    expect(failures[0]).toMatchObject({ kind: 'deadlock', message: expect.stringContaining(sleeper) })
  })

  test.each([
    ['channel-full.mjs', { kind: 'outcome', outcome: 'true, 3, then 3' }],
    ['json-buffer.mjs', { kind: 'outcome', outcome: '1 one, then 2 undefined' }],
    ['sharedmap-long.mjs --no-races', { kind: 'outcome', outcome: '1234.' }],
    ['sync-message.mjs', { kind: 'exception', message: expect.stringContaining('Unexpected end of JSON input') }],
    ['cheap.mjs --variant posting', { kind: 'outcome', outcome: '1 taken, 0 left' }],
    ['cheap.mjs --variant timeout', { kind: 'outcome', outcome: '2' }],
    ['woven-ecs.mjs', { kind: 'exception', message: expect.stringContaining('Entity pool exhausted') }],
  ])('%s fails, after as many schedules as the page says', async (command, failure) => {
    const [file = '', ...args] = command.split(' ')
    const { verdict, schedules, failures } = await explored(file, ...args)
    expect(verdict).toBe('fail')
    expect(failures[0]).toMatchObject(failure)
    expect(PAGE).toContain(`\`${command.replace(' --no-races', '')}\` | ${schedules.toLocaleString('en')} |`)
  })

  test.each([
    'locks.mjs --variant mutex',
    'locks.mjs --variant rwLock',
    'locks.mjs --variant condition',
    'locks.mjs --variant barrier',
    'channel.mjs',
    'ringbuf.mjs',
    'cheap.mjs --variant mutex',
    'cheap.mjs --variant condition',
    'cheap.mjs --variant barrier',
    'osc-channel.mjs',
    'absurd-sql.mjs',
  ])('%s holds, with as many schedules as the page says', async (command) => {
    const [file = '', ...args] = command.split(' ')
    const { verdict, complete, schedules } = await explored(file, ...args)
    expect({ verdict, complete }).toEqual({ verdict: 'pass', complete: true })
    expect(PAGE).toContain(`\`${command}\` | ${schedules.toLocaleString('en')} |`)
  })
})
