/** The jobs of threads that wait for each other, at a barrier or at a start gate, both at word 0. */
import { Barrier } from '../../src/sync/barrier.ts'
import { StartGate } from '../../src/sync/start-gate.ts'
import { serve } from '../threads.ts'
import { EPISODES, LONG, episodes } from './contention.ts'

/** The first of the words that say, for each thread, in which round it is. */
export const ROUND_OF = 8
export const COMING = 8

const jobs = {
  /** Returns how often this thread arrived last, or −1 if it saw another thread a round behind or two rounds ahead. */
  goRounds(words: Int32Array, thread: number, count: number): number {
    const barrier = new Barrier(words, 0, count)
    let last = 0
    for (let round = 1; round <= EPISODES; round++) {
      Atomics.store(words, ROUND_OF + thread, round)
      if (barrier.arriveAndWait()) last++
      for (let other = 0; other < count; other++) {
        const theirs = Atomics.load(words, ROUND_OF + other)
        if (theirs < round || theirs > round + 1) return -1
      }
    }
    return last
  },

  /** Goes through the rounds with a time limit. Returns whether all threads arrived in every round. */
  goRoundsWithinLimit(words: Int32Array, thread: number, count: number): boolean {
    const barrier = new Barrier(words, 0, count)
    for (let round = 1; round <= EPISODES; round++) {
      Atomics.store(words, ROUND_OF + thread, round)
      if (!barrier.arriveAndWaitFor(LONG)) return false
      for (let other = 0; other < count; other++) if (Atomics.load(words, ROUND_OF + other) < round) return false
    }
    return true
  },

  /** Returns how often this thread passed a gate before all threads had arrived. */
  passGates(words: Int32Array, thread: number, count: number): number {
    let early = 0
    episodes(words, count, StartGate.WORDS + 1, (at) => {
      const gate = new StartGate(words, at, count)
      Atomics.add(words, at + StartGate.WORDS, 1)
      const passed = thread % 2 === 0 || gate.arriveFor(LONG)
      if (thread % 2 === 0) gate.arrive()
      if (!passed || Atomics.load(words, at + StartGate.WORDS) < count) early++
    })
    return early
  },

  /** Passes a gate at which the test arrives last, when the threads already sleep. Returns whether the test had arrived. */
  passWhenTestComes(words: Int32Array, _thread: number, count: number): boolean {
    new StartGate(words, 0, count + 1).arrive()
    return Atomics.load(words, COMING) === 1
  },
}

export type Jobs = typeof jobs
serve(jobs)
