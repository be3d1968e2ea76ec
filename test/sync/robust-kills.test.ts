/**
 * Every operation of the robust locks, killed before each of its accesses, plain accesses included. An operation works on two words that
 * are equal unless an agent is alone inside.
 */
import { expect, test } from 'vitest'
import { FIRST_THREAD } from '../../src/sync/agent.ts'
import { NotRecoverableError } from '../../src/sync/errors.ts'
import { RobustMutex } from '../../src/sync/robust-mutex.ts'
import type { Taken } from '../../src/sync/robust-mutex.ts'
import { RobustRwLock } from '../../src/sync/robust-rw-lock.ts'
import { killedAt, stepsOf } from '../store/crash.ts'
import { as } from './contention.ts'
import { notifications } from './interpose.ts'

const VICTIM = 1001
const MENDER = 1002
const OTHER = 1003
const FORMER = 1004
const threadOf = (agent: number) => agent - FIRST_THREAD
const ONE = 0
const TWO = 1
const LOCK = 2
const ROOM = 2
/** The word of a lock whose data are lost. */
const LOST = 3

/** What both locks are here: a lock for one agent. The word at LOCK is what a waiting agent sleeps on. */
interface Lock {
  lock(): Taken
  tryLock(): Taken | false
  tryLockFor(milliseconds: number): Taken | false
  unlock(): void
  markConsistent(): void
  recover(threadId: number): void
  holding(inside: () => void, repairing: { repair: () => void }): void
  /** The agent that is alone inside. */
  inside(): number
}

type Kind = (words: Int32Array) => Lock

const mutexOf: Kind = (words) => {
  const mutex = new RobustMutex(words, LOCK)
  return Object.assign(mutex, { inside: () => mutex.owner() })
}

const writerOf: Kind = (words) => {
  const lock = new RobustRwLock(words, LOCK, ROOM)
  return {
    lock: () => lock.writeLock(),
    tryLock: () => lock.tryWriteLock(),
    tryLockFor: (milliseconds) => lock.tryWriteLockFor(milliseconds),
    unlock: () => lock.writeUnlock(),
    markConsistent: () => lock.markConsistent(),
    recover: (threadId) => lock.recover(threadId),
    holding: (inside, repairing) => lock.writing(inside, repairing),
    inside: () => lock.writer(),
  }
}

const readerOf: Kind = (words) => {
  const lock = new RobustRwLock(words, LOCK, ROOM)
  return {
    ...writerOf(words),
    lock: () => lock.readLock(),
    tryLock: () => lock.tryReadLock(),
    tryLockFor: (milliseconds) => lock.tryReadLockFor(milliseconds),
    unlock: () => lock.readUnlock(),
    holding: (inside, repairing) => lock.reading(inside, repairing),
  }
}

const repair = (words: Int32Array): void => {
  words[TWO] = words[ONE]!
}

/** Changes the words, if the agent is alone inside. */
function work(words: Int32Array, lock: Lock, agent: number): void {
  expect(words[ONE]).toBe(words[TWO])
  if (lock.inside() !== agent) return
  words[ONE]!++
  words[TWO]!++
}

type Act = (words: Int32Array, lock: Lock) => void

const entering = (enter: (lock: Lock) => Taken | false): Act => {
  return (words, lock) => {
    const taken = enter(lock)
    if (taken === false) return
    if (taken === 'owner-died') {
      repair(words)
      lock.markConsistent()
    }
    work(words, lock, VICTIM)
    lock.unlock()
  }
}

const GIVES_UP = 'it gives the data up'

const ACTS: Record<string, Act> = {
  'it locks': entering((lock) => lock.lock()),
  'it tries to lock': entering((lock) => lock.tryLock()),
  'it locks for a time': entering((lock) => lock.tryLockFor(0)),
  'it holds the lock': (words, lock) => lock.holding(() => work(words, lock, VICTIM), { repair: () => repair(words) }),
  [GIVES_UP]: (_, lock) => {
    lock.tryLock()
    lock.unlock()
  },
  'it recovers another thread': (_, lock) => lock.recover(threadOf(FORMER)),
}

/** Who has done what before. An act that would wait is not killed then. */
const BEFORE: Record<string, Act> = {
  'no agent': () => {},
  'an agent that worked': (words, lock) => as(OTHER, () => lock.holding(() => work(words, lock, OTHER), unneeded)),
  'an agent that died inside, and was recovered': (words, lock) => {
    as(FORMER, () => lock.lock())
    words[ONE]!++
    lock.recover(threadOf(FORMER))
  },
  'an agent that died inside': (words, lock) => {
    as(FORMER, () => lock.lock())
    words[ONE]!++
  },
}

const unneeded = { repair: () => expect.fail('An agent was told of a death that did not happen') }

const waits = (before: string, act: string) =>
  before === 'an agent that died inside' && (act === 'it locks' || act === 'it holds the lock')

const CASES = [
  ['a mutex', mutexOf, mutexOf],
  ['a writer', writerOf, writerOf],
  ['a reader', readerOf, writerOf],
].flatMap(([name, victim, others]) =>
  Object.keys(BEFORE).flatMap((before) =>
    Object.keys(ACTS)
      .filter((act) => !waits(before, act) && !(act === GIVES_UP && before === 'an agent that died inside'))
      .map((act) => [name as string, before, act, victim as Kind, others as Kind] as const),
  ),
)

interface Scene {
  readonly memory: SharedArrayBuffer
  readonly lock: Lock
  readonly words: Int32Array
}

/** Makes a scene in which a thread was killed before this step of its act; undefined if the act ends before. */
function killed(step: number, before: string, act: string, victim: Kind, others: Kind): Scene | undefined {
  const memory = new SharedArrayBuffer(4 * (LOCK + RobustRwLock.words(ROOM)))
  const words = new Int32Array(memory)
  const lock = others(words)
  BEFORE[before]!(words, lock)
  const isKilled = killedAt(step, VICTIM, () => {
    const own = new Int32Array(memory)
    ACTS[act]!(own, victim(own))
  })
  return isKilled ? { memory, lock, words } : undefined
}

/** Checks that the lock works for another agent, and that the agent is told of a death exactly if it must be. */
function expectRecovered({ words, lock }: Scene, told: boolean, canBeLost: boolean, what: string): void {
  const taken = as(OTHER, () => {
    try {
      return lock.tryLock()
    } catch (error) {
      if (error instanceof NotRecoverableError) return 'lost'
      throw error
    }
  })
  if (taken === 'lost') {
    expect(canBeLost, what).toBe(true)
    return
  }
  expect(taken, what).toBe(told ? 'owner-died' : 'acquired')
  as(OTHER, () => {
    if (taken === 'owner-died') {
      repair(words)
      lock.markConsistent()
    }
    work(words, lock, OTHER)
    lock.unlock()
    lock.holding(() => work(words, lock, OTHER), unneeded)
  })
  expect(words[LOCK], what).toBe(0)
}

/** Whether the next agent must be told of a death. It is read from the words before any recovery. */
function mustBeTold({ words, lock }: Scene): boolean {
  if (words[LOCK] === LOST) return false
  return [VICTIM, FORMER].includes(lock.inside()) || words[ONE] !== words[TWO]
}

/** Recovers the dead; each time a sleeper would be woken. */
function recoverAll({ lock }: Scene, dead: readonly number[]): void {
  for (const agent of dead) expect(notifications(() => lock.recover(threadOf(agent)))).toContain(LOCK)
}

test.each(CASES)(
  'of %s, after %s: wherever a thread is killed while %s, the lock is recovered and tells the truth',
  (_, before, act, victim, others) => {
    let step = 0
    for (; killed(step, before, act, victim, others) !== undefined; step++) {
      for (const isAwaited of [false, true]) {
        const scene = killed(step, before, act, victim, others)!
        if (isAwaited && scene.lock.inside() !== 0) as(OTHER, () => scene.lock.tryLockFor(0))
        const told = mustBeTold(scene)
        recoverAll(scene, [FORMER, VICTIM])
        expectRecovered(scene, told, act === GIVES_UP, `killed before step ${step}, awaited: ${isAwaited}`)
      }
    }
    expect(step).toBeGreaterThan(1)
  },
)

test.each(CASES.filter(([, , act]) => act === 'it holds the lock' || act === GIVES_UP))(
  'of %s, after %s: wherever a thread is killed while %s, and wherever its recovery is, the next recovery mends both',
  (_, before, act, victim, others) => {
    for (let step = 0; ; step++) {
      const made = killed(step, before, act, victim, others)
      if (made === undefined) break
      const recover = ({ memory }: Scene) => others(new Int32Array(memory)).recover(threadOf(VICTIM))
      const steps = stepsOf(MENDER, () => recover(made))
      for (let mending = 0; mending < steps; mending++) {
        const scene = killed(step, before, act, victim, others)!
        const told = mustBeTold(scene)
        killedAt(mending, MENDER, () => recover(scene))
        recoverAll(scene, [FORMER, MENDER, VICTIM])
        const what = `killed before step ${step}, its recovery before step ${mending}`
        expectRecovered(scene, told, act === GIVES_UP, what)
      }
    }
  },
)
