/** The loops of the raw atomics and the locks. Each thread runs its operations as fast as it can. */
import { Mutex } from '../../src/sync/mutex.ts'
import { RwLock } from '../../src/sync/rw-lock.ts'
import { Semaphore } from '../../src/sync/semaphore.ts'
import { BATCH } from './primitive-loop.ts'
import type { PrimitiveLoop } from './primitive-loop.ts'

export const locks = {
  'raw load': ({ words }) => {
    return () => {
      for (let i = 0; i < BATCH; i++) Atomics.load(words, 0)
    }
  },
  'raw add': ({ words }) => {
    return () => {
      for (let i = 0; i < BATCH; i++) Atomics.add(words, 0, 1)
    }
  },
  /** The least that a lock must do without contention: read the word, take it, and give it back. */
  'raw load, compareExchange, store': ({ words }) => {
    return () => {
      for (let i = 0; i < BATCH; i++) {
        const seen = Atomics.load(words, 0)
        Atomics.compareExchange(words, 0, seen, 1)
        Atomics.store(words, 0, 0)
      }
    }
  },
  /** Waits by retrying. While a holder is suspended, all other threads spin. */
  'raw spin lock': ({ words }) => {
    return () => {
      for (let i = 0; i < BATCH; i++) {
        while (Atomics.compareExchange(words, 0, 0, 1) !== 0);
        Atomics.store(words, 0, 0)
      }
    }
  },
  'Mutex lock, unlock': ({ words }) => {
    const mutex = new Mutex(words, 0)
    return () => {
      for (let i = 0; i < BATCH; i++) {
        mutex.lock()
        mutex.unlock()
      }
    }
  },
  'RwLock readLock, readUnlock': ({ words }) => {
    const lock = new RwLock(words, 0)
    return () => {
      for (let i = 0; i < BATCH; i++) {
        lock.readLock()
        lock.readUnlock()
      }
    }
  },
  'RwLock writeLock, writeUnlock': ({ words }) => {
    const lock = new RwLock(words, 0)
    return () => {
      for (let i = 0; i < BATCH; i++) {
        lock.writeLock()
        lock.writeUnlock()
      }
    }
  },
  'Semaphore acquire, release': ({ words }) => {
    const semaphore = new Semaphore(words, 0, 1)
    return () => {
      for (let i = 0; i < BATCH; i++) {
        semaphore.acquire()
        semaphore.release()
      }
    }
  },
} satisfies Record<string, PrimitiveLoop>
