/**
 * The data races that a scenario declares. They are detected as all others are, but are not failures. A race is
 * declared only if every byte of both accesses belongs to a declared element; an access that reaches beyond one is
 * still reported. An element is declared by the name that the scenario's names() gives it, or by its path in what
 * memory() returned. The name that a report makes up for an element without either, such as `word 3`, does not count.
 */
import { isOfBytes } from '../model/access.ts'
import { NativeDataView } from '../model/native.ts'
import { didYouMean } from '../../nearest.ts'
import { Refusal } from '../model/refusal.ts'
import type { Access } from '../model/access.ts'
import type { Names } from './names.ts'
import type { DataRace } from '../model/races.ts'

export class DeclaredRaces {
  readonly #names: Names
  readonly #declared: readonly RegExp[]
  /**
   * A cache: whether an element is declared, by its address and then its size. The same few elements race in every
   * schedule.
   */
  readonly #known = new Map<number, Map<number, boolean>>()

  constructor(names: Names, declared: readonly string[] = []) {
    // Every name begins with the empty text, so it would declare a race on every word.
    if (declared.includes('')) throw new Refusal('races: the empty name declares nothing.')
    for (const each of declared) if (!isKnown(each, names)) throw new Refusal(unknownName(each, names))
    this.#names = names
    this.#declared = declared.map(patternOf)
  }

  /** Whether a data race is declared, and so no failure. */
  has({ earlier, later }: DataRace): boolean {
    return this.#declared.length > 0 && this.#isDeclared(earlier.access) && this.#isDeclared(later.access)
  }

  #isDeclared(access: Access): boolean {
    const unit = unitOf(access)
    for (let offset = 0; offset < access.size; offset += unit) {
      if (!this.#isDeclaredElement(access.at + offset, unit)) return false
    }
    return true
  }

  #isDeclaredElement(at: number, size: number): boolean {
    let sizes = this.#known.get(at)
    if (sizes === undefined) this.#known.set(at, (sizes = new Map()))
    let declared = sizes.get(size)
    if (declared === undefined) {
      const names = this.#names.elementNames(at, size)
      declared = names.some((name) => this.#declared.some((pattern) => pattern.test(name)))
      sizes.set(size, declared)
    }
    return declared
  }
}

/** Whether there is a word of the declared name, whatever its indexes: a smaller memory may have fewer. */
function isKnown(declared: string, { known }: Names): boolean {
  const pattern = patternOf(withoutIndexes(declared))
  return known.some((name) => pattern.test(name))
}

function withoutIndexes(name: string): string {
  return name.replaceAll(/\[\d+\]/g, '[]')
}

/** Says that a declared name names nothing. A misspelt name would declare nothing, without a word. */
function unknownName(declared: string, { known }: Names): string {
  const names = [...new Set(known.map(withoutIndexes))]
  const hint =
    names.length === 0
      ? 'give the word a name with names(), as in names: (words) => ({ hint: [words, 0] }).'
      : didYouMean(declared, names)
  return `races: no word has the name "${declared}": ${hint}`
}

/**
 * Returns the number of bytes that are accessed as one unit: an element of the view, or the whole number for a
 * DataView.
 */
function unitOf({ kind, size, view }: Access): number {
  return isOfBytes(kind) && !(view.raw instanceof NativeDataView) ? view.width : size
}

/**
 * Returns the pattern of a declared name: `session[].text` matches `session[1].text[3]`, but not
 * `session[1].textWords`.
 */
function patternOf(declared: string): RegExp {
  const exact = declared.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('\\[\\]', '\\[\\d+\\]')
  return new RegExp(`^${exact}(?:$|[.[ ])`)
}
