/**
 * What an editor shows: every export of the package has its docstring on its declaration, in the declarations that tsc emits.
 * docs/api says the same as the docstring. An export is followed to the file that declares it.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentText, root } from './documents.ts'
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

/** The emitted file that declares a name, and the name there. An export is followed to it. */
function declarationOf(file: string, name: string): { file: string; name: string } {
  const from = exportsOf(readFileSync(file, 'utf8')).get(name)
  return from
    ? declarationOf(join(dirname(file), from.from.replace(/\.[jt]s$/, '.d.ts')), from.original)
    : { file, name }
}

/** The docstring on the declaration of an export; undefined if there is none. */
function docstringOf(exported: Export): string | undefined {
  const { file, name } = declarationOf(emitted(exported.entry), exported.name)
  const [docstring] = commentsOn(name, readFileSync(file, 'utf8'))
  if (docstring === undefined) return undefined
  // A file's own comment, at its top, is no declaration's: in the source it does not stand directly above one.
  const source = readFileSync(join(root, relative(folder, file).replace(/\.d\.ts$/, '.ts')), 'utf8')
  return commentsOn(name, source).length > 0 ? docstring : undefined
}

/** The docstrings of the members of an export, if it is a class or an interface. */
function memberDocstringsOf(exported: Export): string[] {
  const { file, name } = declarationOf(emitted(exported.entry), exported.name)
  const body = new RegExp(`(?:class|interface) ${name}\\b.*?\\{\\n(.*?)^\\}`, 'ms').exec(readFileSync(file, 'utf8'))
  return body?.[1]!.match(/\/\*\*.*?\*\/(?!\s*private)/gs) ?? []
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

describe.each([...entrySources()])('%s', (entry, source) => {
  const own = exported.filter((each) => each.entry === entry)

  test('exports no value that this test overlooks', async () => {
    const values = Object.keys((await import(source)) as object)
    expect(own.map(({ name }) => name)).toEqual(expect.arrayContaining(values))
    expect(own).not.toEqual([])
  })

  test.each(own)('$name has its docstring on its declaration', (each) => {
    const docstring = docstringOf(each)
    expect(docstring, `${each.name} has no docstring on its declaration`).toBeDefined()
    expect(docstring!.replaceAll(/[\s*/]/g, '').length).toBeGreaterThan(10)
  })

  test.each(own)('$name has a section in docs/api, and it says what the docstrings say', (each) => {
    const section = sectionOf(entry, each.name)
    expect(section, 'run: npm run docs').toBeDefined()
    const said = [docstringOf(each)!, ...memberDocstringsOf(each)].flatMap(proseOf)
    expect(section, 'run: npm run docs').toEqual(expect.arrayContaining(said))
  })
})

/** The lines of an export's section on the page of its entry point, or where that page refers to; undefined without one. */
function sectionOf(entry: string, name: string): string[] | undefined {
  const page = documentText(`docs/api/${entry.replace('racelab/', '')}.md`).replaceAll('\\', '')
  const headings = new RegExp(`^### (?:\`abstract\` )?${name}(?:\\(\\))?\\n(.*?)(?=^#{2,3} |(?![^]))`, 'gms')
  const section = [...page.matchAll(headings)].map(([, text]) => text!).join('')
  const [, other] = /^Re-exports \[.*\]\((.*)\.md#.*\)$/m.exec(section) ?? []
  if (other !== undefined) return sectionOf(other, name)
  return section === '' ? undefined : section.split('\n').map((line) => line.trim())
}

/** The lines of a docstring up to its first tag. */
function proseOf(docstring: string): string[] {
  const [prose = ''] = docstring
    .trim()
    .replaceAll(/^\/\*\*|\*\/$/g, '')
    .split(/^ *\* @/m)
  return prose.split('\n').map((line) => line.replace(/^ *\*/, '').trim())
}
