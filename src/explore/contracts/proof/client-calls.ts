/** Which covered calls the operations of clients make: one each. A proof covers the methods that they call, and no others. */
import type { CoveredClass } from '../../globals/covered-calls.ts'
import type { CoveredMethod } from '../../model/covered-method.ts'

export class ClientCalls {
  /** The methods of the contract that is to be proved. */
  readonly #own: ReadonlySet<CoveredMethod>
  readonly #called = new Set<CoveredMethod>()
  #operation = ''
  /** What the present operation has called, and what that has returned. */
  #method: CoveredMethod | undefined
  #output: unknown

  constructor(own: readonly CoveredClass[]) {
    this.#own = new Set(own.flatMap(({ methods }) => methods))
  }

  /** Forgets which methods have been called. */
  forget(): void {
    this.#called.clear()
  }

  /** A method that no operation has called; undefined if there is none. */
  get uncalled(): CoveredMethod | undefined {
    return [...this.#own].find((method) => !this.#called.has(method))
  }

  /** Notes that an operation begins. */
  begins(operation: string): void {
    this.#operation = operation
    this.#method = undefined
    this.#output = undefined
  }

  /** Notes that the operation calls a method, and returns why it must not; undefined if it may. */
  calls(method: CoveredMethod): string | undefined {
    const operation = this.#operation
    const { name, pair, counted } = method
    if (this.#method !== undefined) return `its client's ${operation} calls ${name} after ${this.#method.name}`
    this.#method = method
    this.#called.add(method)
    // The proof knows pairs and counted calls by the names of operations.
    const isKnownByName = this.#own.has(method) && (pair !== undefined || counted)
    return isKnownByName && operation !== name ? `its client's ${operation} calls ${name}, another name` : undefined
  }

  /** Notes what the method has returned. */
  returns(output: unknown): void {
    this.#output = output
  }

  /** Notes what the operation has returned, and returns why it must not; undefined if it may. */
  ends(output: unknown): string | undefined {
    // A call that returns false has taken nothing.
    if (this.#method?.pair !== 'takes' || (output === false) === (this.#output === false)) return undefined
    return `its client's ${this.#operation} does not return what ${this.#method.name} returns`
  }
}
