/** Random programs that use racelab's primitives, for comparing what is explored with contracts and inside. */
import { expect } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import type { Exploration } from '../../../src/explore/index.ts'
import { randomNumbers } from '../../../src/explore/model/random-numbers.ts'
import type { Scenario } from '../../../src/scenario.ts'
import { Barrier } from '../../../src/sync/barrier.ts'
import { Condition } from '../../../src/sync/condition.ts'
import { Mutex } from '../../../src/sync/mutex.ts'
import { RwLock } from '../../../src/sync/rw-lock.ts'
import { Semaphore } from '../../../src/sync/semaphore.ts'
import { StartGate } from '../../../src/sync/start-gate.ts'

/** The words: two mutexes, a condition, a read-write lock, a semaphore, a barrier, a gate, and two counters. */
const AT = { first: 0, second: 1, condition: 2, lock: 4, semaphore: 7, barrier: 9, gate: 11, one: 13, other: 14 }
const WORDS = 15

type Act = (words: Int32Array) => unknown

const PIECES: Readonly<Record<string, (words: Int32Array) => unknown>> = {
  lock: (words) => new Mutex(words, AT.first).lock(),
  unlock: (words) => new Mutex(words, AT.first).unlock(),
  holding: (words) => new Mutex(words, AT.first).holding(() => add(words)),
  both: (words) => new Mutex(words, AT.first).holding(() => new Mutex(words, AT.second).holding(() => add(words))),
  reversed: (words) => new Mutex(words, AT.second).holding(() => new Mutex(words, AT.first).holding(() => add(words))),
  tryLock: (words) => {
    const mutex = new Mutex(words, AT.first)
    if (!mutex.tryLock()) return 'busy'
    add(words)
    mutex.unlock()
    return 'done'
  },
  wait: (words) => {
    const mutex = new Mutex(words, AT.first)
    mutex.holding(() => new Condition(words, AT.condition).waitUntil(mutex, () => words[AT.one]! > 0))
  },
  waitOnce: (words) => {
    const mutex = new Mutex(words, AT.first)
    mutex.holding(() => new Condition(words, AT.condition).wait(mutex))
  },
  notify: (words) => {
    new Mutex(words, AT.first).holding(() => add(words))
    new Condition(words, AT.condition).notifyOne()
  },
  notifyAll: (words) => new Condition(words, AT.condition).notifyAll(),
  reading: (words) => new RwLock(words, AT.lock).reading(() => words[AT.one]),
  writing: (words) => new RwLock(words, AT.lock).writing(() => add(words)),
  tryWrite: (words) => {
    const lock = new RwLock(words, AT.lock)
    if (!lock.tryWriteLock()) return 'busy'
    add(words)
    lock.writeUnlock()
    return 'done'
  },
  acquire: (words) => new Semaphore(words, AT.semaphore, 1).acquire(),
  release: (words) => {
    try {
      new Semaphore(words, AT.semaphore, 1).release()
      return 'released'
    } catch {
      return 'too many'
    }
  },
  permit: (words) => {
    const semaphore = new Semaphore(words, AT.semaphore, 1)
    semaphore.acquire()
    add(words)
    semaphore.release()
  },
  meet: (words) => new Barrier(words, AT.barrier, 2).arriveAndWait(),
  gate: (words) => new StartGate(words, AT.gate, 2).arrive(),
  /** In some schedules, it uses the word of a mutex by itself. */
  peek: (words) => (Atomics.load(words, AT.one) === 2 ? Atomics.load(words, AT.first) : null),
  load: (words) => Atomics.load(words, AT.other),
  store: (words) => Atomics.store(words, AT.other, 2),
  add: (words) => Atomics.add(words, AT.other, 1),
  plain: (words) => (words[AT.one] = 5),
}

function add(words: Int32Array): number {
  return (words[AT.one] = words[AT.one]! + 1)
}

/** Returns a random program of this many actors, each of up to `most` pieces, and its text. */
export function randomProgram(seed: number, actors: number, most: number): { scenario: Scenario; text: string } {
  const random = randomNumbers(seed)
  const names = Object.keys(PIECES)
  // Programs that use few different pieces meet more often.
  const few = Array.from({ length: 2 + Math.floor(random() * 3) }, () => names[Math.floor(random() * names.length)]!)
  const parts = Array.from({ length: actors }, () =>
    Array.from({ length: 1 + Math.floor(random() * most) }, () => few[Math.floor(random() * few.length)]!),
  )
  const acts = parts.map(
    (pieces): Act =>
      (words) =>
        pieces.map((piece) => PIECES[piece]!(words) ?? null),
  )
  const scenario = {
    name: 'random locks',
    memory: () => new Int32Array(new SharedArrayBuffer(4 * WORDS)),
    actors: Object.fromEntries(acts.map((act, index) => [`a${index}`, act])),
    observe: (words: Int32Array, results: object) => ({ one: Atomics.load(words, AT.one), results }),
  } as Scenario
  return { scenario, text: parts.map((pieces) => pieces.join(' ')).join(' | ') }
}

/** What an exploration has found, without what tells one schedule from another. */
export function findings({ complete, outcomes, failures, error }: Exploration): unknown {
  return {
    complete,
    error: error?.code,
    outcomes: Object.keys(outcomes).toSorted(),
    failures: failures
      .flatMap(({ kind, message, otherRaces = [] }) => [
        `${kind} ${message}`,
        ...otherRaces.map((each) => `data-race ${each}`),
      ])
      .toSorted(),
  }
}

/** Compares what is found of programs with contracts and inside; returns how many could be explored inside in time. */
export function compareAll(seeds: readonly number[]): number {
  const compared = seeds.filter((seed) => {
    const { scenario, text } = randomProgram(seed, 2 + (seed % 2), 2)
    const inside = explored(scenario, true, 2)
    if (inside.complete) expect(findings(explored(scenario, false, 20)), text).toEqual(findings(inside))
    return inside.complete
  })
  return compared.length
}

export function explored(scenario: Scenario, inside: boolean, timeout: number): Exploration {
  return explore(scenario, { inside, allFailures: true, timeout })
}
