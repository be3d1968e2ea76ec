/**
 * An acceptor reads the begins and returns of calls, and says whether it could have made them too. It may be in several states at once: a
 * call takes effect at some point between its begin and its return, and it is not known at which.
 */
import type { Output } from './rehearsal.ts'
import type { Call } from '../../clients/calls.ts'

/** A set of states, interned: the same set is the same object. */
export interface Possible<One> {
  readonly id: number
  readonly all: readonly One[]
}

export abstract class Acceptor<One> {
  readonly #ones = new Map<string, One>()
  readonly #ids = new Map<One, number>()
  readonly #sets = new Map<string, Possible<One>>()
  readonly #reached = new Map<string, Possible<One>>()
  readonly #ends = new Map<One, boolean>()

  /** Returns the states before the first call. */
  get initial(): Possible<One> {
    return this.#setOf([this.first()])
  }

  /** Returns the states after a call has begun. */
  begin(set: Possible<One>, thread: number, call: Call): Possible<One> {
    return this.#remember(`${set.id} ${thread} ${call.text}`, () =>
      this.#closed(set.all.map((one) => this.begun(one, thread, call))),
    )
  }

  /** Returns the states after a call has returned: none if it could not have returned this. */
  end(set: Possible<One>, thread: number, output: Output): Possible<One> {
    return this.#remember(`${set.id} ${thread} = ${output.text}`, () =>
      this.#setOf(set.all.flatMap((one) => this.ended(one, thread, output) ?? [])),
    )
  }

  /** Whether in one of the states no call of these threads could ever return, if no other call began. */
  canHang(set: Possible<One>): boolean {
    return set.all.some((one) => {
      let known = this.#ends.get(one)
      if (known === undefined)
        this.#ends.set(one, (known = this.#closed([one]).all.some((each) => this.hasEnded(each))))
      return !known
    })
  }

  #remember(key: string, make: () => Possible<One>): Possible<One> {
    let known = this.#reached.get(key)
    if (known === undefined) this.#reached.set(key, (known = make()))
    return known
  }

  #closed(from: readonly One[]): Possible<One> {
    const all = new Set(from.map((one) => this.#interned(one)))
    for (const one of all) for (const next of this.moves(one)) all.add(this.#interned(next))
    return this.#setOf([...all])
  }

  #setOf(ones: readonly One[]): Possible<One> {
    const all = [...new Set(ones.map((one) => this.#interned(one)))]
    const key = all
      .map((one) => this.#ids.get(one)!)
      .toSorted((one, other) => one - other)
      .join()
    const known = this.#sets.get(key) ?? { id: this.#sets.size, all }
    this.#sets.set(key, known)
    return known
  }

  #interned(one: One): One {
    const key = this.keyOf(one)
    const known = this.#ones.get(key)
    if (known !== undefined) return known
    this.#ids.set(one, this.#ones.size)
    this.#ones.set(key, one)
    return one
  }

  protected abstract first(): One
  protected abstract keyOf(one: One): string
  protected abstract begun(one: One, thread: number, call: Call): One
  /** Returns the states that one step of a call leads to. */
  protected abstract moves(one: One): readonly One[]
  /** Returns the state after a call has returned this; undefined if it cannot. */
  protected abstract ended(one: One, thread: number, output: Output): One | undefined
  /** Whether a call has taken effect, and only has to return. */
  protected abstract hasEnded(one: One): boolean
}
