/**
 * Linearizability, as M. Herlihy and J. Wing define it (TOPLAS 1990): the operations of a history can be put in one
 * order in which each takes effect between its call and its return, and in which the model gives the same answers.
 *
 * The search is that of J. Wing and C. Gong, "Testing and Verifying Concurrent Objects" (JPDC 1993), over a linked list
 * of calls and returns. It does not search twice from the same operations done and the same state, as G. Lowe, "Testing
 * for Linearizability" (CCPE 2017), has it. It is a loop, not a recursion, so a long history does not overflow the
 * stack.
 *
 * An operation that never returned need not be placed: it may not have taken effect. So it is placed only where no other
 * can be, and not where it would change nothing.
 */
import type { Operation } from './history.ts'
import type { Model } from './model.ts'

/** What a search has found. */
export type Found<State> =
  /** `state`: the state of the model after the operations in this order. */
  | { readonly verdict: 'linearizable'; readonly order: readonly Operation[]; readonly state: State }
  /** `reached`: the operation whose return no order of the others gets past. Each earlier return has an order. */
  | { readonly verdict: 'not-linearizable'; readonly reached: Operation }
  | { readonly verdict: 'unknown'; readonly stopped: string }

/** Returns why to give up; undefined to go on. Called often, with the number of positions that the search remembers. */
export type GiveUp = (remembered: number) => string | undefined

/** How many steps the search takes between two calls of `giveUp`. */
const STEPS_A_LOOK = 1024

/** An operation that is placed, and how to go on if its place is wrong. */
interface Placed<State> {
  readonly index: number
  readonly before: State
  /** The other states that the operation may lead to. */
  readonly rest: readonly State[]
  /** The return that stood before it; 0 for an operation that has returned. */
  readonly wall: number
}

/** Searches for an order of the operations. */
export function search<State>(operations: readonly Operation[], model: Model<State>, giveUp: GiveUp): Found<State> {
  const events = new Events(operations)
  const seen = new Positions(operations, model)
  const placed: Placed<State>[] = []
  let state = model.init()
  let furthest = 0
  let event = events.first
  // The first return in the list, once the search has come to it. No operation that was called later can be next.
  let wall = 0
  for (let steps = 1; events.returnsLeft > 0; steps++) {
    if (steps % STEPS_A_LOOK === 0) {
      const stopped = giveUp(seen.size)
      if (stopped !== undefined) return { verdict: 'unknown', stopped }
    }
    if (wall === 0 && !events.isCall(event)) {
      wall = event
      furthest = Math.max(furthest, wall)
      event = events.firstOpen
    }
    let index: number
    let choices: readonly State[]
    if (wall === 0 || event < wall) {
      index = events.operationAt(event)
      choices = model.step(state, operations[index]!)
      if (wall !== 0) choices = choices.filter((choice) => !model.equal(choice, state))
    } else {
      const last = placed.pop()
      if (last === undefined) return { verdict: 'not-linearizable', reached: operations[events.operationAt(furthest)]! }
      ;({ index, before: state, rest: choices, wall } = last)
      seen.remove(index)
      events.putBack(index)
    }
    const choice = seen.place(index, choices)
    if (choice < 0) {
      event = events.after(events.callOf(index))
      continue
    }
    placed.push({ index, before: state, rest: choices.slice(choice + 1), wall })
    state = choices[choice]!
    events.takeOut(index)
    event = events.first
    wall = 0
  }
  return { verdict: 'linearizable', order: placed.map(({ index }) => operations[index]!), state }
}

/**
 * The calls and returns of a history, numbered from 1 in the order of their times, in two linked lists: one of the
 * operations that have returned, and one of the calls of the others.
 */
class Events {
  /** How many operations that have returned are in the list. */
  returnsLeft = 0
  readonly #next: Int32Array
  readonly #previous: Int32Array
  readonly #operation: Int32Array
  readonly #call: Int32Array
  readonly #return: Int32Array
  /** What stands before the first event of each list. A list ends with a number above that of any event. */
  readonly #head = 0
  readonly #openHead: number

  constructor(operations: readonly Operation[]) {
    const calls = operations.map(({ called }, index) => ({ index, at: called, returns: false }))
    const returns = operations.flatMap((operation, index) =>
      isOpen(operation) ? [] : [{ index, at: operation.returned, returns: true }],
    )
    // At equal times a call comes first: then the two operations overlap, and neither must come before the other.
    const sorted = [...calls, ...returns].sort(
      (one, other) => one.at - other.at || Number(one.returns) - Number(other.returns),
    )
    this.returnsLeft = returns.length
    this.#openHead = sorted.length + 1
    this.#next = new Int32Array(sorted.length + 3)
    this.#previous = new Int32Array(sorted.length + 3)
    this.#operation = new Int32Array(sorted.length + 1)
    this.#call = new Int32Array(operations.length)
    this.#return = new Int32Array(operations.length)
    let [last, lastOpen] = [this.#head, this.#openHead]
    for (const [at, { index, returns: isReturn }] of sorted.entries()) {
      const event = at + 1
      this.#operation[event] = index
      ;(isReturn ? this.#return : this.#call)[index] = event
      if (isOpen(operations[index]!)) lastOpen = this.#append(lastOpen, event)
      else last = this.#append(last, event)
    }
    const end = sorted.length + 2
    this.#append(last, end)
    this.#append(lastOpen, end)
  }

  get first(): number {
    return this.after(this.#head)
  }

  /** The first call of the operations that never returned. */
  get firstOpen(): number {
    return this.after(this.#openHead)
  }

  after(event: number): number {
    return this.#next[event]!
  }

  operationAt(event: number): number {
    return this.#operation[event]!
  }

  callOf(index: number): number {
    return this.#call[index]!
  }

  isCall(event: number): boolean {
    return this.#call[this.#operation[event]!] === event
  }

  /** Takes the call and the return of an operation out of its list. */
  takeOut(index: number): void {
    this.#unlink(this.#call[index]!)
    if (this.#return[index] === 0) return
    this.#unlink(this.#return[index]!)
    this.returnsLeft--
  }

  /** Puts the operation back that was taken out last. */
  putBack(index: number): void {
    if (this.#return[index] !== 0) {
      this.#link(this.#return[index]!)
      this.returnsLeft++
    }
    this.#link(this.#call[index]!)
  }

  #append(last: number, event: number): number {
    this.#next[last] = event
    this.#previous[event] = last
    return event
  }

  #unlink(event: number): void {
    const [previous, next] = [this.#previous[event]!, this.#next[event]!]
    this.#next[previous] = next
    this.#previous[next] = previous
  }

  #link(event: number): void {
    this.#next[this.#previous[event]!] = event
    this.#previous[this.#next[event]!] = event
  }
}

/** Whether an operation never returned. */
export function isOpen({ returned, unknown = false }: Operation): boolean {
  return unknown || returned === Infinity
}

/**
 * The positions that the search has come to: which operations are placed, and the state after them. The operations of
 * one process are placed in their order, so a number for each process tells which are placed. An operation that never
 * returned counts apart: it may be placed later than those after it.
 */
class Positions<State> {
  size = 0
  readonly #model: Model<State>
  /** For each operation, where its count is. */
  readonly #lanes: readonly number[]
  readonly #counts: Uint32Array
  /** The same memory, for a text key. */
  readonly #units: Uint16Array
  readonly #seen = new Map<string, State[]>()

  constructor(operations: readonly Operation[], model: Model<State>) {
    this.#model = model
    const lanes = new Map<unknown, number>()
    this.#lanes = operations.map((operation) => {
      const key = isOpen(operation) ? operation : operation.process
      const lane = lanes.get(key) ?? lanes.size
      lanes.set(key, lane)
      return lane
    })
    this.#counts = new Uint32Array(lanes.size)
    this.#units = new Uint16Array(this.#counts.buffer)
  }

  /**
   * Places an operation, and returns which of the states after it is a new position there: its index; -1 if there is
   * none, and then places nothing.
   */
  place(index: number, states: readonly State[]): number {
    if (states.length === 0) return -1
    this.#counts[this.#lanes[index]!]! += 1
    const key = String.fromCharCode(...this.#units)
    let known = this.#seen.get(key)
    if (known === undefined) this.#seen.set(key, (known = []))
    const choice = states.findIndex((state) => !known.some((other) => this.#model.equal(state, other)))
    if (choice < 0) {
      this.remove(index)
      return -1
    }
    known.push(states[choice]!)
    this.size++
    return choice
  }

  remove(index: number): void {
    this.#counts[this.#lanes[index]!]! -= 1
  }
}
