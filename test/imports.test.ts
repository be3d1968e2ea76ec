/** Imports point down only; this reads the import lines and keeps it so. */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  cycleIn,
  drawn,
  folderOf,
  importGraph,
  importsOf,
  levelsOf,
  sourceFiles,
  sourceOf,
  withImports,
} from '../tools/docs/import-graph.ts'
import { entrySources } from './example-code.ts'
import { filesIn, namedBy } from './page/loaded.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

/** What each place may import from, itself left out. A file of src/ itself is a place of its own. */
const MAY: Record<string, readonly string[]> = {
  errors: [],
  nearest: [],
  check: ['errors', 'nearest'],
  contract: ['check'],
  contracts: ['check', 'contract', 'sync'],
  scenario: ['check', 'contract'],
  memory: [],
  terminal: ['errors'],
  sync: ['errors', 'memory'],
  store: ['errors', 'memory', 'sync', 'scenario'],
  stress: ['errors', 'memory', 'scenario', 'sync'],
  explore: ['check', 'contract', 'contracts', 'errors', 'nearest', 'scenario', 'sync', 'terminal'],
  sampling: ['errors', 'explore', 'scenario', 'stress', 'terminal'],
  vitest: ['check', 'errors', 'explore', 'nearest', 'sampling', 'scenario', 'stress', 'terminal'],
  html: ['check', 'explore', 'sampling', 'terminal'],
  lab: [
    'check',
    'errors',
    'explore',
    'html',
    'memory',
    'nearest',
    'sampling',
    'scenario',
    'store',
    'stress',
    'sync',
    'terminal',
  ],
}

test.each(sourceFiles)('%s imports only from what lies below it', (file) => {
  const from = placeOf(file)
  const above = importsOf(file).filter((path) => placeOf(path) !== from && !MAY[from]!.includes(placeOf(path)))
  expect(above).toEqual([])
})

function placeOf(path: string): string {
  return folderOf(path).replace(/\.ts$/, '')
}

test('nothing else imports from the command', () => {
  const outside = sourceFiles.filter((file) => !file.startsWith('lab/cli/'))
  expect(outside.filter((file) => importsOf(file).some((path) => path.startsWith('lab/cli/')))).toEqual([])
  const benches = readdirSync(join(root, 'bench'), { recursive: true, encoding: 'utf8' })
  const own = benches.filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
  expect(own.filter((file) => /lab\/cli\//.test(readFileSync(join(root, 'bench', file), 'utf8')))).toEqual([])
})

/** The folders of explore, from the lowest up. Each imports only from itself and from folders below; the last is explore itself. */
const EXPLORE = [
  'model',
  'globals',
  'run',
  'subject',
  'clients',
  'contracts',
  'strategies',
  'search',
  'replay',
  'report',
  '.',
]
const explorer = sourceFiles.filter((file) => file.startsWith('explore/'))

test.each(explorer)('%s imports only from the folders of explore that lie below its own', (file) => {
  const level = (path: string): number => EXPLORE.indexOf(path.split('/').length < 3 ? '.' : path.split('/')[1]!)
  const above = importsOf(file).filter((path) => path.startsWith('explore/') && level(path) > level(file))
  expect(level(file)).not.toBe(-1)
  expect(above).toEqual([])
})

test('no file imports itself, directly or through other files', () => {
  expect(cycleIn(importGraph((file) => file))).toBeUndefined()
})

/** The files that are loaded with this one: what it imports, if more than types, and what that imports. */
function loadedWith(file: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(file)) return loaded
  loaded.add(file)
  for (const [, target] of sourceOf(file).matchAll(/^(?:import|export) (?!type )[^'()]*'(\.[^']+)'/gm))
    loadedWith(join(dirname(file), target!), loaded)
  return loaded
}

test('the command begins without the explorer, which two of its subcommands need', () => {
  const loaded = [...loadedWith('lab/cli/main.ts')]
  expect(loaded).toContain('lab/run-thread-lesson.ts')
  expect(loaded.filter((file) => file.startsWith('explore/'))).toEqual(['explore/strategies/strategy.ts'])
})

test('the command begins without what makes HTML, which only --html needs', () => {
  const loaded = [...loadedWith('lab/cli/main.ts')]
  expect(loaded.filter((file) => /(?:^|\/)html\//.test(file))).toEqual(['lab/html/file.ts'])
  expect(loaded.filter((file) => /^import .*preact/m.test(sourceOf(file)))).toEqual([])
})

test('a report of the explorer runs nothing: it loads the words of a race and of a position, the names of the strategies, and what lays out text', () => {
  const loaded = new Set<string>()
  for (const file of sourceFiles) if (file.startsWith('explore/report/')) loadedWith(file, loaded)
  const others = [...loaded].filter((file) => !/^(explore\/report|terminal)\//.test(file))
  expect(others.toSorted()).toEqual([
    'explore/model/race-words.ts',
    'explore/run/positions.ts',
    'explore/strategies/strategy.ts',
  ])
})

test('only the command and the terminal touch the process', () => {
  const touches = /\bprocess\.(?:std|exit|argv|env|on|off|once|kill|chdir|abort)/
  const touching = sourceFiles.filter((file) => touches.test(sourceOf(file)))
  // The explorer swallows what actors print: it replaces the methods of the streams, and writes nothing itself.
  expect(touching.filter((file) => !/^(lab\/cli|terminal)\//.test(file))).toEqual(['explore/globals/prints.ts'])
})

const SECTIONS = ['explore', 'learn', 'play', 'run']

test.each(filesIn('page'))('%s imports no section of the page but its own, and of the command nothing', (file) => {
  const folder = pageFolderOf(file)
  const named = namedBy(file)
  const folders = new Set(named.filter((path) => path.startsWith('page/')).map(pageFolderOf))
  folders.delete(folder)
  // The frame shows the sections, and these use its address. What sections share knows neither; what stands for Node knows nothing.
  const above = folder === '' ? [] : SECTIONS.includes(folder) ? SECTIONS : [...SECTIONS, '']
  expect([...folders].filter((each) => above.includes(each))).toEqual([])
  if (folder === 'node') expect([...folders]).toEqual([])
  expect(named.filter((path) => path.startsWith('src/lab/cli/'))).toEqual([])
})

function pageFolderOf(path: string): string {
  return path.split('/').slice(1, -1)[0] ?? ''
}

test('nothing in src/ imports the page', () => {
  expect(filesIn('src').filter((file) => namedBy(file).some((path) => path.startsWith('page/')))).toEqual([])
})

test('the folders import each other in no cycle', () => {
  expect(cycleIn(importGraph())).toBeUndefined()
})

test('the picture of the imports in docs/architecture.md is up to date', () => {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
  expect(page, 'docs/architecture.md is out of date. Run: npm run docs').toBe(withImports(page, importGraph()))
})

describe('a graph', () => {
  const graph = (edges: Record<string, string[]>) =>
    new Map(Object.entries(edges).map(([node, targets]) => [node, new Set(targets)]))

  test('has the cycle that it has, and no other', () => {
    expect(cycleIn(graph({ a: ['b', 'c'], b: ['c'], c: [] }))).toBeUndefined()
    expect(cycleIn(graph({ a: ['b'], b: ['c'], c: ['b'] }))).toEqual(['b', 'c', 'b'])
  })

  test('has each node above all that it imports from', () => {
    const levels = levelsOf(graph({ a: ['b', 'c'], b: ['c'], c: [] }))
    expect([...levels]).toEqual([
      ['c', 0],
      ['b', 1],
      ['a', 2],
    ])
  })

  test('is drawn with an arrow for each import, and none else', () => {
    expect(drawn(graph({ a: ['b'], b: [] }))).toContain('n0["a"]\n  n1["b"]\n  n0 --> n1\n```')
  })
})

/** What each entry point loads: folders and files of src/, how many files, and packages. */
const LOADS = {
  racelab: { files: 52, from: ['errors', 'memory', 'scenario', 'store', 'sync'], packages: [] },
  'racelab/sync': { files: 17, from: ['errors', 'sync'], packages: [] },
  'racelab/explore': {
    files: 226,
    from: ['check', 'contract', 'contracts', 'errors', 'explore', 'nearest', 'scenario', 'sync', 'terminal'],
    packages: ['acorn', 'cli-table3', 'picocolors', 'wrap-ansi'],
  },
  'racelab/check': { files: 14, from: ['check', 'errors', 'nearest'], packages: [] },
  'racelab/vitest': {
    files: 227,
    from: ['check', 'contract', 'contracts', 'errors', 'explore', 'nearest', 'scenario', 'sync', 'terminal', 'vitest'],
    packages: ['acorn', 'cli-table3', 'picocolors', 'vitest', 'wrap-ansi'],
  },
  'racelab/express-session': { files: 54, from: ['errors', 'memory', 'store', 'sync'], packages: ['express-session'] },
}

test('every entry point has a list of what it may load', () => {
  expect([...entrySources().keys()]).toEqual(Object.keys(LOADS))
})

test.each(Object.entries(LOADS))('%s loads what it builds on, and nothing else', (entry, { files, from, packages }) => {
  const loaded = [...loadedWith(relative(join(root, 'src'), entrySources().get(entry)!))]
  expect([...new Set(loaded.map(placeOf))].sort()).toEqual(from)
  expect([...new Set(loaded.flatMap(packagesOf))].sort()).toEqual(packages)
  expect(loaded).toHaveLength(files)
})

/** The packages, Node's own left out, that are loaded with a file. */
function packagesOf(file: string): string[] {
  const source = readFileSync(join(root, 'src', file), 'utf8')
  const names = [...source.matchAll(/^(?:import|export) (?!type )(?:[\w*{}\s,]* from )?'([^.'][^']*)'/gm)].map(
    ([, name]) => name!,
  )
  return names.filter((name) => !name.startsWith('node:'))
}
