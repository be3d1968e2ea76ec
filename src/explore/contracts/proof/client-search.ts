/**
 * Searches all states of a most general client, to prove a contract for it. In each state it is known what the same begins and returns could
 * have led to if each call were one step, or few; and what the model says of them. If no such state is left, or if all threads could wait
 * forever where those could not, the contract is refuted.
 *
 * That whole calls can have the same histories means that no program can tell them from the calls as they are, by what its own calls
 * return and what it does between them: I. Filipović, P. O'Hearn, N. Rinetzky and H. Yang, "Abstraction for Concurrent Objects",
 * Theoretical Computer Science 411, 2010. The sets of states are those of the powerset construction of M. Rabin and D. Scott, 1959.
 */
import type { Contract, ContractClient } from '../../../contract.ts'
import { callsOf } from '../../clients/calls.ts'
import type { Call } from '../../clients/calls.ts'
import { describeAccess } from '../../model/describe.ts'
import { Refusal } from '../../model/refusal.ts'
import { Regions } from '../../model/regions.ts'
import { MemoryValue } from '../../subject/memory-value.ts'
import type { Possible } from './acceptor.ts'
import type { ClientCalls } from './client-calls.ts'
import { ExplainedCalls } from './explained-calls.ts'
import type { Explained } from './explained-calls.ts'
import { LocalStates } from './local-states.ts'
import { canStep, keyOf, Machine } from './machine.ts'
import type { Moved, State } from './machine.ts'
import type { Proof, ProofOptions } from './proof.ts'
import { Rehearsal } from './rehearsal.ts'
import type { Output } from './rehearsal.ts'
import { compareWalks } from './walks.ts'
import { WholeCalls } from './whole-calls.ts'
import type { Whole } from './whole-calls.ts'

/** A state of the search. */
interface Node {
  readonly state: State
  readonly whole: Possible<Whole>
  readonly explained: Possible<Explained>
  /** How many calls each thread may still begin. */
  readonly left: readonly number[]
  /** Whether each thread has taken something, or is about to. */
  readonly taken: readonly boolean[]
  readonly before: Node | undefined
  /** What led here. */
  readonly what: string
  /** The nodes from which a step of a call leads here. */
  readonly from: Node[]
  /** Whether a call can return, if no other call begins. */
  returns: boolean
}

const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi']

function nameOf(thread: number): string {
  return NAMES[thread] ?? `thread ${thread + 1}`
}

export class ClientSearch {
  readonly #client: ContractClient
  readonly #pairs: NonNullable<Contract['pairs']>
  readonly #counted: readonly string[]
  /** How many calls of counted methods each thread makes. */
  readonly #most: number
  readonly #mostStates: number
  readonly #isTimeUp: () => boolean
  readonly #machine: Machine
  readonly #calls: readonly Call[]
  readonly #nodes = new Map<string, Node>()
  readonly #outputs = new Map<string, Output[]>()
  #whole: WholeCalls
  #explained!: ExplainedCalls
  #isNewOutput = false

  constructor(
    contract: Contract,
    client: ContractClient,
    options: ProofOptions,
    methods: readonly object[],
    clientCalls: ClientCalls,
  ) {
    const { threads, calls = contract.calls ?? 2, mostStates = 1_000_000, isTimeUp = () => false } = options
    this.#isTimeUp = isTimeUp
    this.#client = client
    this.#pairs = contract.pairs ?? {}
    this.#counted = contract.counted ?? []
    this.#most = this.#counted.length === 0 ? Infinity : calls
    this.#mostStates = mostStates
    const memory = new MemoryValue(client.memory())
    const regions = new Regions()
    for (const buffer of memory.buffers) regions.baseOf(buffer)
    const actors = Array.from({ length: threads }, (_, index) => {
      const rehearsal = new Rehearsal(index, nameOf(index), regions, memory.fresh, client.operations, clientCalls)
      return new LocalStates(rehearsal, methods)
    })
    if (typeof client.model?.step !== 'function') throw new Refusal('its client has no model')
    this.#machine = new Machine(actors, [...new Set(memory.buffers)])
    this.#calls = callsOf(client as never)
    this.#whole = new WholeCalls(this.#machine)
  }

  run(): Proof {
    try {
      // What calls can return is found on the way. The model must know it from the start.
      for (;;) {
        this.#isNewOutput = false
        const proof = this.#search()
        if (this.#isNewOutput) continue
        if (proof.kind === 'proved') for (const states of this.#machine.threads) compareWalks(states)
        return proof
      }
    } finally {
      this.#machine.restore()
    }
  }

  #search(): Proof {
    const client = this.#client
    const { threads } = this.#machine
    this.#nodes.clear()
    this.#explained = new ExplainedCalls(
      client.model,
      client.parts ?? {},
      threads.length,
      ({ text }) => this.#outputs.get(text) ?? [],
    )
    const left = threads.map(() => this.#most)
    const first: Node = {
      state: this.#machine.initial,
      whole: this.#whole.initial,
      explained: this.#explained.initial,
      left,
      taken: threads.map(() => false),
      before: undefined,
      what: '',
      from: [],
      returns: true,
    }
    this.#nodes.set(this.#keyOf(first), first)
    let visited = 0
    for (const node of this.#nodes.values()) {
      if (visited++ % 64 === 0 && this.#isTimeUp()) return { kind: 'unknown', message: 'it was not proved in time' }
      // There may be no end of states where calls no longer return.
      if (isAllAsleep(node.state)) {
        const hanging = this.#hangingAt(node)
        if (hanging !== undefined) return hanging
      }
      for (let thread = 0; thread < threads.length; thread++) {
        const refuted = canStep(node.state, thread) ? this.#step(node, thread) : this.#begin(node, thread)
        if (this.#isNewOutput) return { kind: 'unknown', message: '' }
        if (refuted !== undefined) return refuted
      }
      if (this.#nodes.size > this.#mostStates)
        return { kind: 'unknown', message: `it has more than ${this.#mostStates.toLocaleString('en-US')} states` }
    }
    return this.#hanging() ?? { kind: 'proved', states: this.#nodes.size }
  }

  #step(node: Node, thread: number): Proof | undefined {
    const what = `${nameOf(thread)}: ${describeAccess(node.state.threads[thread]!.access!)}`
    return this.#go(node, node, thread, this.#machine.step(node.state, thread), what)
  }

  #begin(node: Node, thread: number): Proof | undefined {
    if (node.state.threads[thread]!.access !== undefined) return undefined
    const { blocking = [] } = this.#client
    for (const call of this.#calls) {
      const pair = this.#pairs[call.f]
      const counts = this.#counted.includes(call.f)
      if (counts && node.left[thread] === 0) continue
      if (pair !== undefined && (pair === 'gives') !== node.taken[thread]) continue
      if (!this.#explained.admits(node.explained, thread, call, blocking.includes(call.f))) continue
      const begun: Node = {
        ...node,
        whole: this.#whole.begin(node.whole, thread, call),
        explained: this.#explained.begin(node.explained, thread, call),
        left: counts ? node.left.with(thread, node.left[thread]! - 1) : node.left,
        taken: pair === undefined ? node.taken : node.taken.with(thread, pair === 'takes'),
      }
      const at = this.#machine.begin(node.state, thread, call)
      // A call that begins as late as it can has the fewest orders. So it begins with its first access.
      const moved = at.output === undefined ? this.#machine.step(at.state, thread) : at
      const first = at.state.threads[thread]!.access
      const what = `${nameOf(thread)} calls ${call.text}${first === undefined ? '' : `: ${describeAccess(first)}`}`
      const refuted = this.#go(undefined, begun, thread, moved, what, node)
      if (refuted !== undefined) return refuted
    }
    return undefined
  }

  /** Goes on to the state that a step has led to; returns how the contract is refuted if it is. `from`: the node of a step of a call. */
  #go(
    from: Node | undefined,
    node: Node,
    thread: number,
    { state, output }: Moved,
    what: string,
    before = node,
  ): Proof | undefined {
    let { whole, explained, taken } = node
    const said = output === undefined ? what : `${what}, and returns${output.text === '' ? '' : ` ${output.text}`}`
    if (output !== undefined) {
      if (from !== undefined) this.#markReturning(from)
      whole = this.#whole.end(whole, thread, output)
      if (whole.all.length === 0) return refuted(before, said, 'no order of whole calls explains what they return')
      if (output.threw) return undefined
      // The call that returns is pending in the states of the model.
      const { text, f } = node.explained.all[0]!.pending[thread]!.call
      this.#noteOutput(text, output)
      if (this.#isNewOutput) return undefined
      if (output.value === false && this.#pairs[f] === 'takes') taken = taken.with(thread, false)
      explained = this.#explained.end(explained, thread, output)
      if (explained.all.length === 0) return refuted(before, said, 'the model does not explain what the calls return')
    }
    const next: Node = { state, whole, explained, left: node.left, taken, before, what: said, from: [], returns: false }
    const key = this.#keyOf(next)
    const known = this.#nodes.get(key) ?? next
    this.#nodes.set(key, known)
    if (from !== undefined) {
      known.from.push(from)
      if (known.returns && known.state.threads.some(({ access }) => access !== undefined)) this.#markReturning(from)
    }
    return undefined
  }

  #noteOutput(text: string, output: Output): void {
    const known = this.#outputs.get(text) ?? []
    if (known.some((each) => each.text === output.text)) return
    this.#outputs.set(text, [...known, output])
    this.#isNewOutput = true
  }

  #markReturning(node: Node): void {
    const left = [node]
    for (let each = left.pop(); each !== undefined; each = left.pop()) {
      if (each.returns) continue
      each.returns = true
      left.push(...each.from)
    }
  }

  /** Returns a state in which calls have begun and none can ever return, if whole calls could not come to that. */
  #hanging(): Proof | undefined {
    for (const node of this.#nodes.values()) {
      const found = node.returns || isIdle(node.state) ? undefined : this.#hangingAt(node)
      if (found !== undefined) return found
    }
    return undefined
  }

  #hangingAt({ whole, explained, before, what }: Node): Proof | undefined {
    if (!this.#whole.canHang(whole))
      return refuted(before!, what, 'no call can return any more, and a whole call could')
    if (!this.#explained.canHang(explained))
      return refuted(before!, what, 'no call can return any more, and the model lets one')
    return undefined
  }

  #keyOf({ state, whole, explained, left, taken }: Node): string {
    return `${whole.id} ${explained.id} ${left.join()} ${taken.join()} ${keyOf(state)}`
  }
}

/** Whether no call has begun that has not returned. */
function isIdle({ threads }: State): boolean {
  return threads.every(({ access }) => access === undefined)
}

/** Whether calls have begun, and all of them sleep. */
function isAllAsleep(state: State): boolean {
  return !isIdle(state) && !state.threads.some((_, thread) => canStep(state, thread))
}

function refuted(before: Node, last: string, message: string): Proof {
  const schedule = [last]
  for (let node: Node | undefined = before; node?.before !== undefined; node = node.before) schedule.unshift(node.what)
  return { kind: 'refuted', message, schedule }
}
