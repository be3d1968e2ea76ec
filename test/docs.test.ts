/** The documents: their links resolve, their code type-checks and runs, and what is generated in them is up to date. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { explore } from '../src/explore/index.ts'
import type { Scenario } from '../src/scenario.ts'
import { EXIT_CODES_HELP } from '../src/lab/cli/exit-code.ts'
import { ExitCode } from '../src/terminal/exit-code.ts'
import { lessons } from '../src/lab/lessons/index.ts'
import { lessonPages } from '../tools/docs/lessons.ts'
import { anchorsIn, codeBlocksIn, documentText, documents, linksIn, root } from './documents.ts'
import type { CodeBlock } from './documents.ts'
import { entrySources, runExample } from './example-code.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'racelab-docs-'))
const before = process.cwd()

// An example may write a file: it does so in a folder of the test's own.
beforeAll(() => process.chdir(folder))
afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true, force: true })
})

/** Links to the web and to a mail address are not checked. */
const local = (link: string): boolean => !/^[a-z]+:/.test(link)

interface Link {
  readonly document: string
  readonly link: string
  readonly target: string
  readonly anchor: string | undefined
}

const links: Link[] = documents.flatMap((document) =>
  linksIn(documentText(document))
    .filter(local)
    .map((link) => {
      const [path, anchor] = link.split('#')
      return { document, link, target: path ? normalize(join(dirname(document), path)) : document, anchor }
    }),
)

test('every relative link leads to a file, and to a heading in it', () => {
  expect(links.length).toBeGreaterThan(20)
  expect(links.filter((link) => !leadsSomewhere(link)).map(({ document, link }) => `${document}: ${link}`)).toEqual([])
})

function leadsSomewhere({ target, anchor }: Link): boolean {
  if (!existsSync(join(root, target))) return false
  return !anchor || !target.endsWith('.md') || anchorsIn(documentText(target)).has(decodeURIComponent(anchor))
}

test('every relative link of a document in the package leads to a file in the package', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { cwd: root })
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }]
  const packed = new Set(files.map(({ path }) => path))
  expect(packed).toContain('docs/scenarios.md')
  const inPackage = links.filter(({ document }) => packed.has(document))
  const missing = inPackage.filter(({ target }) => !packed.has(target))
  expect(missing.map(({ document, link }) => `${document}: ${link}`)).toEqual([])
})

test('README, docs/command.md and the help list every exit code', () => {
  const codes = Object.values(ExitCode).map((code) => new RegExp(`\\b${code}\\b`))
  const listOf = (document: string, beginning: RegExp): string => documentText(document).split(beginning)[1] ?? ''
  const lists = [
    listOf('README.md', /^Exit codes: /m).split('\n')[0]!,
    listOf('docs/command.md', /^The exit codes of a run:$/m),
    EXIT_CODES_HELP,
  ]
  for (const list of lists) for (const code of codes) expect(list).toMatch(code)
})

test('README has at most 12 KB', () => {
  expect(Buffer.byteLength(documentText('README.md'))).toBeLessThanOrEqual(12_288)
})

// What is in docs/api comes from docstrings: test/examples.test.ts runs their examples.
const blocks = documents
  .filter((document) => !document.startsWith('docs/api/'))
  .flatMap((document) => codeBlocksIn(document, 'ts'))

/** A folder's README imports from its own folder, and its code runs elsewhere. */
function withAbsoluteImports({ document, code }: CodeBlock): string {
  const from = join(root, dirname(document))
  return code.replaceAll(/(?<= from ')\.[^']*(?='$)/gm, (path) => join(from, path))
}

test.each(blocks)('the code in $document, line $line, does what it says', async (block) => {
  const exported = await runExample(withoutTests(withAbsoluteImports(block)), {})
  // A function makes a scenario of one combination of parameters.
  const made = typeof exported === 'function' ? (exported({ actors: 2, by: 5 }) as Scenario) : (exported as Scenario)
  if (made !== undefined) expect(explore(made).error).toBeUndefined()
})

/** A test cannot declare a test: the body is run in its place. */
function withoutTests(code: string): string {
  return code
    .replace(/^import .* from 'vitest'$/m, "import { expect } from 'vitest'")
    .replaceAll(/^test\('.*', (async .*?^\})\)$/gms, 'await ($1)()')
}

test('the code in the documents type-checks under strict', async () => {
  expect(blocks.length).toBeGreaterThan(10)
  mkdirSync(join(folder, 'code'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const block of blocks) {
    const name = `${block.document.replaceAll('/', '-').replace(/\.md$/, '')}-${block.line}.ts`
    writeFileSync(join(folder, 'code', name), `${withAbsoluteImports(block)}\nexport {}\n`)
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const paths = Object.fromEntries([...entrySources()].map(([name, file]) => [name, [file]]))
  const options = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { paths, noUncheckedIndexedAccess: false, rewriteRelativeImportExtensions: false },
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...options, include: ['code'], exclude: [] }))
  const compiler = join(root, 'node_modules/.bin/tsc')
  const { stdout } = await run(compiler, ['-p', folder], { cwd: folder }).catch((failed: { stdout: string }) => failed)
  expect(stdout).toBe('')
})

test('the pages of docs/lessons are up to date: `npm run docs` writes them', () => {
  const pages = lessonPages(lessons)
  const written = readdirSync(join(root, 'docs/lessons')).sort()
  expect(written, 'run: npm run docs').toEqual([...pages.keys()].sort())
  for (const [name, page] of pages) {
    expect(documentText(join('docs/lessons', name)), `docs/lessons/${name} is out of date. Run: npm run docs`).toBe(
      page,
    )
  }
})
