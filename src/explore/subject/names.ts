/** Names of locations in memory: the scenario's own, or else the path of the view in the memory value and the index. */
import { types } from 'node:util'
import type { Scenario } from '../../scenario.ts'
import { sharedView } from '../model/shared-view.ts'
import type { SharedView } from '../model/shared-view.ts'
import type { MemoryValue } from './memory-value.ts'
import { Refusal } from '../model/refusal.ts'
import type { Regions } from '../model/regions.ts'

export interface Names {
  /** Returns the name of the `size` bytes at an address. */
  nameOf(at: number, size: number): string
  /**
   * Returns the names of the element that contains all of these bytes; none if no element does, or if it has no name.
   */
  elementNames(at: number, size: number): readonly string[]
  /** The names that names() gave, and the names of the first elements of the views that memory() returned. */
  readonly known: readonly string[]
}

/** A word that the scenario has named. */
interface NamedWord {
  readonly name: string
  readonly at: number
  readonly size: number
}

/** Calls the scenario's names(), and returns the names of all locations. Throws Refusal if names() returns no words. */
export function namesOf(scenario: Scenario, memory: MemoryValue, regions: Regions): Names {
  const words: unknown = scenario.names?.(memory.fresh()) ?? {}
  if (typeof words !== 'object' || words === null || types.isPromise(words)) {
    throw new Refusal('names() returned no object of words, as in { count: [words, 0] }.')
  }
  const given = Object.entries(words).map(([name, word]) => givenWord(name, word, regions))
  return {
    nameOf: (at, size) => givenName(given, at, size) ?? pathName(memory, regions, at, size),
    elementNames: (at, size) => {
      const names = given.filter((word) => within(word, at, size)).map(({ name }) => name)
      return names.length > 0 ? names : elementPaths(memory, regions, at, size)
    },
    known: [
      ...given.map(({ name }) => name),
      ...memory.paths.filter(({ path }) => path !== '').map(({ path, view }) => elementName(path, view, 0)),
    ],
  }
}

function within(word: NamedWord, at: number, size: number): boolean {
  return word.at <= at && at + size <= word.at + word.size
}

/**
 * Returns the paths of the element in what memory() returned. A view that memory() returned on its own has none; `word
 * 3` is only what a report calls its elements.
 */
function elementPaths(memory: MemoryValue, regions: Regions, at: number, size: number): string[] {
  return memory.paths.flatMap(({ path, view }) => {
    const offset = at - regions.locate(view)
    if (path === '' || offset < 0 || offset + size > view.byteLength) return []
    return (offset % view.width) + size <= view.width ? [elementName(path, view, offset)] : []
  })
}

function givenWord(name: string, word: unknown, regions: Regions): NamedWord {
  const [view, index] = Array.isArray(word) ? (word as unknown[]) : []
  const shared = sharedView(view)
  if (shared === undefined || !Number.isInteger(index) || Number(index) < 0 || Number(index) >= shared.length) {
    throw new Refusal(`names: "${name}" is not a word of a view of the shared memory, as in { count: [words, 0] }.`)
  }
  return { name, at: regions.locate(shared) + Number(index) * shared.width, size: shared.width }
}

/** Returns the name of the word if the bytes are exactly that word, or its name and an offset if they are within it. */
function givenName(given: readonly NamedWord[], at: number, size: number): string | undefined {
  const exact = given.find((word) => word.at === at && word.size === size)
  if (exact !== undefined) return exact.name
  const around = given.find((word) => within(word, at, size))
  return around === undefined ? undefined : `${around.name} byte ${at - around.at}`
}

function pathName(memory: MemoryValue, regions: Regions, at: number, size: number): string {
  for (const { path, view } of memory.paths) {
    const offset = at - regions.locate(view)
    if (offset >= 0 && offset < view.byteLength) return elementName(path, view, offset)
  }
  const region = regions.shared.findIndex(({ buffer, base }) => at >= base && at < base + buffer.byteLength)
  if (region < 0) return `own buffer, ${offsetName(regions.ownOffset(at), size)}`
  const name = offsetName(at - (regions.shared[region]?.base ?? 0), size)
  return regions.shared.length === 1 ? name : `buffer ${region}, ${name}`
}

function offsetName(offset: number, size: number): string {
  return size === 4 && offset % 4 === 0 ? `word ${offset / 4}` : `byte ${offset}`
}

function elementName(path: string, view: SharedView, offset: number): string {
  const index = Math.floor(offset / view.width)
  const rest = offset % view.width
  const label = path === '' ? 'word ' : `${path}[`
  return `${label}${index}${path === '' ? '' : ']'}${rest === 0 ? '' : ` byte ${rest}`}`
}
