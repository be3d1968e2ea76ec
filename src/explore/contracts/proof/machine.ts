/**
 * The states of all threads together, and what a step does to them. A state is the bytes of the shared memory, the sleepers in their
 * order, and the local state of each thread. No code runs here, but for what leads to a local state for the first time.
 */
import { isAtomic, isEvent, Kind } from '../../model/access.ts'
import { NativeUint8Array } from '../../model/native.ts'
import { elementOf, perform } from '../../model/perform.ts'
import { Refusal } from '../../model/refusal.ts'
import type { Call } from '../../clients/calls.ts'
import type { LocalState, LocalStates, Transition } from './local-states.ts'
import type { Output } from './rehearsal.ts'

/** A thread that sleeps, and the address at which it does. */
type Sleeper = readonly [thread: number, at: number]

export interface State {
  readonly bytes: string
  /** The sleepers of all locations: those of one location in the order in which they fell asleep. */
  readonly sleepers: readonly Sleeper[]
  readonly threads: readonly LocalState[]
}

/** What a step led to. `output` is set if the thread's call has ended. */
export interface Moved {
  readonly state: State
  readonly output: Output | undefined
}

export class Machine {
  readonly threads: readonly LocalStates[]
  readonly #memory: readonly Uint8Array[]
  readonly #initial: string

  constructor(threads: readonly LocalStates[], buffers: readonly SharedArrayBuffer[]) {
    this.threads = threads
    this.#memory = buffers.map((buffer) => new NativeUint8Array(buffer))
    this.#initial = this.#read()
  }

  get initial(): State {
    return { bytes: this.#initial, sleepers: [], threads: this.threads.map(({ first }) => first) }
  }

  /** Puts the memory back as it was. */
  restore(): void {
    this.#write(this.#initial)
  }

  /** Begins a call of a thread that is between two calls. */
  begin(state: State, thread: number, call: Call): Moved {
    return this.#moved(
      state,
      thread,
      this.threads[thread]!.begin(state.threads[thread]!, call),
      state.bytes,
      state.sleepers,
    )
  }

  /** Takes the step to which a thread has come. It must be in a call, and awake. */
  step(state: State, thread: number): Moved {
    const { kind, view, index, at, first, second, timeout, count } = state.threads[thread]!.access!
    if (isEvent(kind)) throw new Refusal('its client makes calls of operations')
    // A program without data races is sequentially consistent. Whether these would race, the search does not see.
    if (!isAtomic(kind)) throw new Refusal('a call makes a plain access, and a proof does not look for data races')
    this.#write(state.bytes)
    if (kind === Kind.WAIT) {
      if (elementOf(view, index) !== first) return this.#answered(state, thread, 'not-equal')
      if (timeout !== Infinity) throw new Refusal('a call sleeps with a timeout, which a proof cannot follow')
      return { state: { ...state, sleepers: [...state.sleepers, [thread, at]] }, output: undefined }
    }
    if (kind !== Kind.NOTIFY) return this.#answered(state, thread, perform(kind, view, index, first, second))
    const woken = state.sleepers.filter((sleeper) => sleeper[1] === at).slice(0, count)
    const sleepers = state.sleepers.filter((sleeper) => !woken.includes(sleeper))
    let after: State = { ...state, sleepers }
    for (const [other] of woken) after = this.#answered(after, other, 'ok').state
    return this.#answered(after, thread, woken.length)
  }

  #answered(state: State, thread: number, result: unknown): Moved {
    const transition = this.threads[thread]!.answer(state.threads[thread]!, result)
    return this.#moved(state, thread, transition, this.#read(), state.sleepers)
  }

  #moved(state: State, thread: number, { to, output }: Transition, bytes: string, sleepers: readonly Sleeper[]): Moved {
    return { state: { bytes, sleepers, threads: state.threads.with(thread, to) }, output }
  }

  #read(): string {
    let text = ''
    for (const bytes of this.#memory) for (let at = 0; at < bytes.length; at++) text += String.fromCharCode(bytes[at]!)
    return text
  }

  #write(text: string): void {
    let at = 0
    for (const bytes of this.#memory)
      for (let index = 0; index < bytes.length; index++) bytes[index] = text.charCodeAt(at++)
  }
}

export function isAsleep({ sleepers }: State, thread: number): boolean {
  return sleepers.some(([sleeper]) => sleeper === thread)
}

/** Whether a thread can take a step of a call. */
export function canStep(state: State, thread: number): boolean {
  return state.threads[thread]!.access !== undefined && !isAsleep(state, thread)
}

export function keyOf({ bytes, sleepers, threads }: State): string {
  return `${threads.map(({ id }) => id).join()};${sleepers.join(';')};${bytes}`
}
