/** Mutants of the robust locks: each is wrong in one line. */
import type { Mutant } from './mutants.ts'
import {
  deathScenario,
  heirsScenario,
  locking,
  lossScenario,
  reading,
  trying,
  twoMutexRecoveries,
  twoRecoveries,
  writing,
} from './robust.ts'
import type { Robust } from './robust.ts'

/** More steps than any operation takes: the actor does not die. */
const NEVER = 1000
/** Before the wake-up of an unlock after which the data are lost: three accesses lock the mutex, and three make it not recoverable. */
const LOST_UNSAID = 6

const mutexDeath =
  (step: number, recoveryStep?: number): Mutant['scenario'] =>
  (robust) =>
    deathScenario(robust, step, locking(robust), [locking(robust)], recoveryStep)

const death =
  (
    step: number,
    doomed: (robust: Robust) => ReturnType<typeof reading>,
    other: typeof doomed,
    recoveryStep?: number,
  ): Mutant['scenario'] =>
  (robust) =>
    deathScenario(robust, step, doomed(robust), [other(robust)], recoveryStep)

export const robustMutants: readonly Mutant[] = [
  {
    what: 'a recovery that wakes no sleeper',
    file: 'robust-mutex',
    from: 'Atomics.notify(this.#words, this.#at)\n',
    to: '\n',
    scenario: mutexDeath(1),
  },
  {
    what: 'a recovery that wakes only if the dead agent held the mutex',
    file: 'robust-mutex',
    from: 'Atomics.notify(this.#words, this.#at)\n',
    to: 'if (seen >>> AGENT === dead) Atomics.notify(this.#words, this.#at)\n',
    scenario: mutexDeath(5),
  },
  {
    what: 'a recovery that tells nobody',
    file: 'robust-mutex',
    from: 'Atomics.compareExchange(this.#words, this.#at, seen, INCONSISTENT)',
    to: 'Atomics.compareExchange(this.#words, this.#at, seen, UNLOCKED)',
    scenario: mutexDeath(1),
  },
  {
    what: 'a recovery that frees the mutex without a look at who holds it by now',
    file: 'robust-mutex',
    from: 'const before = Atomics.compareExchange(this.#words, this.#at, seen, INCONSISTENT)',
    to: 'const before = seen; Atomics.store(this.#words, this.#at, INCONSISTENT)',
    scenario: twoMutexRecoveries,
  },
  {
    what: 'a recovery that gives up when another agent has asked to be woken meanwhile',
    file: 'robust-mutex',
    from: 'seen = before\n    }\n    // In any case',
    to: 'break\n    }\n    // In any case',
    scenario: mutexDeath(1),
  },
  {
    what: 'a recovery that wakes one agent',
    file: 'robust-mutex',
    from: 'Atomics.notify(this.#words, this.#at)\n',
    to: 'Atomics.notify(this.#words, this.#at, 1)\n',
    scenario: (robust) => lossScenario(robust, 3, LOST_UNSAID),
  },
  {
    what: 'an owner that takes the mutex without its mark',
    file: 'robust-mutex',
    from: 'const marked = seen | CONTENDED',
    to: 'const marked = (seen & ~INCONSISTENT) | CONTENDED',
    scenario: (robust) => lossScenario(robust, 2),
  },
  {
    what: 'a loss of which one sleeper learns',
    file: 'robust-mutex',
    from: 'isLost ? Infinity : 1',
    to: '1',
    scenario: (robust) => lossScenario(robust, 3),
  },
  {
    what: 'a loss that is forgotten',
    file: 'robust-mutex',
    from: 'isLost ? NOT_RECOVERABLE : UNLOCKED',
    to: 'UNLOCKED',
    scenario: (robust) => lossScenario(robust, 2),
  },
  {
    what: 'a repair that overwrites the mark of a sleeper',
    file: 'robust-mutex',
    from: 'Atomics.and(this.#words, this.#at, ~INCONSISTENT)',
    to: 'Atomics.store(this.#words, this.#at, Atomics.load(this.#words, this.#at) & ~INCONSISTENT)',
    scenario: (robust) => heirsScenario([trying(robust), locking(robust)], 1),
  },
  {
    what: 'a sleeper that locks without asking for the next one',
    file: 'robust-mutex',
    from: 'const marked = seen | CONTENDED |',
    to: 'const marked = seen | (owner === 0 ? 0 : CONTENDED) |',
    scenario: (robust) => heirsScenario([locking(robust), locking(robust), locking(robust)], 1),
  },
  {
    what: 'a sleep on whatever the word is by now',
    file: 'robust-mutex',
    from: 'Atomics.wait(this.#words, this.#at, marked, left)',
    to: 'Atomics.wait(this.#words, this.#at, Atomics.load(this.#words, this.#at), left)',
    scenario: mutexDeath(1),
  },
  {
    what: 'a reader that looks first and says that it is inside after that',
    file: 'robust-rw-lock',
    from: 'this.#readers.enter(own)\n    if (this.#isFree()) return true',
    to: 'if (this.#isFree()) { this.#readers.enter(own); return true }\n    this.#readers.enter(own)',
    scenario: death(NEVER, reading, writing),
  },
  {
    what: 'a reader that lets the mutex go before it says that it is inside',
    file: 'robust-rw-lock',
    from: 'this.#readers.enter(own)\n    this.#mutex.unlock()',
    to: 'this.#mutex.unlock()\n    this.#readers.enter(own)',
    scenario: (robust) => heirsScenario([reading(robust), writing(robust)], 0),
  },
  {
    what: 'a reader that leaves without waking the writer',
    file: 'robust-rw-lock',
    from: 'if (!this.#isFree()) this.#readers.wake(own)',
    to: '',
    scenario: (robust) => deathScenario(robust, 0, writing(robust), [reading(robust), writing(robust)]),
  },
  {
    what: 'a reader that turns back without waking the writer',
    file: 'robust-rw-lock',
    from: 'this.#readers.wake(own)\n    return false',
    to: 'return false',
    scenario: (robust) => deathScenario(robust, 0, writing(robust), [reading(robust), writing(robust)]),
  },
  {
    what: 'a writer that does not say that it is inside',
    file: 'robust-rw-lock',
    from: 'Atomics.store(this.#words, this.#written, 1)',
    to: '',
    scenario: death(NEVER, writing, writing),
  },
  {
    what: 'a death before the writer was inside that is told',
    file: 'robust-rw-lock',
    from: 'if (Atomics.load(this.#words, this.#written) !== 0) return true',
    to: 'return true',
    scenario: death(1, writing, writing),
  },
  {
    what: 'a death inside that is not told',
    file: 'robust-rw-lock',
    from: 'if (Atomics.load(this.#words, this.#written) !== 0) return true',
    to: '',
    scenario: death(4, writing, writing),
  },
  {
    what: 'a recovery that leaves the reader inside',
    file: 'robust-rw-lock',
    from: 'this.#readers.recover(dead)',
    to: '',
    scenario: death(6, reading, writing),
  },
  {
    what: 'a recovery of a reader that does not wake the writer',
    file: 'reader-words',
    from: 'this.wake(word)\n    // Last',
    to: '// Last',
    scenario: death(6, reading, writing),
  },
  {
    what: 'a recovery that forgets the reader before it wakes the writer',
    file: 'reader-words',
    from: 'Atomics.compareExchange(this.#words, word, name | READS, name)',
    to: 'Atomics.store(this.#words, word, 0)',
    scenario: death(6, reading, writing, 4),
  },
  {
    what: 'a recovery that frees the word of another reader',
    file: 'reader-words',
    from: 'Atomics.compareExchange(this.#words, word, name, 0)',
    to: 'Atomics.store(this.#words, word, 0)',
    scenario: twoRecoveries,
  },
  {
    what: 'a reader that takes a word without a look at whose it is by now',
    file: 'reader-words',
    from: 'Atomics.compareExchange(this.#words, word, 0, agent << AGENT) === 0',
    to: 'Atomics.load(this.#words, word) === 0 && Atomics.store(this.#words, word, agent << AGENT) > 0',
    scenario: death(NEVER, reading, reading),
  },
]
