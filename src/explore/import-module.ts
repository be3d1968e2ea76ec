/** Imports a user's module, which may be TypeScript. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

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
