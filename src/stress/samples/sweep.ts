/**
 * The thread's side: runs one actor through the instances, round by round. Between two rounds the thread goes back to its event
 * loop, so that what the actor prints is passed on.
 */
import type { MessagePort } from 'node:worker_threads'
import { SampleGate } from './gate.ts'
import { PROGRESS_STRIDE, STANDING } from './messages.ts'
import type { Answer, Order, Standing, ThreadTask, Throw } from './messages.ts'
import type { Round } from './pace.ts'

/** What a thread needs beside its task. */
export interface SweepOptions {
  readonly task: ThreadTask
  readonly act: (memory: unknown) => unknown
  /** Returns a function that returns the memory for one run of the actor: shared memory is shared, all else is copied. */
  readonly copier: (memory: unknown) => () => unknown
  /** Returns what was thrown, as text. */
  readonly textOf: (thrown: unknown) => string
  /** Returns the lines of a stack that belong to the scenario, the innermost first. Default: the present stack. */
  readonly linesOf: (stack?: string) => string[]
  /** Returns the clocks and random numbers that were used so far. */
  readonly outside: () => readonly string[]
}

/** Where the actor is. They are variables of the module because a write to one costs nothing. */
let sample = 0
let inside = false
let asleep: Standing['asleep'] = 'no'

/** Whether an actor runs on this thread now. */
export function isInside(): boolean {
  return inside
}

const { wait } = Atomics

function notingWait(this: unknown, ...args: Parameters<typeof wait>): ReturnType<typeof wait> {
  const timeout = Number(args[3])
  asleep = Number.isNaN(timeout) || timeout === Infinity ? 'forever' : 'for a time'
  try {
    return Reflect.apply(wait, this, args)
  } finally {
    asleep = 'no'
  }
}

/** Replaces Atomics.wait by a function that also notes that the thread sleeps. Call it before the scenario is loaded. */
export function noteSleeps(): void {
  Reflect.set(Atomics, 'wait', notingWait)
}

/** Carries out the orders that come through the port. */
export function serveSweeps(port: MessagePort, options: SweepOptions): void {
  const { task, copier, outside } = options
  const sweeper = new Sweeper(options)
  const memories: (() => unknown)[] = []
  const answer = (answered: Answer): void => port.postMessage(answered)
  port.on('message', (order: Order) => {
    if (order.kind === 'instances') {
      for (const memory of order.memories) memories.push(copier(memory))
      return
    }
    const swept = sweeper.sweep(memories, order.round)
    try {
      answer({ kind: 'swept', ...swept, outside: outside() })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      answer({
        kind: 'unsendable',
        message: `${task.actor} returned what cannot be sent to another thread: ${why.replace(/\.*$/, '.')}`,
      })
    }
  })
  answer({ kind: 'ready' })
}

/** For this many different texts the lines are found out. */
const MOST_TEXTS = 50

class Sweeper {
  readonly #options: SweepOptions
  readonly #gate: SampleGate
  /** The state of the random waits: a xorshift generator of 32 bits. Each thread begins elsewhere. */
  #random: number
  #throws: Throw[] = []
  /** The texts of what the actor has thrown so far. */
  readonly #texts = new Set<string>()

  constructor(options: SweepOptions) {
    const { index, gate, threads, spins } = options.task
    this.#options = options
    this.#gate = new SampleGate(gate, threads, spins)
    this.#random = 0x9e3779b9 ^ ((index + 1) * 0x85ebca6b)
    Reflect.set(globalThis, Symbol.for(STANDING), () => JSON.stringify(this.#standing()))
  }

  /** Runs the actor once in each of the first `round.count` memories. */
  sweep(
    memories: readonly (() => unknown)[],
    { count, spacing, delay }: Round,
  ): { readonly results: unknown[]; readonly throws: readonly Throw[]; readonly ms: number } {
    const { act, task } = this.#options
    const { progress } = task
    const at = task.index * PROGRESS_STRIDE
    const results: unknown[] = Array.from({ length: count })
    const gate = this.#gate
    this.#throws = []
    let random = this.#random
    let began = 0
    const every = spacing === 0 ? count : spacing
    for (let index = 0; index < count; index++) {
      const memory = (memories[index] as () => unknown)()
      sample = index
      if (index % every === 0 && !gate.pass(index / every + 1)) {
        results.length = index
        break
      }
      if (index === 0) began = performance.now()
      // Not atomic: the main thread only looks whether it changes.
      progress[at] = index
      random ^= random << 13
      random ^= random >>> 17
      random ^= random << 5
      linger(random & (delay - 1))
      inside = true
      try {
        results[index] = act(memory)
      } catch (thrown) {
        this.#caught(index, thrown)
      }
      inside = false
    }
    this.#random = random
    return { results, throws: this.#throws, ms: performance.now() - began }
  }

  #caught(index: number, thrown: unknown): void {
    const { textOf, linesOf } = this.#options
    const text = textOf(thrown)
    // The report has the lines of the first throw of each text. To read a stack takes far longer than a sample.
    const isNew = this.#texts.size < MOST_TEXTS && !this.#texts.has(text)
    if (isNew) this.#texts.add(text)
    this.#throws.push({ sample: index, text, at: isNew && thrown instanceof Error ? linesOf(thrown.stack) : [] })
  }

  #standing(): Standing {
    const { task, linesOf } = this.#options
    return { index: task.index, sample, inside, asleep, at: inside ? linesOf() : [], throws: this.#throws }
  }
}

let lingered = 0

/** Takes about a nanosecond a turn. The sum stays a small integer: a greater number would be allocated in each turn. */
function linger(turns: number): void {
  for (let turn = turns; turn > 0; turn--) lingered = (lingered + turn) | 0
}
