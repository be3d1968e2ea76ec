/** The jobs of threads with a mutex. It is at word 0, except in episodes, and guards COUNTER. */
import { Mutex } from '../../src/sync/mutex.ts'
import { serve } from '../threads.ts'
import { LONG, ROUNDS, SHORT, addSlowly, episodes, linger } from './contention.ts'

export const COUNTER = 8
export const COMING = 9

const jobs = {
  add(words: Int32Array): void {
    const mutex = new Mutex(words, 0)
    for (let round = 0; round < ROUNDS; round++) {
      mutex.lock()
      addSlowly(words, COUNTER)
      mutex.unlock()
    }
  },

  addWithEveryFormOfLocking(words: Int32Array, thread: number): void {
    const mutex = new Mutex(words, 0)
    const forms = [
      () => mutex.lock(),
      () => {
        while (!mutex.tryLock());
      },
      () => {
        while (!mutex.tryLockFor(SHORT));
      },
      () => mutex.tryLockFor(Infinity),
    ]
    for (let round = 0; round < ROUNDS / 4; round++) {
      forms[(round + thread) % forms.length]!()
      addSlowly(words, COUNTER)
      mutex.unlock()
    }
  },

  lockInEpisodes(words: Int32Array, _thread: number, count: number): void {
    episodes(words, count, Mutex.WORDS, (at) => {
      const mutex = new Mutex(words, at)
      mutex.lock()
      linger(words, 500)
      mutex.unlock()
    })
  },

  /** Every second thread gives up after a short time. */
  giveUpInEpisodes(words: Int32Array, thread: number, count: number): void {
    episodes(words, count, Mutex.WORDS, (at) => {
      const mutex = new Mutex(words, at)
      if (thread % 2 === 1) mutex.lock()
      else if (!mutex.tryLockFor(SHORT)) return
      linger(words, 500)
      mutex.unlock()
    })
  },

  lockOnce(words: Int32Array): void {
    const mutex = new Mutex(words, 0)
    mutex.lock()
    addSlowly(words, COUNTER)
    mutex.unlock()
  },

  /** Returns whether this thread locked the mutex within the limit. */
  lockWithinLimit(words: Int32Array): boolean {
    const mutex = new Mutex(words, 0)
    Atomics.add(words, COMING, 1)
    if (!mutex.tryLockFor(LONG)) return false
    mutex.unlock()
    return true
  },
}

export type Jobs = typeof jobs
serve(jobs)
