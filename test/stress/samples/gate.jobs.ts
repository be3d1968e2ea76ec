/** What the threads of gate.test.ts do. */
import { SampleGate } from '../../../src/stress/samples/gate.ts'
import { serve } from '../../threads.ts'

/** The words of the gate come first, then one word for each thread, and one for the check. */
const GATE = 160
const TURNS = 100

function passAll(words: Int32Array, thread: number, count: number, spins: number): number {
  const gate = new SampleGate(words.subarray(0, GATE), count, spins)
  let early = 0
  for (let turn = 1; turn <= TURNS; turn++) {
    Atomics.store(words, GATE + thread, turn)
    if (!gate.pass(turn)) return -1
    for (let other = 0; other < count; other++) if (Atomics.load(words, GATE + other) < turn) early++
  }
  return early
}

export const jobs = {
  /** Returns how often the thread passed a turn before another thread had come to it. */
  spinning: (words: Int32Array, thread: number, count: number): number => passAll(words, thread, count, 2000),
  sleeping: (words: Int32Array, thread: number, count: number): number => passAll(words, thread, count, 0),
  /** Passes turns until the round ends, and returns the turn at which it did. */
  untilEnd(words: Int32Array, thread: number, count: number): number {
    const gate = new SampleGate(words.subarray(0, GATE), count, 100)
    for (let turn = 1; ; turn++) {
      if (thread === 0 && turn === 50) gate.end()
      if (!gate.pass(turn)) return turn
    }
  },
}

serve(jobs)
