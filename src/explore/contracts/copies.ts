/** Finds the copies of a primitive that are the same code. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { knownCopies } from '../../sync/copies.ts'
import type { Copy } from '../../sync/copies.ts'

/** Returns the other copies of a primitive that come from the same file, or from one of the same content. */
export function otherCopiesOf(of: Copy['of']): readonly Copy['of'][] {
  const own = knownCopies().find((copy) => copy.of === of)
  if (own === undefined) return []
  const others = knownCopies().filter((copy) => copy.of !== of && copy.name === own.name)
  return others.filter((copy) => isSameCode(copy, own)).map((copy) => copy.of)
}

function isSameCode(one: Copy, other: Copy): boolean {
  const [first, second] = [fileOf(one), fileOf(other)]
  if (first === undefined || second === undefined) return false
  try {
    return first === second || readFileSync(first).equals(readFileSync(second))
  } catch {
    return false
  }
}

/** In a checkout, the explorer's process runs a bundle of the sources, which is made anew when one of them has changed. */
const BUNDLES = join('node_modules', '.cache', 'racelab')

/** Returns the path of the file in which a copy stands. A loader may have put a query behind its URL. */
function fileOf({ name, url }: Copy): string | undefined {
  if (!url.startsWith('file:')) return undefined
  const path = fileURLToPath(url.replace(/[?#].*$/, ''))
  const bundled = path.indexOf(BUNDLES)
  if (bundled < 0) return path
  const file = name.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase()
  return join(path.slice(0, bundled), 'src', 'sync', `${file}.ts`)
}
