import { expect, test } from 'vitest'
import { FIRST_THREAD } from '../../src/sync/agent.ts'
import { Barrier } from '../../src/sync/barrier.ts'
import { Condition } from '../../src/sync/condition.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { RobustMutex } from '../../src/sync/robust-mutex.ts'
import { RobustRwLock } from '../../src/sync/robust-rw-lock.ts'
import { RwLock } from '../../src/sync/rw-lock.ts'
import { Semaphore } from '../../src/sync/semaphore.ts'
import { StartGate } from '../../src/sync/start-gate.ts'
import { freshWords } from '../threads.ts'
import { SENTINEL, as } from './contention.ts'

const OTHER = 1002

/** All methods of each primitive, their slow paths included. */
const primitives = {
  Mutex: {
    size: Mutex.WORDS,
    use(words: Int32Array, at: number) {
      const mutex = new Mutex(words, at)
      mutex.lock()
      as(OTHER, () => mutex.tryLockFor(0.01))
      mutex.unlock()
      mutex.tryLock()
      mutex.unlock()
      mutex.owner()
    },
  },
  RwLock: {
    size: RwLock.WORDS,
    use(words: Int32Array, at: number) {
      const lock = new RwLock(words, at)
      for (const side of ['read', 'write'] as const) {
        lock[`${side}Lock`]()
        as(OTHER, () => [lock.tryReadLockFor(0.01), lock.tryWriteLockFor(0.01)])
        if (side === 'read') while (lock.readers() > 0) lock.readUnlock()
        else lock.writeUnlock()
      }
      lock.writer()
    },
  },
  RobustMutex: {
    size: RobustMutex.WORDS,
    use(words: Int32Array, at: number) {
      const mutex = new RobustMutex(words, at)
      as(OTHER, () => mutex.lock())
      mutex.tryLockFor(0.01)
      mutex.recover(OTHER - FIRST_THREAD)
      mutex.lock()
      mutex.markConsistent()
      mutex.unlock()
      mutex.tryLock()
      mutex.unlock()
      mutex.owner()
    },
  },
  RobustRwLock: {
    size: RobustRwLock.words(2),
    use(words: Int32Array, at: number) {
      const lock = new RobustRwLock(words, at, 2)
      for (const side of ['read', 'write'] as const) {
        as(OTHER, () => lock[`${side}Lock`]())
        lock.tryWriteLockFor(0.01)
        lock.recover(OTHER - FIRST_THREAD)
        if (lock[`${side}Lock`]() === 'owner-died') lock.markConsistent()
        lock[`${side}Unlock`]()
        lock.readers()
        lock.writer()
      }
    },
  },
  Semaphore: {
    size: Semaphore.WORDS,
    use(words: Int32Array, at: number) {
      const semaphore = new Semaphore(words, at, 2)
      semaphore.acquire()
      semaphore.acquire()
      semaphore.tryAcquireFor(0.01)
      semaphore.release(2)
      semaphore.available()
    },
  },
  Condition: {
    size: Mutex.WORDS + Condition.WORDS,
    use(words: Int32Array, at: number) {
      const mutex = new Mutex(words, at)
      const condition = new Condition(words, at + Mutex.WORDS)
      mutex.lock()
      condition.waitFor(mutex, 0.01)
      condition.waitUntilFor(mutex, () => false, 0.01)
      mutex.unlock()
      // As if another agent waited, so that the notifications take their slow path.
      words[at + Mutex.WORDS + 1] = 1
      condition.notifyOne()
      condition.notifyAll()
    },
  },
  Barrier: {
    size: Barrier.WORDS,
    use(words: Int32Array, at: number) {
      new Barrier(words, at, 1).arriveAndWait()
      new Barrier(words, at, 2).arriveAndWaitFor(0.01)
    },
  },
  StartGate: {
    size: StartGate.WORDS,
    use(words: Int32Array, at: number) {
      new StartGate(words, at, 1).arrive()
      words.fill(0, at, at + StartGate.WORDS)
      new StartGate(words, at, 2).arriveFor(0.01)
    },
  },
}
const names = Object.keys(primitives) as (keyof typeof primitives)[]

test.each(names)('%s changes no words but its own, at any index', (name) => {
  const { size } = primitives[name]
  for (const at of [0, 1, 5, 16]) {
    const words = freshWords(at + size + 8).fill(SENTINEL)
    words.fill(0, at, at + size)
    primitives[name].use(words, at)
    for (let word = 0; word < words.length; word++) {
      if (word < at || word >= at + size) expect(words[word]).toBe(SENTINEL)
    }
  }
})

test.each(names)('%s is ready on fresh words: making it writes nothing', (name) => {
  const words = freshWords(16)
  const make = {
    Mutex: () => new Mutex(words, 3),
    RobustMutex: () => new RobustMutex(words, 3),
    RobustRwLock: () => new RobustRwLock(words, 3, 2),
    RwLock: () => new RwLock(words, 3),
    Semaphore: () => new Semaphore(words, 3, 2),
    Condition: () => new Condition(words, 3),
    Barrier: () => new Barrier(words, 3, 2),
    StartGate: () => new StartGate(words, 3, 2),
  }
  make[name]()
  expect([...words]).toEqual([...freshWords(16)])
})
