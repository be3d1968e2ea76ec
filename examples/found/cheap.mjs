/** @libmedia/cheap: its semaphore, which is wrong, and its mutex, its condition variable and its barrier, which are right. */
import { barrier as barriers, cond, mutex as mutexes, semaphore } from '@libmedia/cheap'
import { initThread } from '@libmedia/cheap/internal'

// The package looks at the buffer of its heap in each call, because a heap may grow.
const heap = { buffer: new SharedArrayBuffer(4096) }
await initThread({ memory: heap, id: 0, disableAsm: true })

// Pointers: addresses in bytes in the heap.
const [ONE, OTHER, COUNTER] = [2048, 2064, 2080]

function memory(prepare) {
  const words = new Int32Array(new SharedArrayBuffer(4096))
  inHeap(prepare)(words)
  return words
}

/** Returns an actor that runs `act` with the shared memory as the heap of its thread. */
function inHeap(act) {
  return (words, results) => {
    heap.buffer = words.buffer
    return act(words, results)
  }
}

const increment = (words) => {
  words[COUNTER >> 2] += 1
}

const names = (words) => ({ permits: [words, ONE >> 2], mutex: [words, (ONE >> 2) + 1] })

export const posting = {
  name: '@libmedia/cheap 1.3.1: a semaphore of one permit, tryWait beside post',
  memory: () => memory(() => semaphore.init(ONE, 1)),
  actors: {
    taker: inHeap(() => semaphore.tryWait(ONE)),
    poster: inHeap(() => void semaphore.post(ONE)),
  },
  observe: inHeap((_, { taker }) => `${taker === 0 ? 1 : 0} taken, ${semaphore.get(ONE)} left`),
  outcomes: { '1 taken, 1 left': 'acceptable' },
  names,
}

export const timeout = {
  name: '@libmedia/cheap 1.3.1: a semaphore of one permit, which both give back if they took it',
  memory: () => memory(() => semaphore.init(ONE, 1)),
  actors: {
    alice: inHeap(() => {
      semaphore.wait(ONE)
      semaphore.post(ONE)
    }),
    bob: inHeap(() => {
      if (semaphore.timedWait(ONE, 10) === 0) semaphore.post(ONE)
    }),
  },
  observe: inHeap(() => semaphore.get(ONE)),
  outcomes: { 1: 'acceptable' },
  names,
}

const locking = inHeap((words) => {
  mutexes.lock(ONE)
  increment(words)
  mutexes.unlock(ONE)
})

export const mutex = {
  name: '@libmedia/cheap 1.3.1: a mutex',
  memory: () => memory(() => mutexes.init(ONE)),
  actors: { alice: locking, bob: locking },
  observe: (words) => words[COUNTER >> 2],
  outcomes: { 2: 'acceptable' },
}

export const condition = {
  name: '@libmedia/cheap 1.3.1: a condition variable',
  memory: () => memory(() => cond.init(OTHER)),
  actors: {
    consumer: inHeap((words) => {
      mutexes.lock(ONE)
      while (words[COUNTER >> 2] === 0) cond.wait(OTHER, ONE)
      mutexes.unlock(ONE)
    }),
    producer: inHeap((words) => {
      mutexes.lock(ONE)
      increment(words)
      mutexes.unlock(ONE)
      cond.signal(OTHER)
    }),
  },
}

const meeting = (leads) =>
  inHeap((words) => {
    for (const round of [0, 1]) {
      if (round === leads) increment(words)
      barriers.enter(ONE)
    }
    return words[COUNTER >> 2]
  })

export const barrier = {
  name: '@libmedia/cheap 1.3.1: a barrier, twice',
  memory: () => memory(() => barriers.init(ONE, 2)),
  actors: { alice: meeting(0), bob: meeting(1) },
  outcomes: { '{"alice":2,"bob":2}': 'acceptable' },
}

export default posting
