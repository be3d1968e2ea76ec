/**
 * Runs every `@example` of the sources. In scope are what its own file and folder export, what sync, memory and the scenario do, and a
 * session store to have something in.
 * `example-code.ts` says how values are checked.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runExample as run } from './example-code.ts'

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url))
const EVERYWHERE = /^(sync|memory)\/|^scenario\.ts$|^store\/(store|allocate)\.ts$/

/** Examples write files. */
const folder = mkdtempSync(join(tmpdir(), 'racelab-examples-'))
const before = process.cwd()

beforeAll(() => process.chdir(folder))
afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true })
})

interface Example {
  readonly file: string
  readonly line: number
  readonly code: string
}

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort()
const examples = files.flatMap((file) => examplesIn(file, readFileSync(join(SOURCES, file), 'utf8')))

/** The `@example` blocks of all docstrings, without the stars. */
function examplesIn(file: string, source: string): Example[] {
  const found: Example[] = []
  for (const comment of source.matchAll(/\/\*\*.*?\*\//gs)) {
    const text = comment[0].slice(0, -2).replaceAll(/^ *\* ?/gm, '')
    for (const block of text.matchAll(/^@example\n(.*?)(?=^@\w|(?![^]))/gms)) {
      const line = source.slice(0, comment.index).split('\n').length + text.slice(0, block.index).split('\n').length
      found.push({ file, line, code: block[1]! })
    }
  }
  return found
}

async function exportsOf(file: string): Promise<Record<string, unknown>> {
  return { ...(await import(join(SOURCES, file))) }
}

async function scopeOf(file: string): Promise<Record<string, unknown>> {
  const others = files.filter((other) => EVERYWHERE.test(other) || dirname(other) === dirname(file))
  const everywhere = await Promise.all(others.map(exportsOf))
  const { default: _, ...scope } = Object.assign({}, ...everywhere, await exportsOf(file)) as Record<string, unknown>
  return scope
}

test('the sources have examples, and every @example is found', () => {
  const marks = files.flatMap((file) => readFileSync(join(SOURCES, file), 'utf8').match(/^ *\* @example/gm) ?? [])
  expect(examples.length).toBeGreaterThan(0)
  expect(examples.length).toBe(marks.length)
})

test.each(examples)('the example in $file:$line does what it says', async ({ file, code }) => {
  await run(code, await scopeOf(file))
})

describe('an example', () => {
  test.each([
    ['1 + 1 // 2'],
    ["'a' + 'b' // 'ab': a remark: with colons"],
    ['({ a: [1] }) // { a: [1] }'],
    ['const sum = 1 + 1 // 2'],
    ['[3, 1]\n  .map((number) => number + 1)\n  .sort() // [2, 4]'],
    ['await Promise.resolve(-1) // -1'],
    ['const typed: number = 1\ntyped // 1'],
    ['given() // a remark'],
  ])('that says so is right: %s', async (code) => {
    await run(code, { given: () => 1 })
  })

  test.each([
    ['1 + 1 // 3'],
    ['const sum = 1 + 1 // 3: a remark'],
    ['({ a: 1 }) // { a: 2 }'],
    ['given() // 1'],
    ['(1 // 1'],
  ])('that says otherwise is wrong: %s', async (code) => {
    await expect(run(code, {})).rejects.toThrow()
  })
})
