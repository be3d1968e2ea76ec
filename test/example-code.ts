/**
 * Runs the code of a docstring's example or of a document. An import of the package itself is one of the source that it is built from.
 *
 *   expression // value               the expression must deep-equal the value, which is a literal
 *   expression // value: a remark     the same
 *   const name = expression // value  the same, of the constant
 *   anything // a remark              is only run
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import { expect } from 'vitest'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const { exports: OWN_EXPORTS } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, string | { default: string }>
}

/** Returns the source file of each entry point of the package, by the name that is imported. */
export function entrySources(): Map<string, string> {
  const entries = Object.entries(OWN_EXPORTS).flatMap(([name, target]): [string, string][] =>
    typeof target === 'string' ? [] : [[name.replace(/^\./, 'racelab'), sourceOf(target.default)]],
  )
  return new Map(entries)
}

function sourceOf(compiled: string): string {
  return join(ROOT, compiled.replace(/^\.\/dist/, '').replace(/\.js$/, '.ts'))
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

/** Turns imports into calls of `load`, and a default export into a return: a function can hold no such declaration. */
function withLoads(code: string): string {
  return code
    .replaceAll(/^import type .*$/gm, '')
    .replaceAll(/^import (?:(\{.*\}|\w+) from )?('.*')$/gm, (_, names: string | undefined, from: string) => {
      if (!names) return `await load(${from})`
      return `const ${names.startsWith('{') ? names : `{ default: ${names} }`} = await load(${from})`
    })
    .replaceAll(/^export (?=const )/gm, '')
    .replace(/^export default /m, 'return ')
}

function load(from: string): Promise<unknown> {
  return import(entrySources().get(from) ?? from)
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
) => (...scope: unknown[]) => Promise<unknown>

function check(got: unknown, wanted: unknown): void {
  expect(got).toEqual(wanted)
}

/** Runs code with its checks; `scope` has what it uses without an import. Returns what it exports as default. */
export async function runExample(code: string, scope: Record<string, unknown>): Promise<unknown> {
  const { code: script } = await transform(`async () => {\n${withLoads(withChecks(code))}\n}`, {
    loader: 'ts',
    target: 'node20',
  })
  return new AsyncFunction('check', 'load', ...Object.keys(scope), `return (${script.trim().replace(/;$/, '')})()`)(
    check,
    load,
    ...Object.values(scope),
  )
}
