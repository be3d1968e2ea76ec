import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { sqliteDriver } from '../../../src/store/database/sqlite-driver.ts'
import { openSqlite } from '../../../src/store/database/sqlite.ts'

const folder = mkdtempSync(join(tmpdir(), 'racelab-driver-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => {
  vi.restoreAllMocks()
  vi.doUnmock('node:module')
})

test('it is the SQLite of Node where Node has one', () => {
  const isOfNode = process.getBuiltinModule('node:sqlite' as string) !== undefined
  expect(sqliteDriver().name).toBe(isOfNode ? 'node:sqlite' : 'better-sqlite3')
})

test('a refusal because another connection writes is told from other errors', () => {
  const { open, isBusy } = sqliteDriver()
  const path = join(folder, 'busy.db')
  const [one, other] = [open(path), open(path)]
  other.exec('PRAGMA busy_timeout = 0')
  one.exec('BEGIN IMMEDIATE')
  expect(isBusy(errorOf(() => other.exec('BEGIN IMMEDIATE')))).toBe(true)
  expect(isBusy(errorOf(() => other.exec('nonsense')))).toBe(false)
  one.exec('COMMIT')
  other.exec('BEGIN IMMEDIATE')
  one.close()
  other.close()
})

function errorOf(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}

test('a name that begins like a URI is the name of a file', () => {
  const before = process.cwd()
  process.chdir(folder)
  try {
    openSqlite('file:a.db?mode=memory').close()
    expect(existsSync(join(folder, 'file:a.db?mode=memory'))).toBe(true)
  } finally {
    process.chdir(before)
  }
})

test('the warning that SQLite is experimental is not printed, and all others are', async () => {
  const warned: unknown[] = []
  const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void warned.push(warning))
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(() => {
    process.emitWarning('SQLite is an experimental feature and might change at any time', 'ExperimentalWarning')
    process.emitWarning('something else')
    return { DatabaseSync: Object }
  })
  expect((await newDriver()).name).toBe('node:sqlite')
  expect(warned).toEqual(['something else'])
  expect(process.emitWarning).toBe(emitWarning)
})

describe('on a Node without a SQLite of its own', () => {
  const wrong = (): never => {
    throw new Error('wrong ABI')
  }
  test.each([
    ['not installed', undefined, wrong, 'better-sqlite3 is not installed'],
    ['too new for it', '13.0.0', () => expect.unreachable('it is loaded'), 'better-sqlite3 13.0.0 does not run on it'],
    ['built for another Node', '12.11.1', wrong, 'better-sqlite3 cannot be loaded: wrong ABI'],
  ])('better-sqlite3, if it is %s, is a named error that says what to do', async (_, version, load, reason) => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
    installPackage(version, load)
    await expect(newDriver()).rejects.toMatchObject({
      code: 'ERR_RACELAB_SQLITE_MISSING',
      message:
        `Node.js ${process.version} has no SQLite of its own, and ${reason}. ` +
        'Install that package (npm install better-sqlite3@12), or use Node.js 22.13 or later.',
    })
  })
})

/** Returns the driver as a thread does that needs it for the first time. */
async function newDriver() {
  vi.resetModules()
  const fresh = await import('../../../src/store/database/sqlite-driver.ts')
  return fresh.sqliteDriver()
}

/** Lets the driver find better-sqlite3 in this version, or not at all. */
function installPackage(version: string | undefined, load: () => unknown): void {
  const require = (name: string) => {
    if (version === undefined) throw new Error(`Cannot find module '${name}'`)
    return name === 'better-sqlite3' ? load() : { version }
  }
  vi.doMock('node:module', () => ({ createRequire: () => require }))
}
