/** Loads somebody's module, and finds a scenario among what it exports. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Scenario } from '../scenario.ts'

/**
 * The export of a name, if it is a scenario. TypeScript in a folder that does not say "type": "module" is loaded as
 * CommonJS, and its exports are then inside the default export.
 */
export function exportedScenario(module: object, name: string): Scenario | undefined {
  const found: unknown = Reflect.get(module, name)
  if (isScenario(found)) return found
  const inner: unknown = Reflect.get(module, 'default')
  const nested: unknown = typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined
  return isScenario(nested) ? nested : undefined
}

/** Imports a module by its URL. TypeScript goes through tsx, whatever this process itself was started with. */
export async function importModule(url: string): Promise<object> {
  if (!/\.[cm]?ts$/.test(url)) return (await import(url)) as object
  if (isCommonJs(url)) {
    const { require } = await import('tsx/cjs/api')
    try {
      return require(fileURLToPath(url), import.meta.url) as object
    } catch {
      // It may do what only a module can, such as to await; then the import below says what else is wrong, if anything is.
    }
  }
  const { tsImport } = await import('tsx/esm/api')
  return (await tsImport(url, import.meta.url)) as object
}

/** Whether tsx would take the file for CommonJS. Imported all the same, it would lose the lines of its source. */
function isCommonJs(url: string): boolean {
  if (/\.[cm]ts$/.test(url)) return url.endsWith('.cts')
  for (let folder = new URL('.', url); ; folder = new URL('..', folder)) {
    const file = new URL('package.json', folder)
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { type?: string }).type !== 'module'
    if (folder.pathname === '/' || folder.href === new URL('..', folder).href) return true
  }
}

function isScenario(value: unknown): value is Scenario {
  return typeof value === 'object' && value !== null && 'name' in value && 'memory' in value && 'actors' in value
}
