/**
 * Where a worker's file is, for every way of running. Compiled, it is the JavaScript beside the compiled package. From
 * source, the worker is bundled once into one JavaScript file: starting that in eight threads costs a seventh of having each
 * of them load TypeScript.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The file to start for `workers/<name>`. */
export async function workerFile(name: string): Promise<string> {
  const fromSource = import.meta.url.endsWith('.ts')
  const file = fileURLToPath(new URL(`../../workers/${name}.${fromSource ? 'ts' : 'js'}`, import.meta.url))
  return fromSource ? bundle(file) : file
}

/** Bundles a TypeScript file of this checkout, packages left out, and returns the bundle's path. */
export async function bundle(file: string): Promise<string> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  })
  const [{ contents }] = outputFiles as [(typeof outputFiles)[0]]
  return writeOnce(basename(file, '.ts'), contents)
}

/** Named by its content and moved into place whole, so that processes that bundle at once do not see half a file. */
function writeOnce(name: string, contents: Uint8Array): string {
  const cache = fileURLToPath(new URL('../../node_modules/.cache/racelab/', import.meta.url))
  const path = join(cache, `${name}-${createHash('sha256').update(contents).digest('hex').slice(0, 16)}.mjs`)
  if (existsSync(path)) return path
  mkdirSync(cache, { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, contents)
  renameSync(draft, path)
  return path
}
