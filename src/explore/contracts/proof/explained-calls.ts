/** What the model explains: each call takes effect at some point between its begin and its return, in one step of the model or more. */
import type { Operation } from '../../../check/history.ts'
import type { Model } from '../../../check/model.ts'
import type { Call } from '../../clients/calls.ts'
import { FIRST_AGENT } from '../../run/runs.ts'
import { Acceptor } from './acceptor.ts'
import type { Possible } from './acceptor.ts'
import type { Output } from './rehearsal.ts'

/** A call that has begun and has not returned. */
interface Pending {
  readonly call: Call
  /** How many of its parts have taken effect. */
  readonly taken: number
  /** What it will return, once all have. */
  readonly output: Output | undefined
}

export interface Explained {
  /** The number of the model's state. */
  readonly state: number
  readonly pending: readonly (Pending | undefined)[]
}

export class ExplainedCalls extends Acceptor<Explained> {
  readonly #model: Model<any>
  readonly #parts: { readonly [name: string]: readonly string[] }
  readonly #threads: number
  readonly #outputsOf: (call: Call) => readonly Output[]
  readonly #states: unknown[]

  /** `outputsOf` returns what calls have returned so far. */
  constructor(
    model: Model<any>,
    parts: { readonly [name: string]: readonly string[] },
    threads: number,
    outputsOf: (call: Call) => readonly Output[],
  ) {
    super()
    this.#model = model
    this.#parts = parts
    this.#threads = threads
    this.#outputsOf = outputsOf
    this.#states = [model.init()]
  }

  /** Whether the model lets the call take effect now or, if it `mayWait`, later. */
  admits({ all }: Possible<Explained>, thread: number, call: Call, mayWait: boolean): boolean {
    return mayWait || all.every(({ state }) => this.#step(state, thread, call, 0, undefined).length > 0)
  }

  protected first(): Explained {
    return { state: 0, pending: Array.from({ length: this.#threads }, () => undefined) }
  }

  protected keyOf({ state, pending }: Explained): string {
    return `${state};${pending.map((each) => (each === undefined ? '-' : `${each.call.text} ${each.taken} ${each.output?.text ?? '-'}`)).join(';')}`
  }

  protected begun({ state, pending }: Explained, thread: number, call: Call): Explained {
    return { state, pending: pending.with(thread, { call, taken: 0, output: undefined }) }
  }

  protected moves({ state, pending }: Explained): readonly Explained[] {
    return pending.flatMap((each, thread) => {
      if (each === undefined || each.output !== undefined) return []
      const { call, taken } = each
      const after = (next: number, output: Output | undefined): Explained => ({
        state: next,
        pending: pending.with(thread, { call, taken: taken + 1, output }),
      })
      if (taken + 1 < this.#partsOf(call).length)
        return this.#step(state, thread, call, taken, undefined).map((next) => after(next, undefined))
      return this.#outputsOf(call).flatMap((output) =>
        this.#step(state, thread, call, taken, output).map((next) => after(next, output)),
      )
    })
  }

  protected ended({ state, pending }: Explained, thread: number, { text }: Output): Explained | undefined {
    return pending[thread]?.output?.text === text ? { state, pending: pending.with(thread, undefined) } : undefined
  }

  /** Whether a call can return what no call has returned yet, the model says, counts as well. */
  protected hasEnded({ state, pending }: Explained): boolean {
    return pending.some((each, thread) => {
      if (each === undefined) return false
      if (each.output !== undefined) return true
      const isLast = each.taken + 1 === this.#partsOf(each.call).length
      return isLast && this.#step(state, thread, each.call, each.taken, undefined).length > 0
    })
  }

  #partsOf({ f }: Call): readonly string[] {
    return this.#parts[f] ?? [f]
  }

  #step(state: number, thread: number, call: Call, part: number, output: Output | undefined): number[] {
    const { values } = call
    const operation: Operation = {
      process: thread + FIRST_AGENT,
      f: this.#partsOf(call)[part]!,
      ...(values.length === 0 ? {} : { input: values.length === 1 ? values[0] : values }),
      ...(output === undefined ? { unknown: true } : { output: output.value }),
      called: 0,
      returned: 0,
    }
    return this.#model.step(this.#states[state], operation).map((next) => this.#numberOf(next))
  }

  #numberOf(state: unknown): number {
    const known = this.#states.findIndex((each) => this.#model.equal(each, state))
    return known >= 0 ? known : this.#states.push(state) - 1
  }
}
