/**
 * Runs every `@example` of the sources. In scope are what its own file and folder export, what sync, memory and the scenario do, and a
 * session store to have something in. An import of the package itself is one of the source that it is built from.
 *
 *   expression // value               the expression must deep-equal the value, which is a literal
 *   expression // value: a remark     the same
 *   const name = expression // value  the same, of the constant
 *   anything // a remark              is only run
 */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import { describe, expect, test } from 'vitest'

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url))
const { exports: OWN_EXPORTS } = JSON.parse(readFileSync(join(SOURCES, '../package.json'), 'utf8')) as {
  exports: Record<string, { default: string }>
}
const EVERYWHERE = /^(sync|memory)\/|^scenario\.ts$|^store\/(store|allocate)\.ts$/

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

/** The value that a comment begins with, as source; undefined when the comment is a remark. */
function valueIn(comment: string): string | undefined {
  if (!/^(['"`[{\d-]|(true|false|null|undefined|NaN|Infinity)\b)/.test(comment)) return undefined
  for (let end = comment.length; end > 0; end = comment.lastIndexOf(': ', end - 1)) {
    if (parses(`(${comment.slice(0, end)})`)) return comment.slice(0, end)
  }
  throw new Error(`Begins like a value, and is none: // ${comment}`)
}

/** The code with its `// value` comments turned into calls of `check`. */
function withChecks(code: string): string {
  const done: string[] = []
  for (const line of code.split('\n')) {
    const [, before, comment] = /^(.*\S)\s+\/\/ (.*)$/.exec(line) ?? []
    const value = comment && valueIn(comment)
    if (!before || !value) done.push(line)
    else {
      const [, name] = /^const (\w+) = /.exec(before) ?? []
      const whole = name ? before : expressionAtEndOf([...done, before])
      done.length -= whole.split('\n').length - 1
      done.push(name ? `${whole}\ncheck(${name}, (${value}))` : `check((${whole}), (${value}))`)
    }
  }
  return done.join('\n')
}

/** The shortest run of last lines that is an expression: it may have begun on an earlier line. */
function expressionAtEndOf(lines: string[]): string {
  for (let start = lines.length - 1; start >= 0; start--) {
    const whole = lines.slice(start).join('\n')
    if (parses(`(${whole})`)) return whole
  }
  throw new Error(`Is no expression: ${lines.at(-1)}`)
}

/** Imports, as calls of `load`: a function can hold no declaration of one. */
function withLoads(code: string): string {
  return code.replaceAll(/^import (?:(\{.*\}) from )?('.*')$/gm, (_, names: string | undefined, from: string) =>
    names ? `const ${names} = await load(${from})` : `await load(${from})`,
  )
}

function load(from: string): Promise<unknown> {
  const own = OWN_EXPORTS[from.replace(/^racelab/, '.')]?.default
  return import(own ? join(SOURCES, '..', own.replace(/^\.\/dist/, '').replace(/\.js$/, '.ts')) : from)
}

function parses(code: string): boolean {
  try {
    return new AsyncFunction(code).length === 0
  } catch {
    return false
  }
}

const AsyncFunction = async function () {}.constructor as new (
  ...source: string[]
) => (...scope: unknown[]) => Promise<void>

function check(got: unknown, wanted: unknown): void {
  expect(got).toEqual(wanted)
}

async function run(code: string, scope: Record<string, unknown>): Promise<void> {
  const { code: script } = await transform(`async () => {\n${withLoads(withChecks(code))}\n}`, {
    loader: 'ts',
    target: 'node20',
  })
  await new AsyncFunction('check', 'load', ...Object.keys(scope), `await (${script.trim().replace(/;$/, '')})()`)(
    check,
    load,
    ...Object.values(scope),
  )
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
