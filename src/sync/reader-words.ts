import { currentAgent } from './agent.ts'
import type { Deadline } from './deadline.ts'
import { TooManyReadersError } from './errors.ts'

/** The lowest bit of a word: the agent is inside, or looks whether it may come in. The agent stands above it. */
const READS = 1
const AGENT = 1

/**
 * The words of a robust read-write lock in which each reader says that it is inside: one for each agent that has read. An agent keeps its
 * word until it is dead and recovered.
 */
export class ReaderWords {
  readonly #words: Int32Array
  readonly #first: number
  readonly #room: number

  /** Over the words from index `first`, with room for `room` agents. Words of 0 name no agent. */
  constructor(words: Int32Array, first: number, room: number) {
    this.#words = words
    this.#first = first
    this.#room = room
  }

  /** Returns the index of the word that names the agent, or -1. */
  of(agent: number): number {
    // An agent takes the first free word from its own place on, so the first look finds it unless agents have the same place.
    for (let step = 0; step < this.#room; step++) {
      const word = this.#placed(agent, step)
      if (Atomics.load(this.#words, word) >>> AGENT === agent) return word
    }
    return -1
  }

  /** Returns the index of the calling agent's word. An agent without a word gets one. Throws TooManyReadersError. */
  own(): number {
    const agent = currentAgent()
    const own = this.of(agent)
    if (own !== -1) return own
    for (let step = 0; step < this.#room; step++) {
      const word = this.#placed(agent, step)
      if (Atomics.compareExchange(this.#words, word, 0, agent << AGENT) === 0) return word
    }
    throw new TooManyReadersError(this.#room)
  }

  /** Whether the agent of the word at this index is inside. */
  isInside(word: number): boolean {
    return (Atomics.load(this.#words, word) & READS) !== 0
  }

  /** Says, in the calling agent's word, that it is inside. */
  enter(word: number): void {
    Atomics.store(this.#words, word, (currentAgent() << AGENT) | READS)
  }

  /** Says, in the calling agent's word, that it is not inside. The caller must then wake the writer that may sleep on the word. */
  leave(word: number): void {
    Atomics.store(this.#words, word, currentAgent() << AGENT)
  }

  /** Wakes the writer that waits for the agent of this word. */
  wake(word: number): void {
    Atomics.notify(this.#words, word)
  }

  /** Waits until no reader is inside; returns 0, or a reader that was when the time ran out. Calls `beforeSleep` before it sleeps. */
  waitForAll(deadline: Deadline, beforeSleep: () => void): number {
    for (let word = this.#first; word < this.#first + this.#room; word++) {
      for (let seen = 0; ((seen = Atomics.load(this.#words, word)) & READS) !== 0;) {
        const left = deadline.left()
        if (left === 0) return seen >>> AGENT
        beforeSleep()
        Atomics.wait(this.#words, word, seen, left)
      }
    }
    return 0
  }

  /** Takes a dead agent out, and wakes the writer that waits for it. */
  recover(dead: number): void {
    const word = this.of(dead)
    if (word === -1) return
    const name = dead << AGENT
    Atomics.compareExchange(this.#words, word, name | READS, name)
    // In any case: the dead agent may have left and not woken the writer.
    this.wake(word)
    // Last, so that a recovery that is cut short can be done again. And only while the word names the dead agent: another recovery may have
    // freed it, and a reader have taken it.
    Atomics.compareExchange(this.#words, word, name, 0)
  }

  /** Returns how many readers are inside, or look whether they may come in. */
  count(): number {
    let count = 0
    for (let word = this.#first; word < this.#first + this.#room; word++) if (this.isInside(word)) count++
    return count
  }

  #placed(agent: number, step: number): number {
    return this.#first + ((agent + step) % this.#room)
  }
}
