import { describe, expect, test } from 'vitest'
import { Barrier } from '../../src/sync/barrier.ts'
import { Condition } from '../../src/sync/condition.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { RwLock } from '../../src/sync/rw-lock.ts'
import { Semaphore } from '../../src/sync/semaphore.ts'
import { StartGate } from '../../src/sync/start-gate.ts'
import { freshWords } from '../threads.ts'
import { as } from './contention.ts'
import { ASLEEP, everywhere, interposed, notifications, untilAsleep } from './interpose.ts'

const ALICE = 1001
const BOB = 1002
const CAROL = 1003
/** The word of a read-write lock at which writers sleep. */
const WAKE_UPS = 1
/** In milliseconds. A wait lasts this long only if it has missed a wake-up. */
const LIMIT = 300

interface Lock {
  lock(): void
  unlock(): void
  lockFor(milliseconds: number): boolean
}

const locks = {
  mutex(words: Int32Array): Lock {
    const mutex = new Mutex(words, 0)
    return { lock: () => mutex.lock(), unlock: () => mutex.unlock(), lockFor: (limit) => mutex.tryLockFor(limit) }
  },
  reader(words: Int32Array): Lock {
    const lock = new RwLock(words, 0)
    return {
      lock: () => lock.readLock(),
      unlock: () => lock.readUnlock(),
      lockFor: (limit) => lock.tryReadLockFor(limit),
    }
  },
  writer(words: Int32Array): Lock {
    const lock = new RwLock(words, 0)
    return {
      lock: () => lock.writeLock(),
      unlock: () => lock.writeUnlock(),
      lockFor: (limit) => lock.tryWriteLockFor(limit),
    }
  },
}
type Kind = keyof typeof locks
/** The agent that holds the lock and the agent that comes, for all pairs that exclude each other. */
const pairs: [Kind, Kind][] = [
  ['mutex', 'mutex'],
  ['writer', 'writer'],
  ['writer', 'reader'],
  ['reader', 'writer'],
]

function over(holding: Kind, coming: Kind) {
  const words = freshWords(4)
  return { holder: locks[holding](words), comer: locks[coming](words), third: locks[coming](words) }
}

describe.each(pairs)('wherever a switch falls, between a %s that holds and a %s that comes', (holding, coming) => {
  test('an agent that waits gets in when the holder unlocks', () => {
    everywhere((place) => {
      const { holder, comer } = over(holding, coming)
      as(ALICE, () => holder.lock())
      let got = false
      const accesses = interposed(
        place,
        () => as(BOB, () => (got = comer.lockFor(LIMIT))),
        () => as(ALICE, () => holder.unlock()),
      )
      expect(got).toBe(true)
      as(BOB, () => comer.unlock())
      return accesses
    })
  })

  test('an agent that fell asleep before the holder unlocked is notified', () => {
    everywhere((place) => {
      const { holder, comer } = over(holding, coming)
      as(ALICE, () => holder.lock())
      let bed: number | undefined
      let accesses = 0
      const notified = notifications(() => {
        accesses = interposed(
          place,
          () => as(ALICE, () => holder.unlock()),
          () => void (bed = as(BOB, () => untilAsleep(() => comer.lock()))),
        )
      })
      if (bed !== undefined) expect(notified).toContain(bed)
      return accesses
    })
  })
})

describe.each([
  ['writer', 'reader', 'writer'],
  ['writer', 'writer', 'reader'],
  ['reader', 'writer', 'reader'],
] as const)('wherever a switch falls, a %s that holds', (holding, sleeping, coming) => {
  test(`lets go for the ${sleeping} that sleeps and for the ${coming} that comes to sleep`, () => {
    everywhere((place) => {
      const words = freshWords(4)
      const holder = locks[holding](words)
      as(ALICE, () => holder.lock())
      const wordsOfSleepers = [as(CAROL, () => untilAsleep(() => locks[sleeping](words).lock()))]
      let accesses = 0
      const notified = notifications(() => {
        accesses = interposed(
          place,
          () => as(ALICE, () => holder.unlock()),
          () => void wordsOfSleepers.push(as(BOB, () => untilAsleep(() => locks[coming](words).lock()))),
        )
      })
      // If readers sleep behind a waiting writer, that writer wakes them when it leaves.
      const isWriterAsleep = wordsOfSleepers.includes(WAKE_UPS)
      for (const word of wordsOfSleepers)
        if (word !== undefined) expect(notified).toContain(isWriterAsleep ? WAKE_UPS : word)
      return accesses
    })
  })
})

/** Without readers: they are all woken at the same time, so no reader sleeps that another reader would have to wake. */
const oneByOne = pairs.filter(([, coming]) => coming !== 'reader')

describe.each(oneByOne)('behind a %s that holds, when a %s was woken', (holding, coming) => {
  test('and gets in, it wakes the next in turn when it leaves', () => {
    const { holder, comer } = over(holding, coming)
    as(ALICE, () => holder.lock())
    as(CAROL, () => untilAsleep(() => comer.lock()))
    interposed(
      ASLEEP,
      () => as(BOB, () => comer.lock()),
      () => as(ALICE, () => holder.unlock()),
    )
    expect(notifications(() => as(BOB, () => comer.unlock()))).toHaveLength(1)
  })

  test('too late to get in, the next in turn is woken all the same', () => {
    const { holder, comer, third } = over(holding, coming)
    as(ALICE, () => holder.lock())
    as(CAROL, () => untilAsleep(() => comer.lock()))
    let got = true
    const notified = notifications(() => {
      interposed(
        ASLEEP,
        () => as(BOB, () => (got = comer.lockFor(1))),
        () => {
          as(ALICE, () => holder.unlock())
          as(ALICE, () => third.lockFor(LIMIT))
          const start = performance.now()
          while (performance.now() - start < 2);
        },
      )
      as(ALICE, () => third.unlock())
    })
    expect(got).toBe(false)
    // Alice's first unlock notified once, which woke Bob; the second unlock must notify once more.
    expect(notified.length).toBeGreaterThan(1)
  })
})

test('wherever the mutex changes hands while another marks it, it keeps its new owner', () => {
  everywhere((place) => {
    const words = freshWords(1)
    const mutex = new Mutex(words, 0)
    let [got, owner] = [false, ALICE]
    as(ALICE, () => mutex.lock())
    const accesses = interposed(
      place,
      () => as(BOB, () => (got = mutex.tryLockFor(0))),
      () => {
        as(ALICE, () => mutex.unlock())
        as(CAROL, () => mutex.lock())
        owner = CAROL
      },
    )
    expect([got, mutex.owner()]).toEqual([false, owner])
    as(owner, () => mutex.unlock())
    return accesses
  })
})

test('wherever a second agent unlocks a read lock, no more readers leave than came in', () => {
  everywhere((place) => {
    const words = freshWords(RwLock.WORDS)
    const lock = new RwLock(words, 0)
    lock.readLock()
    lock.readLock()
    const accesses = interposed(
      place,
      () => lock.readUnlock(),
      () => lock.readUnlock(),
    )
    if (lock.readers() > 0) lock.readUnlock()
    expect(words[0]).toBe(0)
    return accesses
  })
})

describe('wherever a switch falls, at a semaphore', () => {
  test('an agent that waits gets the permit that is released', () => {
    everywhere((place) => {
      const semaphore = new Semaphore(freshWords(2), 0, 1)
      semaphore.acquire()
      let got = false
      const accesses = interposed(
        place,
        () => void (got = semaphore.tryAcquireFor(LIMIT)),
        () => semaphore.release(),
      )
      expect(got).toBe(true)
      return accesses
    })
  })

  test('an agent that found no permit before one was released is notified', () => {
    everywhere((place) => {
      const words = freshWords(2)
      const semaphore = new Semaphore(words, 0, 1)
      semaphore.acquire()
      let refused = false
      let accesses = 0
      const notified = notifications(() => {
        accesses = interposed(
          place,
          () => semaphore.release(),
          () => {
            // The steps of an agent that is about to sleep: it counts itself, then looks for a permit.
            Atomics.add(words, 1, 1)
            refused = !semaphore.tryAcquire()
          },
        )
      })
      if (refused) expect(notified).toEqual([0])
      return accesses
    })
  })

  test('of two agents that acquire the last permit only one gets it', () => {
    everywhere((place) => {
      const semaphore = new Semaphore(freshWords(2), 0, 1)
      const got: boolean[] = []
      const take = () => void got.push(semaphore.tryAcquire())
      const accesses = interposed(place, take, take)
      expect(got.filter(Boolean).length).toBe(1)
      expect(semaphore.available()).toBe(0)
      return accesses
    })
  })
})

test('wherever a change is made under the mutex and notified, a waiter is woken', () => {
  everywhere((place) => {
    const words = freshWords(4)
    const mutex = new Mutex(words, 0)
    const condition = new Condition(words, Mutex.WORDS)
    let woken = false
    as(BOB, () => mutex.lock())
    const accesses = interposed(
      place,
      () => as(BOB, () => (woken = condition.waitFor(mutex, LIMIT))),
      () =>
        as(ALICE, () => {
          if (!mutex.tryLock()) return false
          mutex.unlock()
          condition.notifyOne()
          return true
        }),
    )
    expect(woken).toBe(true)
    expect(mutex.owner()).toBe(BOB)
    return accesses
  })
})

test('wherever the last party arrives at a barrier, the party before it passes', () => {
  everywhere((place) => {
    const words = freshWords(2)
    const barrier = new Barrier(words, 0, 2)
    let passed = false
    const accesses = interposed(
      place,
      () => void (passed = barrier.arriveAndWaitFor(LIMIT)),
      () => words[0] === 1 && barrier.arriveAndWait(),
    )
    expect(passed).toBe(true)
    expect([...words]).toEqual([0, 1])
    return accesses
  })
})

test('wherever a party of the next round arrives, the round before is over', () => {
  everywhere((place) => {
    const words = freshWords(2)
    const barrier = new Barrier(words, 0, 2)
    // One party has arrived and sleeps; the subject is the last. As soon as the sleeper may continue, it arrives again.
    untilAsleep(() => barrier.arriveAndWait())
    const accesses = interposed(
      place,
      () => void barrier.arriveAndWait(),
      () => words[1] === 1 && untilAsleep(() => barrier.arriveAndWait()) !== undefined,
    )
    if (words[0] === 0) untilAsleep(() => barrier.arriveAndWait())
    expect([...words]).toEqual([1, 1])
    return accesses
  })
})

test('if the last party arrives just before another sleeps, the gate opens for both', () => {
  const words = freshWords(2)
  const gate = new StartGate(words, 0, 2)
  let passed = false
  interposed(
    ASLEEP,
    () => void (passed = gate.arriveFor(LIMIT)),
    () => gate.arrive(),
  )
  expect(passed).toBe(true)
})
