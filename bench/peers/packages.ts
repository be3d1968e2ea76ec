/** The packages of the peers. This folder has its own package.json: `npm ci --prefix bench/peers` installs them. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { RacelabError } from '../../src/errors.ts'

export class PeersNotInstalledError extends RacelabError {
  readonly code = 'ERR_RACELAB_PEERS_NOT_INSTALLED'

  constructor() {
    super('The packages of the peers are not installed. Install them with: npm ci --prefix bench/peers')
  }
}

/** Resolved from the working directory of the bench: the threads run a bundle, which is in another folder. */
const FOLDER = resolve('bench/peers')

/** Throws PeersNotInstalledError when the packages are not installed. */
export function checkInstalled(folder: string = FOLDER): void {
  if (!existsSync(resolve(folder, 'node_modules'))) throw new PeersNotInstalledError()
}

/** Loads a package as CommonJS. The caller declares its types, because the project is type-checked without the peers. */
export function peer(name: string): unknown {
  return createRequire(resolve(FOLDER, 'package.json'))(name)
}

/** Returns the installed version of a package, or `unknown`. */
export function versionOf(name: string): string {
  const paths = createRequire(resolve(FOLDER, 'package.json')).resolve.paths(name) ?? []
  const file = paths.map((path) => resolve(path, name, 'package.json')).find((path) => existsSync(path))
  return file === undefined ? 'unknown' : (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
