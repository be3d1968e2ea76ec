/**
 * Where a worker's file is, for every way of running. Compiled, it is the JavaScript beside the compiled package. From
 * source, the worker is bundled into one JavaScript file: starting that in eight threads costs a seventh of having each of
 * them load TypeScript. The bundle is kept until one of its sources changes.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The file to start for `workers/<name>`. */
export async function workerFile(name: string): Promise<string> {
  const fromSource = import.meta.url.endsWith('.ts')
  const file = fileURLToPath(new URL(`../../workers/${name}.${fromSource ? 'ts' : 'js'}`, import.meta.url))
  return fromSource ? bundle(file) : file
}

/** What a bundle was made of: each source with its state when it was read. */
interface Made {
  readonly path: string
  readonly sources: Readonly<Record<string, string>>
}

/** Bundles a TypeScript file of this checkout, packages left out, and returns the bundle's path. */
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
    // So that a stack names the lines of the source, if the bundle is started with --enable-source-maps.
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
  writeWhole(record, JSON.stringify({ path, sources } satisfies Made))
  return path
}

/** The bundle that was made before, if nothing that it was made of has changed. */
function bundledBefore(record: string): string | undefined {
  if (!existsSync(record)) return undefined
  const { path, sources } = JSON.parse(readFileSync(record, 'utf8')) as Made
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

/** Moved into place whole, so that processes that bundle at once do not see half a file. */
function writeWhole(path: string, contents: string | Uint8Array): void {
  mkdirSync(CACHE, { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, contents)
  renameSync(draft, path)
}
