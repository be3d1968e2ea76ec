/**
 * What an editor shows: every export of the package has its docstring on its declaration, in the declarations that tsc emits,
 * and a heading in docs/api. An export is followed to the file that declares it.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentText, documents, root } from './documents.ts'
import { entrySources } from './example-code.ts'

const folder = mkdtempSync(join(tmpdir(), 'racelab-declarations-'))

beforeAll(async () => {
  const args = ['-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', folder]
  await promisify(execFile)(join(root, 'node_modules/.bin/tsc'), args, { cwd: root })
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Export {
  readonly entry: string
  readonly name: string
}

const exported: Export[] = [...entrySources()].flatMap(([entry, source]) =>
  [...exportsOf(readFileSync(source, 'utf8')).keys()].map((name) => ({ entry, name })),
)

/** The exported names of an entry point, each with the module that it comes from; undefined for its own. */
function exportsOf(text: string): Map<string, { from: string; original: string } | undefined> {
  const found = new Map<string, { from: string; original: string } | undefined>()
  for (const [, list, from] of text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)'/gm)) {
    for (const item of list!.split(',').map((each) => each.trim().replace(/^type /, ''))) {
      const [original = '', name = original] = item.split(' as ')
      if (name !== '') found.set(name, { from: from!, original })
    }
  }
  for (const [, name] of text.matchAll(
    /^export (?:declare )?(?:abstract )?(?:const|function|class|interface|type) (\w+)/gm,
  ))
    found.set(name!, undefined)
  return found
}

/** The docstring on the declaration of a name in a file of emitted declarations; undefined if there is none. */
function docstringOf(file: string, name: string): string | undefined {
  const text = readFileSync(file, 'utf8')
  const from = exportsOf(text).get(name)
  if (from) return docstringOf(join(dirname(file), from.from.replace(/\.[jt]s$/, '.d.ts')), from.original)
  const [docstring] = commentsOn(name, text)
  if (docstring === undefined) return undefined
  // A file's own comment, at its top, is no declaration's: in the source it does not stand directly above one.
  const source = readFileSync(join(root, relative(folder, file).replace(/\.d\.ts$/, '.ts')), 'utf8')
  return commentsOn(name, source).length > 0 ? docstring : undefined
}

/** The docstrings that stand directly above a declaration of a name. A name may be of a value and of a type. */
function commentsOn(name: string, text: string): string[] {
  const declaration = `(?:export )?(?:declare )?(?:abstract )?(?:const|function|class|interface|type) ${name}\\b`
  const found = [...text.matchAll(new RegExp(`^${declaration}`, 'gm'))]
  if (found.length === 0) throw new Error(`${name} is not declared where it is exported from.`)
  return found.flatMap(({ index }) => /\/\*\*(?:(?!\*\/).)*\*\/\n$/s.exec(text.slice(0, index))?.[0] ?? [])
}

function emitted(entry: string): string {
  const source = relative(root, entrySources().get(entry)!)
  return join(folder, source.replace(/\.ts$/, '.d.ts'))
}

test('the entry points export something', () => {
  expect(exported.length).toBeGreaterThan(50)
})

describe.each([...entrySources().keys()])('%s', (entry) => {
  const own = exported.filter((each) => each.entry === entry)
  test('is emitted', () => {
    expect(readFileSync(emitted(entry), 'utf8')).not.toBe('')
  })
  test.each(own)('$name has its docstring on its declaration', ({ name }) => {
    const docstring = docstringOf(emitted(entry), name)
    expect(docstring, `${name} has no docstring on its declaration`).toBeDefined()
    expect(docstring!.replaceAll(/[\s*/]/g, '').length).toBeGreaterThan(10)
  })
})

test('docs/api has every export', () => {
  const api = documents
    .filter((document) => document.startsWith('docs/api/'))
    .map(documentText)
    .join('\n')
    .replaceAll('\\', '')
  const missing = exported.filter(({ name }) => !new RegExp(`^#+ (?:\\w+ )*\`?${name}\\b`, 'm').test(api))
  expect(
    missing.map(({ entry, name }) => `${entry}: ${name}`),
    'run: npm run docs',
  ).toEqual([])
})
