import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { currentAgent } from '../../src/sync/agent.ts'
import { NotOwnerError, RelockError, SyncRangeError } from '../../src/sync/errors.ts'
import { RwLock } from '../../src/sync/rw-lock.ts'
import { freshWords, threads, until } from '../threads.ts'
import { ROUNDS, as, episodeWords, leftBy } from './contention.ts'
import { FIRST, SECOND } from './rw-lock.jobs.ts'
import type { Jobs } from './rw-lock.jobs.ts'

const READERS_WAIT = 1
/** The bits of the state that count the waiting writers. */
const WRITERS_WAIT = 0x3ff << 2
const ALICE = 1001
const BOB = 1002
const CAROL = 1003
const { run, end } = threads<Jobs>(new URL('rw-lock.jobs.ts', import.meta.url))
afterAll(end)

describe.each([2, 8])('a read-write lock between %i threads', (count) => {
  test('loses no update of writers', async () => {
    const words = freshWords(16)
    await run('add', count, words)
    expect(words[FIRST]).toBe(count * ROUNDS)
    expect(words[0]).toBe(0)
  })

  test('lets no reader see a change that is half done', async () => {
    const words = freshWords(16)
    const halves = await run('writeOrCompare', count, words)
    expect(halves).toEqual(Array.from({ length: count }, () => 0))
    expect([words[FIRST], words[SECOND]]).toEqual([(count / 2) * (ROUNDS / 4), (count / 2) * (ROUNDS / 4)])
    expect(words[0]).toBe(0)
  })

  test('lets a writer in while readers keep coming', async () => {
    const words = freshWords(16)
    await run('writeAmongReaders', count, words)
    expect(words[FIRST]).toBe(10)
    expect(words[0]).toBe(0)
  })

  test('lets all readers be inside together', async () => {
    const words = freshWords(16)
    expect(await run('readTogether', count, words)).toEqual(Array.from({ length: count }, () => true))
    expect(words[0]).toBe(0)
  })

  test.each(['writeInEpisodes', 'readInEpisodes', 'giveUpInEpisodes'] as const)(
    'forgets no sleeper if no more traffic comes, and ends free (%s)',
    async (job) => {
      const words = episodeWords(RwLock.WORDS)
      await run(job, count, words)
      const states = leftBy(words, RwLock.WORDS).map((left) => left.split(' ')[0])
      expect(new Set(states)).toEqual(new Set(['0']))
    },
  )
})

describe('an agent that sleeps at a held lock is woken when the lock becomes free', () => {
  test.each([
    ['a reader', 'readWithinLimit', READERS_WAIT],
    ['a writer', 'writeWithinLimit', WRITERS_WAIT],
  ] as const)('%s with a time limit behind a writer', async (_, job, bit) => {
    const words = freshWords(16)
    const lock = new RwLock(words, 0)
    lock.writeLock()
    const got = await run(job, 1, words, async () => {
      await until(() => (words[0]! & bit) !== 0)
      lock.writeUnlock()
    })
    expect(got).toEqual([true])
  })

  test('a writer with a time limit behind readers', async () => {
    const words = freshWords(16)
    const lock = new RwLock(words, 0)
    lock.readLock()
    lock.readLock()
    const got = await run('writeWithinLimit', 1, words, async () => {
      await until(() => (words[0]! & WRITERS_WAIT) !== 0)
      lock.readUnlock()
      lock.readUnlock()
    })
    expect(got).toEqual([true])
  })

  test.each(['readOnce', 'writeOnce'] as const)('all of several sleepers behind a writer (%s)', async (job) => {
    const words = freshWords(16)
    const lock = new RwLock(words, 0)
    lock.writeLock()
    await run(job, 4, words, async () => {
      await until(() => (words[0]! & (READERS_WAIT | WRITERS_WAIT)) !== 0)
      expect(as(BOB, () => lock.tryWriteLockFor(1))).toBe(false)
      expect(as(BOB, () => lock.tryReadLockFor(1))).toBe(false)
      lock.writeUnlock()
    })
    expect(words[FIRST]).toBe(job === 'writeOnce' ? 4 : 0)
    expect(words[0]).toBe(0)
  })
})

test('a writer waiting behind a reader keeps new readers out', async () => {
  const words = freshWords(16)
  const lock = new RwLock(words, 0)
  lock.readLock()
  await run('writeOnce', 1, words, async () => {
    await until(() => (words[0]! & WRITERS_WAIT) !== 0)
    expect(as(BOB, () => lock.tryReadLock())).toBe(false)
    expect(as(BOB, () => lock.tryReadLockFor(1))).toBe(false)
    expect(lock.readers()).toBe(1)
    lock.readUnlock()
  })
  expect(words[FIRST]).toBe(1)
})

test('a writer that gave up keeps no reader out', () => {
  const words = freshWords(RwLock.WORDS)
  const lock = new RwLock(words, 0)
  as(ALICE, () => lock.readLock())
  expect(as(BOB, () => lock.tryWriteLockFor(0))).toBe(false)
  expect(as(CAROL, () => lock.tryReadLock())).toBe(true)
  lock.readUnlock()
  lock.readUnlock()
  expect(words[0]).toBe(0)
})

test('a writer that gives up wakes the readers that it kept out', async () => {
  const words = freshWords(16)
  const lock = new RwLock(words, 0)
  lock.readLock()
  // One thread waits to write and gives up. Meanwhile another waits to read: it must get in while the first reader stays inside.
  await run('giveUpWritingAndRead', 2, words)
  expect(lock.readers()).toBe(1)
  lock.readUnlock()
})

test('between the last reader and the writer that waits, no new reader gets in', async () => {
  const words = freshWords(16)
  const lock = new RwLock(words, 0)
  lock.readLock()
  await run('writeOnce', 1, words, async () => {
    await until(() => (words[0]! & WRITERS_WAIT) !== 0)
    lock.readUnlock()
    // The writer may be inside or done by now. A reader gets in only after it.
    if (as(BOB, () => lock.tryReadLock())) {
      expect(words[FIRST]).toBe(1)
      lock.readUnlock()
    }
  })
})

test.each([0, 0.01, 1])('timed locks of %d ms give up on a held lock and leave it to its holder', (milliseconds) => {
  const words = freshWords(RwLock.WORDS)
  const lock = new RwLock(words, 0)
  as(ALICE, () => lock.writeLock())
  expect(as(BOB, () => lock.tryWriteLockFor(milliseconds))).toBe(false)
  expect(as(CAROL, () => lock.tryReadLockFor(milliseconds))).toBe(false)
  expect(lock.writer()).toBe(ALICE)
  as(ALICE, () => lock.writeUnlock())
  expect(as(CAROL, () => lock.tryReadLockFor(milliseconds))).toBe(true)
  expect(as(BOB, () => lock.tryWriteLockFor(milliseconds))).toBe(false)
  expect([lock.readers(), lock.writer()]).toEqual([1, 0])
  as(CAROL, () => lock.readUnlock())
  expect(as(BOB, () => lock.tryWriteLockFor(milliseconds))).toBe(true)
  expect([lock.readers(), lock.writer()]).toEqual([0, BOB])
})

test('two locks over the same words are one', () => {
  const words = freshWords(8)
  const lock = new RwLock(words, 2)
  const same = new RwLock(new Int32Array(words.buffer, 8), 0)
  lock.writeLock()
  expect(same.writer()).toBe(currentAgent())
  expect(as(BOB, () => same.tryReadLock())).toBe(false)
  same.writeUnlock()
  same.readLock()
  expect(lock.readers()).toBe(1)
  expect(as(BOB, () => lock.tryWriteLock())).toBe(false)
  lock.readUnlock()
  expect(as(BOB, () => lock.tryWriteLock())).toBe(true)
})

describe('misuse of a read-write lock is an error and changes nothing', () => {
  const states = {
    'a free lock': () => {},
    'a lock that a writer holds': (lock: RwLock) => as(ALICE, () => lock.writeLock()),
    'a lock that a writer holds and others want': (lock: RwLock) => {
      as(ALICE, () => lock.writeLock())
      as(CAROL, () => [lock.tryReadLockFor(0), lock.tryWriteLockFor(0)])
    },
  }

  test.each(Object.keys(states) as (keyof typeof states)[])('leaving as a reader %s', (state) => {
    const words = freshWords(RwLock.WORDS)
    const lock = new RwLock(words, 0)
    states[state](lock)
    const before = words.slice()
    expect(() => as(BOB, () => lock.readUnlock())).toThrow(NotOwnerError)
    expect(words).toEqual(before)
    if (lock.writer() > 0) as(ALICE, () => lock.writeUnlock())
    expect(words[0]).toBe(0)
  })

  test.each(Object.keys(states) as (keyof typeof states)[])('write-unlocking as another agent %s', (state) => {
    const words = freshWords(RwLock.WORDS)
    const lock = new RwLock(words, 0)
    states[state](lock)
    const before = words.slice()
    expect(() => as(BOB, () => lock.writeUnlock())).toThrow(NotOwnerError)
    expect(words).toEqual(before)
  })

  test('write-unlocking a lock that only readers hold', () => {
    const words = freshWords(RwLock.WORDS)
    const lock = new RwLock(words, 0)
    lock.readLock()
    expect(() => lock.writeUnlock()).toThrow('readers hold the lock')
    expect(lock.readers()).toBe(1)
    lock.readUnlock()
    expect(words[0]).toBe(0)
  })

  test.each([-1, 0.5, 2])('making it at %d of four words, where it does not fit', (at) => {
    expect(() => new RwLock(freshWords(4), at)).toThrow(SyncRangeError)
  })

  test.each([false, true])('the writer locking again (contended: %s)', (contended) => {
    const words = freshWords(RwLock.WORDS)
    const lock = new RwLock(words, 0)
    as(ALICE, () => lock.writeLock())
    if (contended) as(BOB, () => [lock.tryReadLockFor(0), lock.tryWriteLockFor(0)])
    const before = words.slice()
    as(ALICE, () => {
      expect(() => lock.writeLock()).toThrow(RelockError)
      expect(() => lock.tryWriteLockFor(1)).toThrow(RelockError)
      expect(() => lock.readLock()).toThrow(RelockError)
      expect(() => lock.tryReadLockFor(1)).toThrow(RelockError)
      expect(lock.tryWriteLock()).toBe(false)
      expect(lock.tryReadLock()).toBe(false)
    })
    expect(words).toEqual(before)
    as(ALICE, () => lock.writeUnlock())
    expect(words[0]).toBe(0)
  })

  test.each([Number.NaN, -1, -Infinity])('a time limit of %d, also on a free lock', (milliseconds) => {
    const free = new RwLock(freshWords(RwLock.WORDS), 0)
    expect(() => free.tryReadLockFor(milliseconds)).toThrow(SyncRangeError)
    expect(() => free.tryWriteLockFor(milliseconds)).toThrow(SyncRangeError)
    const words = freshWords(RwLock.WORDS)
    const lock = new RwLock(words, 0)
    as(ALICE, () => lock.writeLock())
    const before = words.slice()
    expect(() => as(BOB, () => lock.tryReadLockFor(milliseconds))).toThrow(SyncRangeError)
    expect(() => as(BOB, () => lock.tryWriteLockFor(milliseconds))).toThrow(SyncRangeError)
    expect(words).toEqual(before)
    as(ALICE, () => lock.writeUnlock())
    expect(words[0]).toBe(0)
  })
})

test('for any sequence of calls by several agents, the lock behaves as a count and an owner', () => {
  const agent = fc.integer({ min: 1, max: 3 })
  const act = fc.constantFrom('read', 'write', 'readUnlock', 'writeUnlock')
  const property = fc.property(fc.array(fc.tuple(agent, act)), (steps) => {
    const lock = new RwLock(freshWords(RwLock.WORDS), 0)
    let readers = 0
    let writer = 0
    for (const [who, what] of steps) {
      if (what === 'read') {
        expect(as(who, () => lock.tryReadLock())).toBe(writer === 0)
        if (writer === 0) readers++
      } else if (what === 'write') {
        const free = writer === 0 && readers === 0
        expect(as(who, () => lock.tryWriteLock())).toBe(free)
        if (free) writer = who
      } else if (what === 'readUnlock' && readers > 0) {
        lock.readUnlock()
        readers--
      } else if (what === 'writeUnlock' && writer === who) {
        as(who, () => lock.writeUnlock())
        writer = 0
      } else {
        expect(() => as(who, () => lock[what]())).toThrow(NotOwnerError)
      }
      expect([lock.readers(), lock.writer()]).toEqual([readers, writer])
    }
  })
  fc.assert(property)
})
