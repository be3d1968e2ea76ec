/**
 * The smallest scenarios of each primitive, for the real primitives and for their mutants. A lock protects a plain
 * counter: if two actors were inside at once, that would be a data race, whatever the count.
 */
import type { Primitives } from '../../src/contracts/primitives.ts'
import type { Scenario } from '../../src/scenario.ts'
import { over, words as wordsOf } from './counters.ts'

/** The counter; the primitives begin after it. */
const COUNT = 0
const FIRST = 1
const SECOND = 3

function increment(words: Int32Array): void {
  words[COUNT] = (words[COUNT] ?? 0) + 1
}

function actorsOf(count: number, act: (words: Int32Array, index: number) => unknown) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`actor${index}`, (words: Int32Array) => act(words, index)]),
  )
}

function counting(actors: Record<string, (words: Int32Array) => unknown>, expected: number): Scenario {
  return over(actors, {
    memory: () => new Int32Array(new SharedArrayBuffer(32)),
    observe: (words) => words[COUNT],
    outcomes: { [expected]: 'acceptable' },
  })
}

export function mutexScenario({ Mutex: Subject }: Primitives, actors: number): Scenario {
  return counting(
    actorsOf(actors, (words) => new Subject(words, FIRST).holding(() => increment(words))),
    actors,
  )
}

export function writersScenario({ RwLock: Subject }: Primitives, actors: number): Scenario {
  return counting(
    actorsOf(actors, (words) => new Subject(words, FIRST).writing(() => increment(words))),
    actors,
  )
}

/** One writer, and readers that see the count from before or after its write. */
export function readersScenario({ RwLock: Subject }: Primitives, readers: number): Scenario {
  const read = (words: Int32Array): number | undefined => new Subject(words, FIRST).reading(() => words[COUNT])
  const write = (words: Int32Array): void => new Subject(words, FIRST).writing(() => increment(words))
  return counting({ writer: write, ...actorsOf(readers, read) }, 1)
}

/** A hand-over: each consumer waits until there is an item, and takes one. */
export function conditionScenario({ Mutex: Lock, Condition: Subject }: Primitives, consumers: number): Scenario {
  const consume = (words: Int32Array): void => {
    const mutex = new Lock(words, FIRST)
    mutex.holding(() => {
      new Subject(words, SECOND).waitUntil(mutex, () => (words[COUNT] ?? 0) > 0)
      words[COUNT] = (words[COUNT] ?? 0) - 1
    })
  }
  const produce = (words: Int32Array): void => {
    const condition = new Subject(words, SECOND)
    new Lock(words, FIRST).holding(() => {
      words[COUNT] = consumers
      if (consumers > 1) condition.notifyAll()
      else condition.notifyOne()
    })
  }
  return counting({ ...actorsOf(consumers, consume), producer: produce }, 0)
}

export function semaphoreScenario({ Semaphore: Subject }: Primitives, actors: number, permits = 1): Scenario {
  const act = (words: Int32Array): void => {
    const semaphore = new Subject(words, FIRST, permits)
    semaphore.acquire()
    if (permits === 1) increment(words)
    semaphore.release()
  }
  return counting(actorsOf(actors, act), permits === 1 ? actors : 0)
}

/** Each actor records its arrival before the barrier, and after it sees that all have arrived. */
export function barrierScenario({ Barrier: Subject }: Primitives, parties: number, rounds = 1): Scenario {
  const act = (words: Int32Array): number[] => {
    const barrier = new Subject(words, FIRST, parties)
    return Array.from({ length: rounds }, () => {
      Atomics.add(words, COUNT, 1)
      barrier.arriveAndWait()
      return Atomics.load(words, COUNT)
    })
  }
  return {
    ...counting(actorsOf(parties, act), parties * rounds),
    invariant: (_, results) =>
      Object.values(results).every((seen) =>
        (seen as number[]).every((count, round) => count >= parties * (round + 1)),
      ),
  }
}

export function gateScenario({ StartGate: Subject }: Pick<Primitives, 'StartGate'>, parties: number): Scenario {
  const act = (words: Int32Array): number => {
    Atomics.add(words, COUNT, 1)
    new Subject(words, FIRST, parties).arrive()
    return Atomics.load(words, COUNT)
  }
  return {
    ...counting(actorsOf(parties, act), parties),
    invariant: (_, results) => Object.values(results).every((seen) => seen === parties),
  }
}

/** Two parties that do not wait. The gate opens for both of them or for neither: a party that withdraws was not counted. */
export function withdrawalScenario({ StartGate: Subject }: Pick<Primitives, 'StartGate'>): Scenario {
  const act = (words: Int32Array): boolean => new Subject(words, FIRST, 2).arriveFor(0)
  return over(actorsOf(2, act), {
    observe: (_, results) => Object.values(results).join(' and '),
    outcomes: { 'true and true': 'acceptable', 'false and false': 'acceptable' },
  })
}

/** Scenarios of threads that wait for what never comes, by what they wait for. A thread that sleeps is in a deadlock, one that spins in a livelock. */
export function abandonedScenarios(real: Primitives): [name: string, Scenario][] {
  const abandoned = (...acts: ((words: Int32Array) => void)[]): Scenario =>
    over(Object.fromEntries(acts.map((act, index) => [`actor${index}`, act])), { memory: wordsOf(8) })
  const mutex = (words: Int32Array): InstanceType<Primitives['Mutex']> => new real.Mutex(words, FIRST)
  const lock = (words: Int32Array): InstanceType<Primitives['RwLock']> => new real.RwLock(words, FIRST)
  const acquire = (words: Int32Array): void => new real.Semaphore(words, FIRST, 1).acquire()
  return [
    ['a mutex', abandoned(...Array.from({ length: 2 }, () => (words: Int32Array) => mutex(words).lock()))],
    ['two writers', abandoned(...Array.from({ length: 2 }, () => (words: Int32Array) => lock(words).writeLock()))],
    [
      'a writer and a reader',
      abandoned(
        (words) => lock(words).writeLock(),
        (words) => lock(words).readLock(),
      ),
    ],
    ['a permit', abandoned(acquire, acquire)],
    ['a party at a barrier', abandoned((words) => void new real.Barrier(words, FIRST, 2).arriveAndWait())],
    ['a party at a start gate', abandoned((words) => new real.StartGate(words, FIRST, 2).arrive())],
    [
      'a condition',
      abandoned((words) => mutex(words).holding(() => new real.Condition(words, SECOND).wait(mutex(words)))),
    ],
  ]
}
