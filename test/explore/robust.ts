/**
 * Scenarios of the robust locks. An actor dies in an operation, another one recovers it when it is dead, and the others work on two words
 * that are equal unless an actor is alone inside. An actor that finds them unequal, and was not told of a death, throws.
 */
import type { RobustMutex } from '../../src/sync/robust-mutex.ts'
import type { RobustRwLock } from '../../src/sync/robust-rw-lock.ts'
import type { Scenario } from '../../src/scenario.ts'
import { nth, over } from './counters.ts'
import { awaitExit, diesBefore, tellExit, threadOf } from './dying.ts'

export interface Robust {
  readonly RobustMutex: typeof RobustMutex
  readonly RobustRwLock: typeof RobustRwLock
  readonly NotRecoverableError: new () => Error
}

const ONE = 0
const OTHER = 1
const PAUSE = 2
/** How often a death was told. */
const TOLD = 3
/** Whether the first actor is dead, and the second. */
const EXITS = [4, 5] as const
const LOCK = 6
/** A free mutex whose last owner died inside. */
const OWNER_DIED = 2
/** So few that readers want the same word first. */
const READERS = 2

type Act = (words: Int32Array) => unknown

/** A way into a lock. It calls `inside` there. */
type Enter = (words: Int32Array, inside: () => void) => void

/** What an actor does, and with which lock. */
interface Way {
  readonly enter: Enter
  inside(words: Int32Array): void
  recover(words: Int32Array, threadId: number): void
}

function repair(words: Int32Array): void {
  words[OTHER] = words[ONE]!
  words[TOLD]!++
}

function check(words: Int32Array): void {
  if (words[ONE] !== words[OTHER]) throw new Error('An actor that was not told of a death found the words unequal')
}

/** Changes both words, with a step in between. */
function change(words: Int32Array): void {
  check(words)
  words[ONE]!++
  Atomics.load(words, PAUSE)
  words[OTHER]!++
}

/** Looks at both words twice, with a step in between. */
function look(words: Int32Array): void {
  check(words)
  Atomics.load(words, PAUSE)
  check(words)
}

export function locking({ RobustMutex: Subject }: Robust): Way {
  return {
    enter: (words, inside) => new Subject(words, LOCK).holding(inside, { repair: () => repair(words) }),
    inside: change,
    recover: (words, threadId) => new Subject(words, LOCK).recover(threadId),
  }
}

/** As `locking`, but gives up if the mutex is not free at once. */
export function trying({ RobustMutex: Subject, ...robust }: Robust): Way {
  return {
    ...locking({ RobustMutex: Subject, ...robust }),
    enter(words, inside) {
      const mutex = new Subject(words, LOCK)
      const taken = mutex.tryLock()
      if (taken === false) return
      if (taken === 'owner-died') {
        repair(words)
        mutex.markConsistent()
      }
      inside()
      mutex.unlock()
    },
  }
}

function shared({ RobustRwLock: Subject }: Robust, side: 'reading' | 'writing'): Way {
  return {
    enter: (words, inside) => new Subject(words, LOCK, READERS)[side](inside, { repair: () => repair(words) }),
    inside: side === 'reading' ? look : change,
    recover: (words, threadId) => new Subject(words, LOCK, READERS).recover(threadId),
  }
}

export const reading = (robust: Robust): Way => shared(robust, 'reading')
export const writing = (robust: Robust): Way => shared(robust, 'writing')

/** Any one of the actors dies at any step, and is recovered. At most one is told of it, and only of a death inside. */
export function crashScenario({ RobustMutex: Subject }: Robust, ways: readonly Way[]): Scenario {
  const actors = ways.map(({ enter, inside }, index): [string, Act] => [
    `actor${index}`,
    (words) => enter(words, () => inside(words)),
  ])
  const scenario = over(Object.fromEntries(actors), {
    memory: () => beginning(0),
    invariant: (words) =>
      words[TOLD]! <= 1 && (words[ONE] === words[OTHER] || !new Subject(words, LOCK).isConsistent()),
  })
  return {
    ...scenario,
    crashes: 1,
    recover: (words, { threadId }) => ways[0]!.recover(words as Int32Array, threadId),
  }
}

/**
 * One actor dies before its access number `step`, and is recovered; the others live. With `recoveryStep`, the first recovery dies as well,
 * before that access of its own, and another one is made of both.
 */
export function deathScenario(
  { RobustMutex: Subject }: Robust,
  step: number,
  doomed: Way,
  others: readonly Way[],
  recoveryStep?: number,
): Scenario {
  const recover = (words: Int32Array, threadId: number): void => doomed.recover(words, threadId)
  const actors: Record<string, Act> = {
    doomed(words): Fate {
      let wasInside = false
      const inside = (): void => {
        wasInside = true
        doomed.inside(words)
      }
      const died = diesBefore(step, () => doomed.enter(words, inside))
      tellExit(words, EXITS[0])
      return { died, wasInside }
    },
    ...recoverers(recover, recoveryStep),
  }
  for (const [index, { enter, inside }] of others.entries())
    actors[`other${index}`] = (words) => enter(words, () => inside(words))
  return over(actors, {
    memory: () => beginning(0),
    invariant(words, results) {
      const { died, wasInside } = results['doomed'] as Fate
      const canBeTold = died && wasInside && doomed.inside === change
      if (words[TOLD]! > (canBeTold ? 1 : 0)) return false
      // Of a death that was not told yet, the lock has kept the mark.
      return words[ONE] === words[OTHER] || !new Subject(words, LOCK).isConsistent()
    },
    observe: (_, results) => ((results['doomed'] as Fate).died ? 'died' : 'lived'),
  })
}

/** What became of the actor that was to die. */
interface Fate {
  readonly died: boolean
  readonly wasInside: boolean
}

function recoverers(recover: Way['recover'], recoveryStep: number | undefined): Record<string, Act> {
  if (recoveryStep === undefined) {
    const recoverer: Act = (words) => {
      awaitExit(words, EXITS[0])
      recover(words, threadOf(0))
    }
    return { recoverer }
  }
  return {
    doomedRecoverer(words) {
      awaitExit(words, EXITS[0])
      const died = diesBefore(recoveryStep, () => recover(words, threadOf(0)))
      tellExit(words, EXITS[1])
      return died
    },
    recoverer(words) {
      awaitExit(words, EXITS[1])
      recover(words, threadOf(0))
      recover(words, threadOf(1))
    },
  }
}

/** Two recoveries of the same thread at once, while another actor wants the dead one's room. */
export function twoRecoveries({ RobustRwLock: Subject }: Robust): Scenario {
  const lock = (words: Int32Array) => new Subject(words, LOCK, 1)
  const recover = (words: Int32Array): void => lock(words).recover(99)
  const actors: Record<string, Act> = {
    one: recover,
    another: recover,
    reader(words) {
      try {
        lock(words).readLock()
      } catch (error) {
        return (error as { code?: string }).code
      }
      return lock(words).readers()
    },
  }
  return over(actors, {
    memory() {
      const words = new Int32Array(new SharedArrayBuffer(4 * (LOCK + 3)))
      words[LOCK + 2] = (100 << 1) | 1
      return words
    },
    observe: (words, { reader }) => (reader === 1 ? `inside: ${lock(words).readers()}` : reader),
    outcomes: { 'inside: 1': 'acceptable', ERR_RACELAB_TOO_MANY_READERS: 'acceptable' },
  })
}

/** A thread has died inside a mutex. Two recoveries of it at once, while another actor comes. */
export function twoMutexRecoveries(robust: Robust): Scenario {
  const { enter, inside, recover } = locking(robust)
  const actors: Record<string, Act> = {
    one: (words) => recover(words, 99),
    another: (words) => recover(words, 99),
    heir: (words) => enter(words, () => inside(words)),
  }
  return over(actors, {
    memory: () => beginning(100 << 2),
    observe: (words) => words[TOLD],
    outcomes: { 1: 'acceptable' },
  })
}

/**
 * An owner has died and is recovered, and the others come. `told`: how often they are told. A mutex tells once, and a read-write lock does
 * not, because the dead agent was coming in or had left.
 */
export function heirsScenario(heirs: readonly Way[], told: number): Scenario {
  const actors = heirs.map(({ enter, inside }, index): [string, Act] => [
    `heir${index}`,
    (words) => enter(words, () => inside(words)),
  ])
  return over(Object.fromEntries(actors), {
    memory: () => beginning(OWNER_DIED),
    observe: (words) => words[TOLD],
    outcomes: { [told]: 'acceptable' },
    invariant: (words) => words[ONE] === words[OTHER] && words[LOCK] === 0,
  })
}

function beginning(word: number): Int32Array {
  const words = new Int32Array(new SharedArrayBuffer(4 * (LOCK + 2 + READERS)))
  words[LOCK] = word
  return words
}

/**
 * An owner has died, and no actor repairs the data: one is told, and the others learn that the data are lost. With `step`, the first actor
 * dies before that access, and is recovered.
 */
export function lossScenario(robust: Robust, actors: number, step?: number): Scenario {
  const act: Act = (words) => {
    const mutex = new robust.RobustMutex(words, LOCK)
    try {
      const taken = mutex.lock()
      mutex.unlock()
      return taken
    } catch (error) {
      if (error instanceof robust.NotRecoverableError) return 'lost'
      throw error
    }
  }
  const doomed: Record<string, Act> = {
    actor0(words) {
      const died = diesBefore(step!, () => act(words))
      tellExit(words, EXITS[0])
      return died
    },
    ...recoverers(locking(robust).recover, undefined),
  }
  const scenario = over(
    { ...nth(actors, act), ...(step !== undefined && doomed) },
    { memory: () => beginning(OWNER_DIED) },
  )
  if (step !== undefined) return { ...scenario, observe: (_, { actor0 }) => (actor0 === true ? 'died' : 'lived') }
  return {
    ...scenario,
    observe(_, results) {
      const learnt = (what: string): number => Object.values(results).filter((result) => result === what).length
      return `${learnt('owner-died')} told, ${learnt('lost')} lost`
    },
    outcomes: { [`1 told, ${actors - 1} lost`]: 'acceptable' },
  }
}
