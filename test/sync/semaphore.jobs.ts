/** The jobs of threads with a semaphore. It is at word 0, except in episodes. */
import { Semaphore } from '../../src/sync/semaphore.ts'
import { serve } from '../threads.ts'
import { LONG, ROUNDS, SHORT, addSlowly, episodes, linger, raise } from './contention.ts'

export const COUNTER = 8
export const INSIDE = 9
export const MOST = 10

const jobs = {
  /** With a single permit, the semaphore is a mutual exclusion. */
  add(words: Int32Array): void {
    const semaphore = new Semaphore(words, 0, 1)
    for (let round = 0; round < ROUNDS; round++) {
      semaphore.acquire()
      addSlowly(words, COUNTER)
      semaphore.release()
    }
  },

  /** Acquires one of three permits, in every form. MOST is the greatest number of threads that were inside at once. */
  enterThree(words: Int32Array, thread: number): void {
    const semaphore = new Semaphore(words, 0, 3)
    const forms = [
      () => semaphore.acquire(),
      () => {
        while (!semaphore.tryAcquireFor(SHORT));
      },
      () => semaphore.tryAcquireFor(Infinity),
    ]
    for (let round = 0; round < ROUNDS / 2; round++) {
      forms[(round + thread) % forms.length]!()
      raise(words, MOST, Atomics.add(words, INSIDE, 1) + 1)
      linger(words, 20)
      Atomics.sub(words, INSIDE, 1)
      semaphore.release()
    }
  },

  enterOneInEpisodes(words: Int32Array, _thread: number, count: number): void {
    episodes(words, count, Semaphore.WORDS, (at) => {
      const semaphore = new Semaphore(words, at, 1)
      semaphore.acquire()
      linger(words, 500)
      semaphore.release()
    })
  },

  /**
   * Thread 0 acquires both permits if it can and releases them in one step. The others acquire one each; every second thread gives up
   * after a short time.
   */
  enterTwoInEpisodes(words: Int32Array, thread: number, count: number): void {
    episodes(words, count, Semaphore.WORDS, (at) => {
      const semaphore = new Semaphore(words, at, 2)
      if (thread % 2 === 0) semaphore.acquire()
      else if (!semaphore.tryAcquireFor(SHORT)) return
      const both = thread === 0 && semaphore.tryAcquire()
      linger(words, 500)
      semaphore.release(both ? 2 : 1)
    })
  },

  /** Acquires one of `count` permits and keeps it. */
  takeOne(words: Int32Array, _thread: number, count: number): void {
    new Semaphore(words, 0, count).acquire()
  },

  takeWithinLimit(words: Int32Array): boolean {
    return new Semaphore(words, 0, 1).tryAcquireFor(LONG)
  },
}

export type Jobs = typeof jobs
serve(jobs)
