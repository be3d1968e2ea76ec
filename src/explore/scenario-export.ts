/** Loads a user's module and finds the scenario that it exports. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { OperationsScenario, Scenario } from '../scenario.ts'

/**
 * Returns the module's export `name` if it is meant as a scenario, else undefined: if it has one of a scenario's parts. The
 * explorer then says which part is missing. TypeScript in a package without `"type":
 * "module"` is loaded as CommonJS, and its exports are then properties of the default export.
 */
export function exportedScenario(module: object, name: string): Scenario | OperationsScenario | undefined {
  const found: unknown = Reflect.get(module, name)
  const inner: unknown = Reflect.get(module, 'default')
  const nested: unknown = typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined
  const both = [found, nested]
  return (both.find((each) => isScenario(each)) ?? both.find((each) => isPart(each))) as
    | Scenario
    | OperationsScenario
    | undefined
}

/** Imports a module by its URL. TypeScript is loaded with tsx, even if this process was started without it. */
export async function importModule(url: string): Promise<object> {
  if (!/\.[cm]?ts$/.test(url)) return (await import(url)) as object
  if (isCommonJs(url)) {
    const { require } = await import('tsx/cjs/api')
    try {
      return require(fileURLToPath(url), import.meta.url) as object
    } catch {
      // The file may need to be an ES module, for example for a top-level await. If it has another error, the import
      // below throws it.
    }
  }
  const { tsImport } = await import('tsx/esm/api')
  return (await tsImport(url, import.meta.url)) as object
}

/**
 * Whether tsx takes the file for CommonJS. With `import`, the stacks of such a file would lack the lines of its source.
 */
function isCommonJs(url: string): boolean {
  if (/\.[cm]ts$/.test(url)) return url.endsWith('.cts')
  for (let folder = new URL('.', url); ; folder = new URL('..', folder)) {
    const file = new URL('package.json', folder)
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { type?: string }).type !== 'module'
    if (folder.pathname === '/' || folder.href === new URL('..', folder).href) return true
  }
}

function isScenario(value: unknown): boolean {
  return isPart(value) && 'name' in value && 'memory' in value && ('actors' in value || 'operations' in value)
}

function isPart(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  return 'memory' in value || 'actors' in value || 'operations' in value
}
