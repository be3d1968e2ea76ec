/** What the page loads: files of the project, and modules of Node. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Values that a file imports, at once or later. Imports of types alone are gone when it runs. */
const IMPORTS = [/^(?:import|export) (?!type )(?:[^'()]*? from )?'([^']+)'/gm, /\bimport\('([^']+)'\)/g]

export interface Loaded {
  /** Paths from the root of the project. */
  readonly files: ReadonlySet<string>
  readonly modules: ReadonlySet<string>
}

/** Returns what is loaded with the files of page/. */
export function loadedByPage(): Loaded {
  const [files, modules] = [new Set<string>(), new Set<string>()]
  const load = (file: string): void => {
    if (files.has(file)) return
    files.add(file)
    for (const target of importedBy(file)) {
      if (target.startsWith('node:')) modules.add(target)
      else load(target)
    }
  }
  for (const file of filesIn('page')) if (!/^page\/(?:node\/|vite\.config)/.test(file)) load(file)
  return { files, modules }
}

/** Returns the files and the modules of Node that a file imports; packages are left out. */
export function importedBy(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8')
  const targets = IMPORTS.flatMap((pattern) => [...source.matchAll(pattern)].map(([, target = '']) => target))
  const files = targets.filter((target) => /^\..*\.tsx?$/.test(target)).map((target) => join(dirname(file), target))
  return [...files, ...targets.filter((target) => target.startsWith('node:'))]
}

/** Returns the files that a file names in its import and export lines, types included. */
export function namedBy(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8')
  const targets = [...source.matchAll(/(?:\bfrom |\bimport\(|^import )'(\.[^']+)'/gm)].map(([, target = '']) => target)
  return targets.map((target) => join(dirname(file), target.replace(/\?.*$/, '')))
}

/** Returns the file in page/node that stands for a module of Node. */
export function seamOf(name: string): string {
  const file = `${name.slice('node:'.length)}.ts`
  return existsSync(join(root, 'page/node', file)) ? file : 'absent.ts'
}

/** Returns the source files of a folder of the project. */
export function filesIn(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name))
    .toSorted()
}

/** Returns the files of src/ in which a pattern is found. */
export function filesWith(pattern: RegExp): string[] {
  return filesIn('src').filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')))
}
