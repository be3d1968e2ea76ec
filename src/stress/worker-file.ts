/**
 * Finds a worker's file. In the compiled package it is the compiled JavaScript file. In a checkout the worker's sources are
 * bundled into one JavaScript file: to start it in eight threads takes a seventh of the time that it takes to load TypeScript
 * in each of them. The bundle is kept until one of its sources changes.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Returns the path of the file to start for `workers/<name>`. */
export async function workerFile(name: string): Promise<string> {
  const fromSource = import.meta.url.endsWith('.ts')
  const file = fileURLToPath(new URL(`../../workers/${name}.${fromSource ? 'ts' : 'js'}`, import.meta.url))
  return fromSource ? bundle(file) : file
}

/** The record of a bundle: its path, and each of its sources with the state that it had. */
interface BundleRecord {
  readonly path: string
  readonly sources: Readonly<Record<string, string>>
}

/** Bundles a TypeScript file of this checkout, without the packages that it imports, and returns the bundle's path. */
export async function bundle(file: string): Promise<string> {
  const record = join(CACHE, `${basename(file, '.ts')}-${hashOf(file)}.json`)
  const known = bundledBefore(record)
  if (known !== undefined) return known
  const { build } = await import('esbuild')
  const { outputFiles, metafile } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    // With --enable-source-maps, a stack then names the lines of the sources.
    sourcemap: 'inline',
    sourcesContent: false,
    outdir: CACHE,
  })
  const sources = Object.fromEntries(
    Object.keys(metafile.inputs).map((source) => [resolve(source), stateOf(resolve(source))]),
  )
  const [{ contents }] = outputFiles as [(typeof outputFiles)[0]]
  const path = join(CACHE, `${basename(file, '.ts')}-${hashOf(contents)}.mjs`)
  writeWhole(path, contents)
  writeWhole(record, JSON.stringify({ path, sources } satisfies BundleRecord))
  return path
}

/** Returns the path of the bundle that was made before; undefined if there is none, or one of its sources has changed. */
function bundledBefore(record: string): string | undefined {
  if (!existsSync(record)) return undefined
  const { path, sources } = JSON.parse(readFileSync(record, 'utf8')) as BundleRecord
  const isSame = existsSync(path) && Object.entries(sources).every(([source, state]) => stateOf(source) === state)
  return isSame ? path : undefined
}

function stateOf(source: string): string {
  const found = statSync(source, { throwIfNoEntry: false })
  return found === undefined ? 'gone' : `${found.mtimeMs} ${found.size}`
}

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/racelab/', import.meta.url))

function hashOf(contents: string | Uint8Array): string {
  return createHash('sha256').update(contents).digest('hex').slice(0, 16)
}

/**
 * Writes a file under another name and then renames it, so that a process that bundles at the same time never reads half
 * a file.
 */
function writeWhole(path: string, contents: string | Uint8Array): void {
  mkdirSync(CACHE, { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, contents)
  renameSync(draft, path)
}
