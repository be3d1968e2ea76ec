/** What threads do with a semaphore. It is at word 0 unless they live in episodes. */
import { Semaphore } from '../../src/sync/semaphore.ts'
import { serve } from '../threads.ts'
import { LONG, ROUNDS, SHORT, addSlowly, episodes, linger, raise } from './contention.ts'

export const COUNTER = 8
export const INSIDE = 9
export const MOST = 10

const jobs = {
  /** With a single permit, it excludes. */
  add(words: Int32Array): void {
    const semaphore = new Semaphore(words, 0, 1)
    for (let round = 0; round < ROUNDS; round++) {
      semaphore.acquire()
      addSlowly(words, COUNTER)
      semaphore.release()
    }
  },

  /** With three permits, which every form of acquiring takes; MOST is how many were ever inside. */
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

  /** Thread 0 takes both permits and gives them back at once; the others take one each, every other for a short time only. */
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

  /** Takes one of so many permits for good. */
  takeOne(words: Int32Array, _thread: number, count: number): void {
    new Semaphore(words, 0, count).acquire()
  },

  takeWithinLimit(words: Int32Array): boolean {
    return new Semaphore(words, 0, 1).tryAcquireFor(LONG)
  },
}

export type Jobs = typeof jobs
serve(jobs)
