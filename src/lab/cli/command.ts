import { existsSync, readFileSync } from 'node:fs'

/** The command as a user types it: in a checkout through npm's script, otherwise by the package's name. */
// The compiled package runs .js files. A checkout runs .ts files, and bundles of them that end in .mjs.
export const COMMAND: string = import.meta.url.endsWith('.js') ? 'npx racelab' : 'npm run lab --'

/** Returns the version of the package, from the nearest package.json above this file that names one. */
export function version(): string {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    const file = new URL('package.json', folder)
    const found = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly version?: string }) : {}
    if (found.version !== undefined) return found.version
    if (folder.pathname === '/') return 'unknown'
  }
}
