/** multithreading: its mutex, its read-write lock, its condition variable and its barrier, which are right. */
import { Barrier, Condvar, Mutex, RwLock } from './multithreading.mjs'

const words = () => new Int32Array(new SharedArrayBuffer(8))
const byte = (memory, at) => memory[at].buffer

/** Two words of memory of their own for a lock and a counter, and one for a condition. */
const memory = () => ({ lock: words(), counter: words(), condition: words() })

const increment = ({ counter }) => {
  counter[0] += 1
}

const counting = (name, act) => ({
  name: `multithreading 0.3.52: ${name}`,
  memory,
  actors: { alice: act, bob: act, carol: act },
  observe: ({ counter }) => counter[0],
  outcomes: { 3: 'acceptable' },
})

export const mutex = counting('a mutex', (shared) => {
  const guard = new Mutex(undefined, byte(shared, 'lock')).blockingLock()
  increment(shared)
  guard.dispose()
})

export const rwLock = {
  name: 'multithreading 0.3.52: a read-write lock',
  memory,
  actors: {
    writer(shared) {
      const guard = new RwLock(undefined, byte(shared, 'lock')).blockingWrite()
      increment(shared)
      increment(shared)
      guard.dispose()
    },
    reader(shared) {
      const guard = new RwLock(undefined, byte(shared, 'lock')).blockingRead()
      const seen = shared.counter[0]
      guard.dispose()
      return seen
    },
  },
  observe: (_, { reader }) => reader,
  outcomes: { 0: 'acceptable', 2: 'acceptable' },
}

export const condition = {
  name: 'multithreading 0.3.52: a condition variable',
  memory,
  actors: {
    consumer(shared) {
      const guard = new Mutex(undefined, byte(shared, 'lock')).blockingLock()
      while (shared.counter[0] === 0) new Condvar(byte(shared, 'condition')).blockingWait(guard)
      guard.dispose()
    },
    producer(shared) {
      const guard = new Mutex(undefined, byte(shared, 'lock')).blockingLock()
      increment(shared)
      guard.dispose()
      new Condvar(byte(shared, 'condition')).notifyOne()
    },
  },
}

export const barrier = {
  name: 'multithreading 0.3.52: a barrier, twice',
  memory() {
    const barrier = new Int32Array(new SharedArrayBuffer(16))
    barrier[1] = barrier[2] = 2
    return barrier
  },
  actors: Object.fromEntries(
    ['alice', 'bob'].map((name) => [
      name,
      ({ buffer }) => {
        const both = new Barrier(undefined, buffer)
        return Number(both.blockingWait().isLeader) + Number(both.blockingWait().isLeader)
      },
    ]),
  ),
  observe: (_, { alice, bob }) => alice + bob,
  outcomes: { 2: 'acceptable' },
}

export default mutex
