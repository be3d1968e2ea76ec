import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FIRST_THREAD } from '../../src/sync/agent.ts'
import {
  NotOwnerError,
  NotRecoverableError,
  RelockError,
  SyncRangeError,
  TooManyReadersError,
} from '../../src/sync/errors.ts'
import { RobustRwLock } from '../../src/sync/robust-rw-lock.ts'
import { freshWords } from '../threads.ts'
import { as } from './contention.ts'

const ALICE = 1001
const BOB = 1002
const CAROL = 1003
const DAVE = 1004
const ROOM = 3
const threadOf = (agent: number) => agent - FIRST_THREAD
const nothing = () => {}

function fresh(room = ROOM): RobustRwLock {
  return new RobustRwLock(freshWords(RobustRwLock.words(room)), 0, room)
}

/** A lock in which Alice has died while she wrote. */
function leftByAlice(): RobustRwLock {
  const lock = fresh()
  as(ALICE, () => lock.writeLock())
  lock.recover(threadOf(ALICE))
  return lock
}

test('readers do not exclude each other, and a writer excludes all', () => {
  const lock = fresh()
  for (const agent of [ALICE, BOB]) expect(as(agent, () => lock.readLock())).toBe('acquired')
  expect(lock.readers()).toBe(2)
  expect(as(CAROL, () => lock.tryWriteLock())).toBe(false)
  expect(as(CAROL, () => lock.tryWriteLockFor(0.1))).toBe(false)
  for (const agent of [ALICE, BOB]) as(agent, () => lock.readUnlock())
  expect(as(CAROL, () => lock.writeLock())).toBe('acquired')
  expect(lock.writer()).toBe(CAROL)
  for (const side of ['Read', 'Write'] as const) {
    expect(as(ALICE, () => lock[`try${side}Lock`]())).toBe(false)
    expect(as(ALICE, () => lock[`try${side}LockFor`](0.1))).toBe(false)
  }
  as(CAROL, () => lock.writeUnlock())
  expect(lock.writer()).toBe(0)
})

describe.each(['Read', 'Write'] as const)('when a writer died inside, to lock for: %s', (side) => {
  const forms = {
    waiting: (lock: RobustRwLock) => (side === 'Read' ? lock.readLock() : lock.writeLock()),
    'not waiting': (lock: RobustRwLock) => lock[`try${side}Lock`](),
    'for a time': (lock: RobustRwLock) => lock[`try${side}LockFor`](0),
    'without a limit': (lock: RobustRwLock) => lock[`try${side}LockFor`](Infinity),
  }
  const unlock = (lock: RobustRwLock) => (side === 'Read' ? lock.readUnlock() : lock.writeUnlock())

  test.each(Object.entries(forms))('tells that, and the agent is alone inside: %s', (_, enter) => {
    const lock = leftByAlice()
    expect(as(BOB, () => enter(lock))).toBe('owner-died')
    expect(lock.writer()).toBe(BOB)
    expect(as(CAROL, () => lock.tryReadLock())).toBe(false)
    as(BOB, () => lock.markConsistent())
    as(BOB, () => unlock(lock))
    expect(as(CAROL, () => enter(lock))).toBe('acquired')
  })

  test.each(Object.entries(forms))('is refused when the data are lost: %s', (_, enter) => {
    const lock = leftByAlice()
    as(BOB, () => enter(lock))
    as(BOB, () => unlock(lock))
    expect(() => as(CAROL, () => enter(lock))).toThrow(NotRecoverableError)
  })
})

test.each([false, true])('a reader that died lets the writer in, and nobody is told (a writer waits: %s)', (waits) => {
  const lock = fresh()
  as(ALICE, () => lock.readLock())
  if (waits) expect(as(BOB, () => lock.tryWriteLockFor(0.1))).toBe(false)
  lock.recover(threadOf(ALICE))
  expect(lock.readers()).toBe(0)
  expect(as(BOB, () => lock.tryWriteLock())).toBe('acquired')
})

test('there is room for as many readers as the lock was made for, and a recovered one gives its room back', () => {
  const lock = fresh()
  for (const agent of [ALICE, BOB, CAROL]) as(agent, () => lock.reading(nothing, { repair: nothing }))
  expect(() => as(DAVE, () => lock.readLock())).toThrow(TooManyReadersError)
  expect(() => as(DAVE, () => lock.tryReadLock())).toThrow(/^The lock has room for 3 threads that read/)
  expect(as(DAVE, () => lock.writing(() => 'writes', { repair: nothing }))).toBe('writes')
  lock.recover(threadOf(BOB))
  expect(as(DAVE, () => lock.readLock())).toBe('acquired')
})

test.each(['reading', 'writing'] as const)('%s repairs once after a death', (side) => {
  const lock = leftByAlice()
  const done: string[] = []
  const repair = () => done.push('repair')
  lock[side](() => done.push('inside'), { repair })
  lock[side](() => done.push('inside'), { repair })
  expect(done).toEqual(['repair', 'inside', 'inside'])
  expect(() => lock[side](nothing, {} as never)).toThrow('The repair is undefined; it must be a function.')
  expect(() => lock[side](() => expect.fail('inside'), { repair })).toThrow('inside')
  expect(lock.tryWriteLock()).toBe('acquired')
})

test.each(['reading', 'writing'] as const)('%s gives the data up for lost when the repair throws', (side) => {
  const lock = leftByAlice()
  expect(() => lock[side](nothing, { repair: () => expect.fail('cannot repair') })).toThrow('cannot repair')
  expect(() => lock[side](nothing, { repair: nothing })).toThrow(NotRecoverableError)
})

describe('misuse of a robust read-write lock is an error and changes nothing', () => {
  test.each(['readUnlock', 'writeUnlock', 'markConsistent'] as const)('%s by an agent that is not inside', (act) => {
    const lock = fresh()
    expect(() => as(BOB, () => lock[act]())).toThrow(NotOwnerError)
    as(ALICE, () => lock.readLock())
    expect(() => as(BOB, () => lock[act]())).toThrow(/readers hold the lock/)
    as(ALICE, () => lock.readUnlock())
    as(ALICE, () => lock.writeLock())
    expect(() => as(BOB, () => lock[act]())).toThrow(/agent 1001 is alone inside/)
    as(ALICE, () => lock.writeUnlock())
    expect(as(BOB, () => lock.tryWriteLock())).toBe('acquired')
  })

  test.each(['read', 'write'] as const)('locking while inside, to %s', (side) => {
    const lock = fresh()
    as(ALICE, () => {
      lock[`${side}Lock`]()
      expect(() => lock.readLock()).toThrow(RelockError)
      expect(() => lock.tryReadLockFor(1)).toThrow(RelockError)
      expect(() => lock.writeLock()).toThrow(RelockError)
      expect(() => lock.tryWriteLockFor(1)).toThrow(RelockError)
      expect(lock.tryReadLock()).toBe(false)
      expect(lock.tryWriteLock()).toBe(false)
      lock[`${side}Unlock`]()
    })
    expect(as(BOB, () => lock.tryWriteLock())).toBe('acquired')
  })

  test('a writer that reads, beside another reader', () => {
    const lock = fresh()
    for (const agent of [ALICE, BOB]) as(agent, () => lock.readLock())
    expect(() => as(BOB, () => lock.writeLock())).toThrow(RelockError)
    expect(as(CAROL, () => lock.tryReadLock())).toBe('acquired')
  })

  test.each([0, -1, 1.5, Number.NaN])('room for %d readers', (readers) => {
    expect(() => new RobustRwLock(freshWords(8), 0, readers)).toThrow(SyncRangeError)
  })

  test('words that are too few', () => {
    expect(() => new RobustRwLock(freshWords(4), 0, 3)).toThrow(/leaves room for 5 words/)
  })
})

test('for any sequence of calls and deaths, the lock behaves as a set of readers, a writer and what became of the data', () => {
  const AGENTS = { min: ALICE, max: DAVE }
  const act = fc.constantFrom('tryReadLock', 'readUnlock', 'tryWriteLock', 'writeUnlock', 'markConsistent', 'die')
  const property = fc.property(fc.array(fc.tuple(fc.integer(AGENTS), act), { size: '+1' }), (steps) => {
    const lock = fresh(4)
    const readers = new Set<number>()
    let writer = 0
    let isBroken = false
    let isLost = false
    for (const [who, what] of steps) {
      const call = (): unknown => (what === 'die' ? lock.recover(threadOf(who)) : lock[what]())
      if (what === 'die') {
        call()
        readers.delete(who)
        if (writer === who) {
          writer = 0
          isBroken = true
        }
      } else if (what === 'tryReadLock' || what === 'tryWriteLock') {
        if (isLost) expect(() => as(who, call)).toThrow(NotRecoverableError)
        else {
          const isFree = writer === 0 && (what === 'tryReadLock' ? !readers.has(who) : readers.size === 0)
          expect(as(who, call)).toBe(isFree && (isBroken ? 'owner-died' : 'acquired'))
          if (isFree && (what === 'tryWriteLock' || isBroken)) writer = who
          else if (isFree) readers.add(who)
        }
      } else if (what === 'readUnlock' && readers.has(who)) {
        as(who, call)
        readers.delete(who)
      } else if (writer !== who) expect(() => as(who, call)).toThrow(NotOwnerError)
      else {
        as(who, call)
        if (what === 'markConsistent') isBroken = false
        else {
          writer = 0
          isLost = isBroken
        }
      }
      expect([lock.writer(), lock.readers()]).toEqual([writer, readers.size])
    }
  })
  fc.assert(property, { numRuns: 300 })
})
