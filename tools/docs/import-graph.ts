/** The graph of imports between the folders of src/, read from the import lines. */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url))

/** Each folder of src/, and each file directly in it, with those that its files import from, itself left out. */
export type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>

/** The source files, as paths from src/. */
export const sourceFiles: readonly string[] = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .sort()

/** Returns the text of a source file. */
export function sourceOf(file: string): string {
  return readFileSync(join(SOURCES, file), 'utf8')
}

/** Returns the source files that a file names in its import and export lines, types and dynamic imports included. */
export function importsOf(file: string): string[] {
  return [...sourceOf(file).matchAll(/(?:from|import\(|^import) ?'(\.[^']+)'/gm)].map(([, target]) =>
    join(dirname(file), target!),
  )
}

/** Returns the node that a file belongs to: its folder directly under src/, or for a file of src/ its own name. */
export function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file
}

/** Returns the graph of the nodes that `nodeOf` names. */
export function importGraph(nodeOf: (file: string) => string = folderOf): ImportGraph {
  const graph = new Map<string, Set<string>>()
  for (const file of sourceFiles) {
    const from = nodeOf(file)
    const targets = graph.get(from) ?? new Set()
    graph.set(from, targets)
    for (const target of importsOf(file)) if (nodeOf(target) !== from) targets.add(nodeOf(target))
  }
  return graph
}

/** Returns the nodes of a cycle, in its order; undefined if the graph has none. */
export function cycleIn(graph: ImportGraph): string[] | undefined {
  const done = new Set<string>()
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    if (done.has(node)) return undefined
    for (const target of graph.get(node) ?? []) {
      const cycle = visit(target, [...path, node])
      if (cycle) return cycle
    }
    done.add(node)
    return undefined
  }
  for (const node of graph.keys()) {
    const cycle = visit(node, [])
    if (cycle) return cycle
  }
  return undefined
}

/** Returns each node's level: one above the highest node that it imports from, and 0 if it imports from none. */
export function levelsOf(graph: ImportGraph): Map<string, number> {
  const levels = new Map<string, number>()
  const level = (node: string): number => {
    const known = levels.get(node)
    if (known !== undefined) return known
    const below = [...(graph.get(node) ?? [])].map(level)
    const own = below.length === 0 ? 0 : Math.max(...below) + 1
    levels.set(node, own)
    return own
  }
  for (const node of graph.keys()) level(node)
  return levels
}

/** Returns the graph, which must have no cycle, as Markdown: a mermaid picture, and the same as a list from the top down. */
export function drawn(graph: ImportGraph): string {
  const levels = levelsOf(graph)
  const nodes = [...graph.keys()].sort((a, b) => levels.get(b)! - levels.get(a)! || a.localeCompare(b))
  const idOf = (node: string): string => `n${nodes.indexOf(node)}`
  const targetsOf = (node: string): string[] =>
    [...graph.get(node)!].sort((a, b) => nodes.indexOf(a) - nodes.indexOf(b))
  const picture = [
    'flowchart TD',
    ...nodes.map((node) => `  ${idOf(node)}["${node}"]`),
    ...nodes.flatMap((node) => targetsOf(node).map((target) => `  ${idOf(node)} --> ${idOf(target)}`)),
  ]
  const list = nodes.map(
    (node) =>
      `| \`${node}\` | ${targetsOf(node)
        .map((each) => `\`${each}\``)
        .join(', ')} |`,
  )
  return ['```mermaid', ...picture, '```', '', '| | imports from |', '|---|---|', ...list].join('\n')
}

const BLOCK = /(?<=<!-- imports:begin -->\n).*?(?=<!-- imports:end -->)/s

/** Returns the page with the marked block replaced by the graph. Throws if the page has no such block. */
export function withImports(page: string, graph: ImportGraph): string {
  if (!BLOCK.test(page)) throw new Error('The page has no lines <!-- imports:begin --> and <!-- imports:end -->.')
  return page.replace(BLOCK, () => `\n${drawn(graph)}\n\n`)
}
