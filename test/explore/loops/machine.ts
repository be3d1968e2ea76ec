/**
 * The states of a program, and the steps between them. A state is one array of numbers: the memory, the order of the
 * sleepers, and the next instruction and variables of each actor. A step is one access and the computation up to the
 * next one.
 *
 *   memory                  one number for each word
 *   for each actor          the index of its next access; 0, or its position in its queue; its slots
 *
 * An actor that has ended keeps only its results, so that equal ends are equal states.
 */
import { SCRATCH } from './compile.ts'
import type { Code, CompiledAccess, Instruction, Source } from './compile.ts'
import { COUNTED } from './program.ts'
import type { Comparison } from './program.ts'

export type State = readonly number[]

export interface Move {
  readonly state: State
  readonly changesMemory: boolean
  /** Whether it is a notify that found a sleeper. */
  readonly wakes: boolean
}

/** The offsets of an actor's numbers in its part of the state. */
const PLACE = 0
const RANK = 1
const SLOTS = 2

/** A loop without an access would never end. The generator makes none. */
const MOST_INSTRUCTIONS = 10_000

export class Machine {
  readonly #codes: readonly Code[]
  readonly #words: number
  readonly #bases: readonly number[]

  constructor(words: number, codes: readonly Code[]) {
    this.#codes = codes
    this.#words = words
    let base = words
    this.#bases = codes.map(({ slots }) => {
      const own = base
      base += SLOTS + slots
      return own
    })
  }

  start(memory: readonly number[]): State {
    const slots = this.#codes.flatMap((code) => Array.from({ length: SLOTS + code.slots }, () => 0))
    const state = [...memory, ...slots]
    for (const actor of this.#codes.keys()) this.#compute(state, actor, 0)
    return state
  }

  /** Returns all possible next steps: one of each actor that can take one. */
  moves(state: State): Move[] {
    const moves: Move[] = []
    for (const actor of this.#codes.keys()) {
      const move = this.#move(state, actor)
      if (move !== undefined) moves.push(move)
    }
    return moves
  }

  ended(state: State): boolean {
    return this.#codes.every((_, actor) => this.#pendingAccess(state, actor) === undefined)
  }

  memory(state: State): readonly number[] {
    return state.slice(0, this.#words)
  }

  results(state: State, actor: number): readonly number[] {
    const slots = this.#bases[actor]! + SLOTS
    return this.#codes[actor]!.results.map((slot) => state[slots + slot]!)
  }

  #move(before: State, actor: number): Move | undefined {
    const pending = this.#pendingAccess(before, actor)
    if (pending === undefined) return undefined
    const { access } = pending
    const state = [...before]
    if (this.#rank(state, actor) > 0) {
      if (!access.timed) return undefined
      this.#leaveQueue(state, actor)
      this.#finish(state, actor, 1)
      return { state, changesMemory: false, wakes: false }
    }
    if (access.op === 'wait') return this.#wait(state, actor, access)
    if (access.op === 'notify') return this.#notify(state, actor, access)
    const { word } = access
    const old = state[word]!
    const value = this.#touch(state, actor, access, old)
    const changesMemory = state[word] !== old
    this.#finish(state, actor, value)
    return { state, changesMemory, wakes: false }
  }

  /** Carries out an access to memory, and returns its result. */
  #touch(state: number[], actor: number, access: CompiledAccess, old: number): number {
    const { op, word } = access
    const value = this.#valueOf(state, actor, access.value)
    switch (op) {
      case 'load':
      case 'read':
        return old
      case 'store':
      case 'write':
        state[word] = value | 0
        return value
      case 'add':
        state[word] = (old + value) | 0
        return old
      case 'or':
        state[word] = old | value
        return old
      case 'xor':
        state[word] = old ^ value
        return old
      case 'exchange':
        state[word] = value | 0
        return old
      default:
        if (old === (this.#valueOf(state, actor, access.expected) | 0)) state[word] = value | 0
        return old
    }
  }

  #wait(state: number[], actor: number, access: CompiledAccess): Move {
    const { word } = access
    if (state[word] === (this.#valueOf(state, actor, access.expected) | 0)) {
      const rank = 1 + this.#sleepersOn(state, word).length
      state[this.#bases[actor]! + RANK] = rank
    } else this.#finish(state, actor, 0)
    return { state, changesMemory: false, wakes: false }
  }

  #notify(state: number[], actor: number, { word, count }: CompiledAccess): Move {
    const woken = this.#sleepersOn(state, word).slice(0, count)
    for (const sleeper of woken) {
      const { timed } = (this.#pendingAccess(state, sleeper) as { access: CompiledAccess }).access
      this.#leaveQueue(state, sleeper)
      this.#finish(state, sleeper, timed ? 0 : 1)
    }
    this.#finish(state, actor, woken.length)
    return { state, changesMemory: false, wakes: woken.length > 0 }
  }

  /** Returns the sleepers on a word, the first to come first. */
  #sleepersOn(state: State, word: number): number[] {
    const sleepers = [...this.#codes.keys()].filter(
      (actor) => this.#rank(state, actor) > 0 && this.#pendingAccess(state, actor)?.access.word === word,
    )
    return sleepers.sort((one, other) => this.#rank(state, one) - this.#rank(state, other))
  }

  #leaveQueue(state: number[], actor: number): void {
    const { word } = (this.#pendingAccess(state, actor) as { access: CompiledAccess }).access
    const left = this.#rank(state, actor)
    for (const other of this.#sleepersOn(state, word)) {
      if (this.#rank(state, other) > left) state[this.#bases[other]! + RANK] = this.#rank(state, other) - 1
    }
    state[this.#bases[actor]! + RANK] = 0
  }

  #rank(state: State, actor: number): number {
    return state[this.#bases[actor]! + RANK]!
  }

  #pendingAccess(state: State, actor: number): (Instruction & { readonly op: 'access' }) | undefined {
    const place = state[this.#bases[actor]! + PLACE]!
    const instruction = this.#codes[actor]!.instructions[place]!
    return instruction.op === 'access' ? instruction : undefined
  }

  /** Gives the actor the value of its access, and executes its code up to the next one. */
  #finish(state: number[], actor: number, value: number): void {
    const base = this.#bases[actor]!
    const { into } = this.#pendingAccess(state, actor) as { into: number }
    state[base + SLOTS + into] = value
    this.#compute(state, actor, state[base + PLACE]! + 1)
  }

  /** Executes an actor's code from the instruction `place` on, up to its next access or its end. */
  #compute(state: number[], actor: number, place: number): void {
    const { instructions, results, slots } = this.#codes[actor]!
    const base = this.#bases[actor]!
    const first = base + SLOTS
    let at = place
    for (let count = 0; count < MOST_INSTRUCTIONS; count++) {
      const instruction = instructions[at]!
      if (instruction.op === 'access' || instruction.op === 'end') {
        state[base + PLACE] = at
        state[first + SCRATCH] = 0
        if (instruction.op === 'access') return
        for (let slot = 0; slot < slots; slot++) if (!results.includes(slot)) state[first + slot] = 0
        return
      }
      at = this.#computeOne(state, actor, instruction, at)
    }
    throw new Error('a loop of the program accesses no memory')
  }

  /** Executes one instruction that is not an access, and returns the index of the next one. */
  #computeOne(state: number[], actor: number, instruction: Instruction, at: number): number {
    const first = this.#bases[actor]! + SLOTS
    switch (instruction.op) {
      case 'jump':
        return instruction.target
      case 'set':
        state[first + instruction.slot] = this.#valueOf(state, actor, instruction.value)
        return at + 1
      case 'count':
        state[first + instruction.slot] = Math.min(COUNTED, state[first + instruction.slot]! + 1)
        return at + 1
      case 'unless': {
        const left = state[first + instruction.slot]!
        return compares(left, instruction.is, this.#valueOf(state, actor, instruction.value))
          ? at + 1
          : instruction.target
      }
      default:
        return at
    }
  }

  #valueOf(state: State, actor: number, source: Source): number {
    if ('constant' in source) return source.constant
    return state[this.#bases[actor]! + SLOTS + source.slot]! + source.plus
  }
}

function compares(left: number, is: Comparison, right: number): boolean {
  if (is === '===') return left === right
  return is === '!==' ? left !== right : left < right
}
