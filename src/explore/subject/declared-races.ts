/**
 * Data races that a scenario declares: they are found like all others, and no failures. A race is declared only if both
 * accesses are to declared elements: one that reaches beyond an element, or is wider, is still told. What counts as a name is
 * what the scenario calls a word, or the path to it in what memory() returned; not what a report calls a word without one.
 */
import { Kind } from '../model/access.ts'
import { NativeDataView } from '../model/native.ts'
import { Refusal } from '../model/refusal.ts'
import type { Access } from '../model/access.ts'
import type { Names } from './names.ts'
import type { DataRace } from '../model/races.ts'

export class DeclaredRaces {
  readonly #names: Names
  readonly #declared: readonly RegExp[]
  /** Whether an element is declared, by its address and then its size: the same few places race in every schedule. */
  readonly #known = new Map<number, Map<number, boolean>>()

  constructor(names: Names, declared: readonly string[] = []) {
    // The beginning of every name: it would declare all there is.
    if (declared.includes('')) throw new Refusal('races: the empty name declares nothing.')
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

/** Bytes that are accessed as one: an element of a run of them, or all of what a DataView takes for one number. */
function unitOf({ kind, size, view }: Access): number {
  const run = kind === Kind.READ_BYTES || kind === Kind.WRITE_BYTES
  return run && !(view.raw instanceof NativeDataView) ? view.width : size
}

/** `session[].text` is `session[1].text`, `session[1].text[3]` and the like, but not `session[1].textWords`. */
function patternOf(declared: string): RegExp {
  const exact = declared.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('\\[\\]', '\\[\\d+\\]')
  return new RegExp(`^${exact}(?:$|[.[ ])`)
}
