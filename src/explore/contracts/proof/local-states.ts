/**
 * The local states of one thread of a most general client: where it is in its code, and what its variables hold. V8's inspector shows
 * them. Two pasts that lead to the same local state are one state from then on, so a loop that carries nothing has no more states in its
 * second round than in its first.
 *
 * What the inspector does not show are the parts of an expression that have been evaluated already, the iterator of a loop, and how a
 * `finally` will go on. Where there may be such a value, the state is told from others by its whole past.
 */
import type { Access } from '../../model/access.ts'
import { inspection } from '../../run/spins/inspection.ts'
import type { CallFrame, Inspection } from '../../run/spins/inspection.ts'
import { Snapshot } from '../../run/spins/snapshot.ts'
import { Refusal } from '../../model/refusal.ts'
import type { Call } from '../../clients/calls.ts'
import { hideValues, unsetVariables } from './hidden-values.ts'
import type { Output, Past, Reached, Rehearsal } from './rehearsal.ts'

/** A local state. */
export interface LocalState {
  readonly id: number
  readonly past: Past
  /** The access that the thread has come to; undefined between two calls. */
  readonly access: Access | undefined
  /** What follows, by the answer or the call. */
  readonly next: Map<string, Transition>
}

/** What an answer or a call leads to. `output` is set if a call has ended. */
export interface Transition {
  /** Returns a past with the answer or the call. */
  readonly after: (past: Past) => Past
  readonly to: LocalState
  readonly output: Output | undefined
}

/** The most local states of a thread. */
const MOST_STATES = 20_000

export class LocalStates {
  readonly all: LocalState[] = []
  readonly #rehearsal: Rehearsal
  readonly #roots: readonly object[]
  readonly #known = new Map<string, LocalState>()
  readonly #sources = new Map<unknown, number>()
  #unlike = 0
  #misses = false

  /** `roots`: the methods that the thread may call. */
  constructor(rehearsal: Rehearsal, roots: readonly object[]) {
    this.#rehearsal = rehearsal
    this.#roots = roots
    this.#reach({ calls: [], answers: [] })
  }

  get first(): LocalState {
    return this.all[0]!
  }

  begin(state: LocalState, call: Call): Transition {
    return this.#follow(state, `call ${call.text}`, (past) => ({ ...past, calls: [...past.calls, call] }))
  }

  answer(state: LocalState, result: unknown): Transition {
    const { access } = state
    return this.#follow(state, `${typeof result} ${String(result)}`, (past) => ({
      ...past,
      answers: [...past.answers, { access: access!, result }],
    }))
  }

  /** Returns what a thread with this past comes to, without its local state. Throws Refusal if it does something else than in the past. */
  rehearse(past: Past): Reached {
    return this.#rehearsal.run(past, () => '')
  }

  #follow(state: LocalState, label: string, after: Transition['after']): Transition {
    const known = state.next.get(label)
    if (known !== undefined) return known
    const found = { after, ...this.#reach(after(state.past)) }
    state.next.set(label, found)
    return found
  }

  #reach(past: Past): Omit<Transition, 'after'> {
    const reached = this.#rehearse(past)
    const access = reached.kind === 'access' ? reached.access : undefined
    const output = reached.kind === 'idle' ? reached.output : undefined
    // An access of another flag is another state: a unit begins there.
    const key =
      access === undefined
        ? `idle ${reached.key}`
        : `${access.kind} ${access.at} ${access.within} ${access.opens} ${String(access.first)} ${String(access.second)} ${reached.key}`
    const known = this.#known.get(key)
    if (known !== undefined) return { to: known, output }
    const state = { id: this.all.length, past, access, next: new Map() }
    if (state.id > MOST_STATES) throw new Refusal('its calls have too many local states')
    this.all.push(state)
    this.#known.set(key, state)
    return { to: state, output }
  }

  /** If V8 may have optimised a variable away, rehearses without optimised code. There, only a variable without a value is missed. */
  #rehearse(past: Past): Reached {
    this.#misses = false
    const run = (): Reached => this.#rehearsal.run(past, (memory) => this.#keyOf(memory))
    const reached = run()
    return this.#misses ? (inspection()?.withUnoptimised(run) ?? reached) : reached
  }

  #keyOf(memory: unknown): string {
    const inspector = inspection()
    if (inspector === undefined) return this.#another()
    if (memory !== undefined)
      return new Snapshot(inspector, this.#betweenCalls(inspector, memory), new Set(), { comparesRuns: true }).text
    const key = inspector.inspect((frames) => {
      if (hideValues(frames)) return undefined
      const snapshot = new Snapshot(inspector, frames, new Set(), { unset: unsetVariables, comparesRuns: true })
      this.#misses = snapshot.misses
      return `${frames.map(({ source, offset }) => `${this.#numberOf(source)}:${offset}`).join()} ${snapshot.text}`
    })
    return key ?? this.#another()
  }

  /** Between two calls, what a thread keeps is in its memory, or in variables around the methods, such as weak maps. */
  #betweenCalls(inspector: Inspection, memory: unknown): CallFrame[] {
    const variables = [{ own: [{ memory }], outer: [], self: undefined }]
    const around = this.#roots.map((root) => ({
      own: [],
      outer: inspector.originOf(root)?.outer ?? [],
      self: undefined,
    }))
    return [...variables, ...around].map((each) => ({ variables: () => each }) as unknown as CallFrame)
  }

  #numberOf(source: unknown): number {
    const known = this.#sources.get(source) ?? this.#sources.size
    this.#sources.set(source, known)
    return known
  }

  /** Returns a key that no other state has. */
  #another(): string {
    return `unlike ${++this.#unlike}`
  }
}
