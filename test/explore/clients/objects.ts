/** Objects over shared words, right and wrong, with their models. */
import { models, queueOf, semaphoreOf } from '../../../src/check/index.ts'
import type { Model } from '../../../src/check/index.ts'
import { RacelabError } from '../../../src/errors.ts'
import type { OperationsScenario } from '../../../src/scenario.ts'
import { currentAgent } from '../../../src/sync/agent.ts'
import { Mutex } from '../../../src/sync/mutex.ts'
import { Semaphore } from '../../../src/sync/semaphore.ts'
import { words } from '../counters.ts'

type Operations = OperationsScenario<Int32Array>['operations']

/** Returns a scenario over sixteen words, with the given operations and other properties. */
export function object(
  operations: Operations,
  model: Model<any>,
  rest: Partial<OperationsScenario<Int32Array>> = {},
): OperationsScenario {
  return { name: 'test', memory: words(16), operations, model, ...rest }
}

const read = (memory: Int32Array): number => Atomics.load(memory, 0)

export const atomicCounter = object(
  { fetchAdd: (memory, amount: number) => Atomics.add(memory, 0, amount), read },
  models.counter,
  { arguments: { fetchAdd: [1, 2] } },
)

/** An update between the load and the store is lost. */
export const splitCounter = object(
  {
    fetchAdd(memory, amount: number) {
      const before = Atomics.load(memory, 0)
      Atomics.store(memory, 0, before + amount)
      return before
    },
    read,
  },
  models.counter,
  { arguments: { fetchAdd: [1, 2] } },
)

/** A register that starts as 0. */
const zeroRegister: Model = { ...models.register, init: () => 0 }

/**
 * A register of which each thread reads and writes a copy of its own. No access of one thread touches what another one
 * touches. A read is wrong only because a write of another thread had returned before it began.
 */
export const copiedRegister = object(
  {
    read: (memory) => Atomics.load(memory, currentAgent()),
    write(memory, value: number) {
      Atomics.store(memory, currentAgent(), value)
    },
  },
  zeroRegister,
  { arguments: { write: [1] } },
)

const [HEAD, TAIL, LOCK, SLOTS] = [0, 1, 2, 3]
const CAPACITY = 2

/** A ring under a lock: a push into a full queue returns false. */
export const lockedQueue = object(
  {
    push: (memory, value: number) =>
      new Mutex(memory, LOCK).holding(() => {
        const [tail, head] = [memory[TAIL]!, memory[HEAD]!]
        if (tail - head === CAPACITY) return false
        memory[SLOTS + (tail % CAPACITY)] = value
        memory[TAIL] = tail + 1
        return true
      }),
    pop: (memory) =>
      new Mutex(memory, LOCK).holding(() => {
        const head = memory[HEAD]!
        if (head === memory[TAIL]) return null
        memory[HEAD] = head + 1
        return memory[SLOTS + (head % CAPACITY)]
      }),
  },
  queueOf(CAPACITY),
  { arguments: { push: [1, 2] } },
)

/** A push makes the element visible before it writes it. */
export const hastyQueue = object(
  {
    push(memory, value: number) {
      Atomics.store(memory, SLOTS + Atomics.add(memory, TAIL, 1), value)
    },
    pop(memory) {
      const head = Atomics.load(memory, HEAD)
      if (head === Atomics.load(memory, TAIL)) return null
      return Atomics.compareExchange(memory, HEAD, head, head + 1) === head ? Atomics.load(memory, SLOTS + head) : null
    },
  },
  models.queue,
  { arguments: { push: [1] } },
)

/** It gives the element that was pushed last: a stack that is taken for a queue. */
export const reversedQueue = object(
  {
    push: (memory, value: number) =>
      new Mutex(memory, LOCK).holding(() => void (memory[SLOTS + memory[TAIL]!++] = value)),
    pop: (memory) =>
      new Mutex(memory, LOCK).holding(() => (memory[TAIL] === 0 ? null : memory[SLOTS + --memory[TAIL]!])),
  },
  models.queue,
  { arguments: { push: [1, 2] } },
)

/**
 * The bounded queue of D. Vyukov for many producers and consumers. A push takes its place before it fills it, and a pop
 * that comes to such a place takes the queue for empty, even if a later push has returned.
 */
export const vyukovQueue = object(
  {
    push(memory, value: number) {
      for (;;) {
        const place = Atomics.load(memory, TAIL)
        const turn = Atomics.load(memory, SLOTS + 2 * (place % CAPACITY))
        if (turn < place) return false
        if (turn > place || Atomics.compareExchange(memory, TAIL, place, place + 1) !== place) continue
        Atomics.store(memory, SLOTS + 2 * (place % CAPACITY) + 1, value)
        Atomics.store(memory, SLOTS + 2 * (place % CAPACITY), place + 1)
        return true
      }
    },
    pop(memory) {
      for (;;) {
        const place = Atomics.load(memory, HEAD)
        const turn = Atomics.load(memory, SLOTS + 2 * (place % CAPACITY))
        if (turn < place + 1) return null
        if (turn > place + 1 || Atomics.compareExchange(memory, HEAD, place, place + 1) !== place) continue
        const value = Atomics.load(memory, SLOTS + 2 * (place % CAPACITY) + 1)
        Atomics.store(memory, SLOTS + 2 * (place % CAPACITY), place + CAPACITY)
        return value
      }
    },
  },
  queueOf(CAPACITY),
  {
    arguments: { push: [1] },
    setup(memory) {
      for (let place = 0; place < CAPACITY; place++) memory[SLOTS + 2 * place] = place
    },
  },
)

/** Nodes for the two elements at first and for six pushes, so that one is always free. */
const NODES = 8
const [TOP, USED, NEXT, VALUE] = [0, 1, 1 + NODES, 1 + 2 * NODES]
/** The number of a tag is above that of the node. */
const TAG = 16

/**
 * The stack of R. K. Treiber, whose nodes are used again. The top is the number of a node from 1, and 0 for none. With
 * `tagged`, it also counts the pushes, so that a node which came back is not taken for the one before.
 */
export function treiberStack(tagged: boolean): OperationsScenario {
  const allocate = (memory: Int32Array): number => {
    for (let node = 1; ; node++) if (Atomics.compareExchange(memory, USED + node - 1, 0, 1) === 0) return node
  }
  const push = (memory: Int32Array, value: number): void => {
    const node = allocate(memory)
    Atomics.store(memory, VALUE + node, value)
    for (;;) {
      const top = Atomics.load(memory, TOP)
      Atomics.store(memory, NEXT + node, top % TAG)
      const tag = tagged ? top - (top % TAG) + TAG : 0
      if (Atomics.compareExchange(memory, TOP, top, tag + node) === top) return
    }
  }
  const pop = (memory: Int32Array): number | null => {
    for (;;) {
      const top = Atomics.load(memory, TOP)
      const node = top % TAG
      if (node === 0) return null
      const next = Atomics.load(memory, NEXT + node)
      const value = Atomics.load(memory, VALUE + node)
      if (Atomics.compareExchange(memory, TOP, top, top - node + next) !== top) continue
      Atomics.store(memory, USED + node - 1, 0)
      return value
    }
  }
  /** Node 1 has the 2, above node 2, which has the 1. */
  const setup = (memory: Int32Array): void => {
    memory.set([1, 1], USED)
    memory.set([2, 0], NEXT + 1)
    memory.set([2, 1], VALUE + 1)
    memory[TOP] = 1
  }
  const model: Model<readonly unknown[]> = { ...models.stack, init: () => [1, 2] }
  return object({ pop, push }, model, { arguments: { push: [3] }, calls: 3, setup, memory: words(32) })
}

/** A mutex refuses a thread that has it already, and one that gives up what it does not have. */
const strictMutex: Model<number | string | null> = {
  ...models.mutex,
  step(holder, operation) {
    const { f, process, output } = operation
    const isMisuse = f === 'unlock' ? holder !== process : f === 'lock' && holder === process
    if (output !== 'refused' || operation.unknown === true) return isMisuse ? [] : models.mutex.step(holder, operation)
    return isMisuse ? [holder] : []
  },
}

/** Returns what `work` returns, or `refused` if it throws an error of racelab. */
function refusable<Result>(work: () => Result): Result | 'refused' {
  try {
    return work()
  } catch (error) {
    if (error instanceof RacelabError) return 'refused'
    throw error
  }
}

export const mutex = object(
  {
    lock: (memory) => refusable(() => new Mutex(memory, LOCK).lock()),
    tryLock: (memory) => new Mutex(memory, LOCK).tryLock(),
    unlock: (memory) => refusable(() => new Mutex(memory, LOCK).unlock()),
  },
  strictMutex,
  { blocking: ['lock'] },
)

/** A mutex whose sleepers are not woken. */
export const deafMutex = object(
  {
    lock(memory) {
      while (Atomics.compareExchange(memory, LOCK, 0, 1) !== 0) Atomics.wait(memory, LOCK, 1)
    },
    unlock(memory) {
      Atomics.store(memory, LOCK, 0)
    },
  },
  // Whoever unlocks: it is a binary semaphore.
  {
    name: 'binary semaphore',
    init: () => false,
    step: (taken: boolean, { f }) => (f === 'unlock' ? [false] : taken ? [] : [true]),
    equal: Object.is,
  },
  { blocking: ['lock'] },
)

/** Its threads do not sleep: they try again and again. */
export const spinLock = object(
  {
    lock(memory) {
      for (;;) {
        while (Atomics.load(memory, LOCK) !== 0) {
          // Only reads while it is taken.
        }
        if (Atomics.exchange(memory, LOCK, 1) === 0) return
      }
    },
    unlock(memory) {
      Atomics.store(memory, LOCK, 0)
    },
  },
  deafMutex.model,
  { blocking: ['lock'] },
)

const PERMITS = 2

export const semaphore = object(
  {
    acquire: (memory) => new Semaphore(memory, LOCK, PERMITS).acquire(),
    tryAcquire: (memory) => new Semaphore(memory, LOCK, PERMITS).tryAcquire(),
    release: (memory) => refusable(() => new Semaphore(memory, LOCK, PERMITS).release()),
  },
  {
    ...semaphoreOf(PERMITS),
    step(free, operation) {
      const isTooMuch = operation.f === 'release' && free === PERMITS
      if (operation.output !== 'refused') return isTooMuch ? [] : semaphoreOf(PERMITS).step(free, operation)
      return isTooMuch ? [free] : []
    },
  },
  { blocking: ['acquire'] },
)
