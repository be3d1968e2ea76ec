/** What threads do where they wait for each other: at a barrier and at a start gate, both at word 0. */
import { Barrier } from '../../src/sync/barrier.ts'
import { StartGate } from '../../src/sync/start-gate.ts'
import { serve } from '../threads.ts'
import { EPISODES, LONG, episodes } from './contention.ts'

/** From here on a word for each thread. */
export const ROUND_OF = 8
export const COMING = 8

const jobs = {
  /** Says how often it was the last to come, or −1 when it saw another a round behind or two ahead. */
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

  /** The same with a time limit; says whether all came in every round. */
  goRoundsWithinLimit(words: Int32Array, thread: number, count: number): boolean {
    const barrier = new Barrier(words, 0, count)
    for (let round = 1; round <= EPISODES; round++) {
      Atomics.store(words, ROUND_OF + thread, round)
      if (!barrier.arriveAndWaitFor(LONG)) return false
      for (let other = 0; other < count; other++) if (Atomics.load(words, ROUND_OF + other) < round) return false
    }
    return true
  },

  /** Says how often somebody passed before all had come. */
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

  /** The test is the last to come, after the others have stopped spinning; says whether it had. */
  passWhenTestComes(words: Int32Array, _thread: number, count: number): boolean {
    new StartGate(words, 0, count + 1).arrive()
    return Atomics.load(words, COMING) === 1
  },
}

export type Jobs = typeof jobs
serve(jobs)
