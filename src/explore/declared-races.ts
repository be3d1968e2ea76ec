/**
 * Data races that a scenario declares: they are found like all others, and no failures. A race is declared only if both
 * accesses are to declared words, so that an access that reaches beyond them is still told.
 */
import { Refusal } from './refusal.ts'
import type { Access } from './access.ts'
import type { Names } from './names.ts'
import type { DataRace } from './races.ts'

export class DeclaredRaces {
  readonly #names: Names
  readonly #declared: readonly RegExp[]
  /** Whether a place is declared, by its address and then its size: the same few places race in every schedule. */
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

  #isDeclared({ at, size }: Access): boolean {
    let sizes = this.#known.get(at)
    if (sizes === undefined) this.#known.set(at, (sizes = new Map()))
    let declared = sizes.get(size)
    if (declared === undefined) {
      const name = this.#names.nameOf(at, size)
      declared = this.#declared.some((pattern) => pattern.test(name))
      sizes.set(size, declared)
    }
    return declared
  }
}

/** `session[].text` is `session[1].text`, `session[1].text[3]` and the like, but not `session[1].textWords`. */
function patternOf(declared: string): RegExp {
  const exact = declared.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('\\[\\]', '\\[\\d+\\]')
  return new RegExp(`^${exact}(?:$|[.[ ])`)
}
