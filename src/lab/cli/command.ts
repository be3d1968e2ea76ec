import { existsSync, readFileSync } from 'node:fs'

/** The command as a user types it: in a checkout through npm's script, otherwise by the package's name. */
// The compiled package runs .js files. A checkout runs .ts files, and bundles of them that end in .mjs.
export const COMMAND: string = import.meta.url.endsWith('.js') ? 'npx racelab' : 'npm run lab --'

/** Returns the version of the package. */
export function version(): string {
  return versionIn(packageFolder()) ?? 'unknown'
}

/** Returns the folder of the package: the nearest above this file whose package.json names a version; else the root. */
export function packageFolder(): URL {
  let folder = new URL('.', import.meta.url)
  while (versionIn(folder) === undefined && folder.pathname !== '/') folder = new URL('..', folder)
  return folder
}

function versionIn(folder: URL): string | undefined {
  const file = new URL('package.json', folder)
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly version?: string }).version
    : undefined
}
