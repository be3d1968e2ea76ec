/** The documents of the project: which there are, their links and their code. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('../', import.meta.url))

/** The Markdown files, as paths from the root: those beside package.json, and those in these folders. */
export const documents: readonly string[] = [
  '.',
  'bench',
  'docs',
  'examples',
  'src',
  'test/fixtures',
  'tools',
  'workers',
].flatMap(documentsIn)

function documentsIn(folder: string): string[] {
  const found = readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
  return found
    .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
    .map((file) => join(folder, file))
    .sort()
}

/** Returns the text of a document. */
export function documentText(document: string): string {
  return readFileSync(join(root, document), 'utf8')
}

/** Returns the targets of a text's Markdown links, outside of code. */
export function linksIn(text: string): string[] {
  const prose = text.replaceAll(/^( *)```.*?^\1```$/gms, '').replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^()\s]+(?:\([^()]*\))?)\)/g)].map(([, target]) => target!)
}

/** Returns the anchors of a text's headings, as GitHub makes them. */
export function anchorsIn(text: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading] of text.replaceAll(/^```.*?^```$/gms, '').matchAll(/^#+ (.*)$/gm)) {
    const plain = heading!.toLowerCase().replaceAll(/<[^>]*>/g, '')
    const anchor = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-')
    let unique = anchor
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`
    anchors.add(unique)
  }
  return anchors
}

export interface CodeBlock {
  readonly document: string
  readonly line: number
  readonly code: string
}

/** Returns the code blocks of a document in a language, without their fences. */
export function codeBlocksIn(document: string, language: string): CodeBlock[] {
  const text = documentText(document)
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter(([, of]) => of === language)
    .map(({ index, 2: code }) => ({ document, line: text.slice(0, index).split('\n').length + 1, code: code! }))
}
