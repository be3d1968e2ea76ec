/** The jobs of threads with a read-write lock. It is at word 0, except in episodes, and guards FIRST and SECOND. */
import { RwLock } from '../../src/sync/rw-lock.ts'
import { serve } from '../threads.ts'
import { LONG, ROUNDS, SHORT, addSlowly, episodes, linger } from './contention.ts'

export const FIRST = 8
export const SECOND = 9
export const COMING = 10
export const DONE = 11

const jobs = {
  add(words: Int32Array): void {
    const lock = new RwLock(words, 0)
    for (let round = 0; round < ROUNDS; round++) {
      lock.writeLock()
      addSlowly(words, FIRST)
      lock.writeUnlock()
    }
  },

  /** Even threads change two words one after the other; odd threads compare them. Returns how often they differed. */
  writeOrCompare(words: Int32Array, thread: number): number {
    const lock = new RwLock(words, 0)
    let halves = 0
    for (let round = 0; round < ROUNDS / 4; round++) {
      if (thread % 2 === 0) {
        if (round % 3 > 0) lock.writeLock()
        else while (!lock.tryWriteLockFor(SHORT));
        addSlowly(words, FIRST)
        addSlowly(words, SECOND)
        lock.writeUnlock()
      } else {
        if (round % 3 > 0) lock.readLock()
        else while (!lock.tryReadLockFor(SHORT));
        const first = words[FIRST]
        linger(words, 20)
        if (words[SECOND] !== first) halves++
        lock.readUnlock()
      }
    }
    return halves
  },

  /** A reader stays inside. Thread 0 waits to write and gives up; thread 1 begins to read while thread 0 waits. */
  giveUpWritingAndRead(words: Int32Array, thread: number): void {
    const lock = new RwLock(words, 0)
    if (thread === 0) {
      if (lock.tryWriteLockFor(LONG / 100)) throw new Error('There is a reader inside.')
      return
    }
    // The bits above the two low ones count the waiting writers.
    while (((Atomics.load(words, 0) >> 2) & 0x3ff) === 0);
    lock.readLock()
    lock.readUnlock()
  },

  /** Thread 0 writes ten times. The other threads read until it is done. */
  writeAmongReaders(words: Int32Array, thread: number): void {
    const lock = new RwLock(words, 0)
    if (thread === 0) {
      for (let round = 0; round < 10; round++) {
        lock.writeLock()
        addSlowly(words, FIRST)
        lock.writeUnlock()
      }
      Atomics.store(words, DONE, 1)
    }
    while (Atomics.load(words, DONE) === 0) {
      lock.readLock()
      linger(words, 500)
      lock.readUnlock()
    }
  },

  /**
   * Stays inside until all threads are inside, which is only possible if readers do not exclude each other. Returns whether the lock
   * counted them all.
   */
  readTogether(words: Int32Array, _thread: number, count: number): boolean {
    const lock = new RwLock(words, 0)
    lock.readLock()
    Atomics.add(words, COMING, 1)
    Atomics.notify(words, COMING)
    for (let seen = 0; (seen = Atomics.load(words, COMING)) < count;) Atomics.wait(words, COMING, seen)
    const readers = lock.readers()
    // No thread leaves before all have counted.
    Atomics.add(words, DONE, 1)
    Atomics.notify(words, DONE)
    for (let seen = 0; (seen = Atomics.load(words, DONE)) < count;) Atomics.wait(words, DONE, seen)
    lock.readUnlock()
    return readers === count
  },

  /** Every fourth thread reads, the rest write. */
  writeInEpisodes(words: Int32Array, thread: number, count: number): void {
    episodes(words, count, RwLock.WORDS, (at) => play(words, new RwLock(words, at), thread % 4 !== 3))
  },

  /** Every fourth thread writes, the rest read. */
  readInEpisodes(words: Int32Array, thread: number, count: number): void {
    episodes(words, count, RwLock.WORDS, (at) => play(words, new RwLock(words, at), thread % 4 === 0))
  },

  /** Of four threads, a writer and a reader wait without a limit, and a writer and a reader give up after a short time. */
  giveUpInEpisodes(words: Int32Array, thread: number, count: number): void {
    episodes(words, count, RwLock.WORDS, (at) => {
      const lock = new RwLock(words, at)
      const writes = thread % 2 === 0
      if (thread % 4 < 2) play(words, lock, writes)
      else if (writes && lock.tryWriteLockFor(SHORT)) lock.writeUnlock()
      else if (!writes && lock.tryReadLockFor(SHORT)) lock.readUnlock()
    })
  },

  readOnce(words: Int32Array): void {
    const lock = new RwLock(words, 0)
    lock.readLock()
    lock.readUnlock()
  },

  writeOnce(words: Int32Array): void {
    const lock = new RwLock(words, 0)
    lock.writeLock()
    addSlowly(words, FIRST)
    lock.writeUnlock()
  },

  readWithinLimit(words: Int32Array): boolean {
    const lock = new RwLock(words, 0)
    if (!lock.tryReadLockFor(LONG)) return false
    lock.readUnlock()
    return true
  },

  writeWithinLimit(words: Int32Array): boolean {
    const lock = new RwLock(words, 0)
    if (!lock.tryWriteLockFor(LONG)) return false
    lock.writeUnlock()
    return true
  },
}

function play(words: Int32Array, lock: RwLock, writes: boolean): void {
  if (writes) lock.writeLock()
  else lock.readLock()
  linger(words, 500)
  if (writes) lock.writeUnlock()
  else lock.readUnlock()
}

export type Jobs = typeof jobs
serve(jobs)
