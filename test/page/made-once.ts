/** Keeps a folder that was made of the sources, until one of them changes. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const CACHE = join(root, 'node_modules/.cache/racelab-page')
const KEPT_MS = 24 * 60 * 60 * 1000

/**
 * Returns a folder that `make` has filled from `sources`, files and folders of the project. Two processes may make it at once: each fills
 * a folder of its own, and the first that is done has its folder kept.
 */
export async function madeOnce(
  name: string,
  sources: readonly string[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const kept = join(CACHE, `${name}-${hashOf(sources)}`)
  if (existsSync(kept)) return kept
  mkdirSync(CACHE, { recursive: true })
  removeOld()
  const own = mkdtempSync(join(CACHE, 'making-'))
  await make(own)
  try {
    renameSync(own, kept)
  } catch (error) {
    // The other process was first: what it made is the same.
    rmSync(own, { recursive: true })
    if (!existsSync(kept)) throw error
  }
  return kept
}

function hashOf(sources: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of sources.flatMap((source) => filesOf(source)))
    hash.update(file).update(readFileSync(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

function filesOf(source: string): string[] {
  if (statSync(join(root, source)).isFile()) return [source]
  const entries = readdirSync(join(root, source)).toSorted()
  return entries.flatMap((entry) => filesOf(join(source, entry)))
}

function removeOld(): void {
  for (const entry of readdirSync(CACHE)) {
    const folder = join(CACHE, entry)
    if (Date.now() - statSync(folder).mtimeMs > KEPT_MS) rmSync(folder, { recursive: true, force: true })
  }
}
