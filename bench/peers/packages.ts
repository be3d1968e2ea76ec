/** The peers' packages, which this folder installs for itself: `npm ci --prefix bench/peers`. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { RacelabError } from '../../src/errors.ts'

export class PeersNotInstalledError extends RacelabError {
  readonly code = 'ERR_RACELAB_PEERS_NOT_INSTALLED'

  constructor() {
    super('The peers are not installed. Do so with: npm ci --prefix bench/peers')
  }
}

/** Threads run a bundle that stands elsewhere, so this goes by the directory in which the bench was started. */
const FOLDER = resolve('bench/peers')

/** Throws PeersNotInstalledError. */
export function checkInstalled(folder: string = FOLDER): void {
  if (!existsSync(resolve(folder, 'node_modules'))) throw new PeersNotInstalledError()
}

/** A package as CommonJS. The types are the caller's: the main checkout type-checks with no peer installed. */
export function peer(name: string): unknown {
  return createRequire(resolve(FOLDER, 'package.json'))(name)
}

export function versionOf(name: string): string {
  const paths = createRequire(resolve(FOLDER, 'package.json')).resolve.paths(name) ?? []
  const file = paths.map((path) => resolve(path, name, 'package.json')).find((path) => existsSync(path))
  return file === undefined ? 'unknown' : (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
