/**
 * Rehearses what one thread of a most general client does: calls its operations, answers their accesses from a list, and stops it at the
 * first access that has no answer. Nothing is carried out.
 */
import { valueText } from '../../../check/history.ts'
import { actAs } from '../../../sync/agent.ts'
import { setController, installedController } from '../../globals/controller.ts'
import type { Controller } from '../../globals/controller.ts'
import { Access, sizeOf } from '../../model/access.ts'
import type { Kind } from '../../model/access.ts'
import { Actor, Step } from '../../model/actor.ts'
import type { CoveredCall } from '../../model/actor.ts'
import type { CoveredMethod } from '../../model/covered-method.ts'
import type { Operand } from '../../model/elements.ts'
import { Refusal } from '../../model/refusal.ts'
import type { Regions } from '../../model/regions.ts'
import type { SharedView } from '../../model/shared-view.ts'
import { Coverage } from '../../run/coverage.ts'
import { FIRST_AGENT } from '../../run/runs.ts'
import { textOfThrown } from '../../run/thrown.ts'
import type { Call } from '../../clients/calls.ts'
import type { ClientCalls } from './client-calls.ts'

/** What a thread has done so far: its calls, and the accesses with their answers. */
export interface Past {
  readonly calls: readonly Call[]
  readonly answers: readonly Answer[]
}

export interface Answer {
  readonly access: Access
  readonly result: unknown
}

/** What a thread has come to. `key`: a text that is the same only for the same local state. */
export type Reached =
  | { readonly kind: 'access'; readonly access: Access; readonly key: string }
  | { readonly kind: 'idle'; readonly output: Output; readonly key: string }

/** How a call has ended. */
export interface Output {
  readonly text: string
  readonly value: unknown
  readonly threw: boolean
}

/** Returns the key of the local state of the running thread, at an access or, with its memory given, between two calls. */
export type KeyOf = (memory?: unknown) => string

const STOP = Symbol('racelab: a rehearsal ends')

export class Rehearsal implements Controller {
  /** Not while the local state is looked at. */
  watching = true
  readonly acting = true
  readonly #actor: Actor
  readonly #regions: Regions
  readonly #coverage: Coverage
  readonly #fresh: () => unknown
  readonly #operations: { readonly [name: string]: (...args: any[]) => unknown }
  readonly #clientCalls: ClientCalls
  #answers: readonly Answer[] = []
  #keyOf: KeyOf = () => ''
  #reached: Access | undefined
  #key = ''
  #stopped = false
  #refusal: Refusal | undefined

  constructor(
    index: number,
    name: string,
    regions: Regions,
    fresh: () => unknown,
    operations: { readonly [name: string]: (...args: any[]) => unknown },
    clientCalls: ClientCalls,
  ) {
    this.#clientCalls = clientCalls
    this.#actor = new Actor(index, name, () => undefined)
    this.#regions = regions
    this.#fresh = fresh
    this.#operations = operations
    this.#coverage = new Coverage('units', () => {
      const last = [...this.#coverage.excluded].at(-1)
      if (last === undefined) return
      const [of, why] = last
      this.#refusal ??= new Refusal(`the contract of ${of} does not cover its own client: ${why}`)
    })
  }

  /** Returns what the thread comes to. Throws Refusal for what a proof cannot follow. */
  run({ calls, answers }: Past, keyOf: KeyOf): Reached {
    const actor = this.#actor
    this.#answers = answers
    this.#keyOf = keyOf
    this.#reached = undefined
    this.#stopped = false
    actor.log.length = actor.cursor = actor.calls.length = 0
    const before = installedController()
    const agent = actAs(actor.index + FIRST_AGENT)
    setController(this)
    let output: Output = { text: '', value: undefined, threw: false }
    // This name tells the inspector where the thread begins (run/spins/inspection.ts).
    const body = (memory: unknown): void => {
      for (const [index, { f, values }] of calls.entries()) {
        this.#clientCalls.begins(f)
        const value = this.#operations[f]!(memory, ...values)
        this.#refuseIf(this.#clientCalls.ends(value))
        if (index === calls.length - 1) output = { text: valueText(value), value, threw: false }
      }
    }
    const memory = this.#fresh()
    try {
      body(memory)
    } catch (error) {
      if (!this.#stopped) output = { text: `throws ${textOfThrown(error)}`, value: undefined, threw: true }
    } finally {
      setController(before)
      actAs(agent)
    }
    if (this.#refusal !== undefined) throw this.#refusal
    if (this.#reached !== undefined) return { kind: 'access', access: this.#reached, key: this.#key }
    if (actor.cursor < answers.length) throw new Refusal('a call is not deterministic')
    return { kind: 'idle', output, key: output.threw ? 'threw' : this.#look(memory) }
  }

  access(kind: Kind, view: SharedView, index: number, first: Operand, second: Operand): unknown {
    if (this.#stopped) throw STOP
    const actor = this.#actor
    const at = this.#regions.addressOf(kind, view, index)
    const access = new Access(kind, view, index, at, sizeOf(kind, view, second), first, second)
    const answer = this.#answers[actor.cursor]
    if (answer === undefined) return this.#stop(access)
    if (!answer.access.same(access)) return this.refuse('a call is not deterministic')
    actor.log.push(new Step(actor, answer.access, actor.cursor, actor.cursor))
    actor.cursor++
    return answer.result
  }

  #stop(access: Access): never {
    this.#coverage.note(this.#actor, access)
    this.#reached = access
    this.#key = this.#look()
    this.#stopped = true
    throw STOP
  }

  #look(memory?: unknown): string {
    this.watching = false
    try {
      return this.#keyOf(memory)
    } finally {
      this.watching = true
    }
  }

  coveredCallBegins(method: CoveredMethod): CoveredCall | undefined {
    if (this.#stopped) return undefined
    const { calls, cursor } = this.#actor
    if (calls.length === 0) this.#refuseIf(this.#clientCalls.calls(method))
    const call = { method, callers: Infinity, at: cursor, object: undefined }
    calls.push(call)
    return call
  }

  coveredCallEnds(_: CoveredCall, output: unknown): void {
    if (this.#stopped) return
    this.#actor.calls.pop()
    if (this.#actor.calls.length === 0) this.#clientCalls.returns(output)
  }

  #refuseIf(obstacle: string | undefined): void {
    if (obstacle !== undefined) this.refuse(obstacle)
  }

  local(what: string): never {
    return this.refuse(`a call asks for ${what}: a proof cannot follow that`)
  }

  refuse(message: string): never {
    this.#refusal ??= new Refusal(message)
    this.#stopped = true
    throw STOP
  }

  refuseLater(message: string): void {
    this.#refusal ??= new Refusal(message)
  }
}
