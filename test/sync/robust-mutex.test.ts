import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FIRST_THREAD, currentAgent } from '../../src/sync/agent.ts'
import { NotOwnerError, NotRecoverableError, RelockError, SyncRangeError } from '../../src/sync/errors.ts'
import { RobustMutex } from '../../src/sync/robust-mutex.ts'
import { freshWords } from '../threads.ts'
import { as } from './contention.ts'

const ALICE = 1001
const BOB = 1002
const CAROL = 1003
const threadOf = (agent: number) => agent - FIRST_THREAD
const nothing = () => {}

/** A mutex that Alice has locked, and died inside. */
function leftByAlice(): RobustMutex {
  const mutex = new RobustMutex(freshWords(1), 0)
  as(ALICE, () => mutex.lock())
  mutex.recover(threadOf(ALICE))
  return mutex
}

test('the owner is the agent that locked, and 0 before the lock and after the unlock', () => {
  const words = freshWords(1)
  const mutex = new RobustMutex(words, 0)
  expect(mutex.owner()).toBe(0)
  expect(mutex.lock()).toBe('acquired')
  expect(mutex.owner()).toBe(currentAgent())
  expect(as(BOB, () => mutex.tryLock())).toBe(false)
  mutex.unlock()
  expect(words[0]).toBe(0)
})

describe.each([
  ['lock', (mutex: RobustMutex) => mutex.lock()],
  ['tryLock', (mutex: RobustMutex) => mutex.tryLock()],
  ['tryLockFor', (mutex: RobustMutex) => mutex.tryLockFor(0)],
  ['tryLockFor without a limit', (mutex: RobustMutex) => mutex.tryLockFor(Infinity)],
])('%s', (_, lock) => {
  test('tells the next owner that the last one died, and no other one after the repair', () => {
    const mutex = leftByAlice()
    expect(mutex.owner()).toBe(0)
    expect(as(BOB, () => lock(mutex))).toBe('owner-died')
    expect(mutex.isConsistent()).toBe(false)
    as(BOB, () => mutex.markConsistent())
    expect(mutex.isConsistent()).toBe(true)
    as(BOB, () => mutex.unlock())
    expect(as(CAROL, () => lock(mutex))).toBe('acquired')
  })

  test('tells the owner after the next one, if the next one died before the repair', () => {
    const mutex = leftByAlice()
    as(BOB, () => lock(mutex))
    mutex.recover(threadOf(BOB))
    expect(as(CAROL, () => lock(mutex))).toBe('owner-died')
  })

  test('is refused when an owner that was told has unlocked without a repair, forever', () => {
    const mutex = leftByAlice()
    as(BOB, () => {
      lock(mutex)
      mutex.unlock()
    })
    mutex.recover(threadOf(BOB))
    for (const agent of [CAROL, BOB]) expect(() => as(agent, () => lock(mutex))).toThrow(NotRecoverableError)
    expect(mutex.owner()).toBe(0)
    expect(mutex.isConsistent()).toBe(false)
  })
})

test('a recovery of a thread that does not hold the mutex leaves it to its owner', () => {
  const words = freshWords(1)
  const mutex = new RobustMutex(words, 0)
  as(ALICE, () => mutex.lock())
  as(BOB, () => mutex.tryLockFor(0))
  const before = words[0]
  mutex.recover(threadOf(BOB))
  expect(words[0]).toBe(before)
  as(ALICE, () => mutex.unlock())
  expect(words[0]).toBe(0)
})

describe('holding', () => {
  test('repairs before anything else if an owner died, and only then', () => {
    const mutex = leftByAlice()
    const done: string[] = []
    const repair = () => done.push('repair')
    expect(mutex.holding(() => done.push('inside'), { repair })).toBe(2)
    expect(mutex.holding(() => done.push('inside'), { repair })).toBe(3)
    expect(done).toEqual(['repair', 'inside', 'inside'])
  })

  test('unlocks when what is inside throws, and the data count as consistent', () => {
    const mutex = new RobustMutex(freshWords(1), 0)
    const fails = () => mutex.holding(() => expect.fail('inside'), { repair: nothing })
    expect(fails).toThrow('inside')
    expect(mutex.tryLock()).toBe('acquired')
  })

  test('gives the data up for lost when the repair throws', () => {
    const mutex = leftByAlice()
    const inside = () => expect.fail('came inside')
    expect(() => mutex.holding(inside, { repair: () => expect.fail('cannot repair') })).toThrow('cannot repair')
    expect(() => mutex.holding(inside, { repair: nothing })).toThrow(NotRecoverableError)
  })

  test('is refused without a repair, before the first death', () => {
    const mutex = new RobustMutex(freshWords(1), 0)
    expect(() => mutex.holding(nothing, {} as never)).toThrow(SyncRangeError)
    expect(() => mutex.holding(nothing, {} as never)).toThrow('The repair is undefined; it must be a function.')
    expect(mutex.tryLock()).toBe('acquired')
  })
})

describe('misuse of a robust mutex is an error and changes nothing', () => {
  test.each(['unlock', 'markConsistent'] as const)('%s by an agent that does not hold it', (act) => {
    const words = freshWords(1)
    const mutex = new RobustMutex(words, 0)
    expect(() => mutex[act]()).toThrow(/no agent holds it/)
    as(ALICE, () => mutex.lock())
    const before = words[0]
    expect(() => as(BOB, () => mutex[act]())).toThrow(NotOwnerError)
    expect(() => as(BOB, () => mutex[act]())).toThrow(/^Agent 1002 cannot .* agent 1001 holds it/)
    expect(words[0]).toBe(before)
  })

  test('locking twice', () => {
    const words = freshWords(1)
    const mutex = new RobustMutex(words, 0)
    as(ALICE, () => mutex.lock())
    expect(() => as(ALICE, () => mutex.lock())).toThrow(RelockError)
    expect(() => as(ALICE, () => mutex.tryLockFor(1))).toThrow(RelockError)
    expect(as(ALICE, () => mutex.tryLock())).toBe(false)
    as(ALICE, () => mutex.unlock())
    expect(words[0]).toBe(0)
  })

  test.each([Number.NaN, -1, -Infinity])('a time limit of %d', (milliseconds) => {
    const mutex = new RobustMutex(freshWords(1), 0)
    expect(() => mutex.tryLockFor(milliseconds)).toThrow(SyncRangeError)
    expect(mutex.owner()).toBe(0)
  })
})

test('for any sequence of calls and deaths, the mutex behaves as three variables', () => {
  const agent = fc.integer({ min: 1001, max: 1003 })
  const act = fc.constantFrom('lock', 'tryLock', 'tryLockFor', 'unlock', 'markConsistent', 'die')
  const property = fc.property(fc.array(fc.tuple(agent, act), { size: '+1' }), (steps) => {
    const mutex = new RobustMutex(freshWords(1), 0)
    let owner = 0
    let isBroken = false
    let isLost = false
    for (const [who, what] of steps) {
      const call = (): unknown => (what === 'die' ? mutex.recover(threadOf(who)) : mutex[what](0))
      // Only the calls that would wait for another agent are left out.
      if (what === 'lock' && owner !== 0 && owner !== who) continue
      if (what === 'die') {
        mutex.recover(threadOf(who))
        if (owner === who) {
          owner = 0
          isBroken = true
        }
      } else if (what === 'unlock' || what === 'markConsistent') {
        if (owner !== who) expect(() => as(who, call)).toThrow(NotOwnerError)
        else {
          as(who, call)
          if (what === 'markConsistent') isBroken = false
          else {
            owner = 0
            isLost = isBroken
          }
        }
      } else if (isLost) expect(() => as(who, call)).toThrow(NotRecoverableError)
      else if (owner === who && what !== 'tryLock') expect(() => as(who, call)).toThrow(RelockError)
      else {
        expect(as(who, call)).toBe(owner !== 0 ? false : isBroken ? 'owner-died' : 'acquired')
        owner ||= who
      }
      expect(mutex.owner()).toBe(owner)
      expect(mutex.isConsistent()).toBe(!isBroken)
    }
  })
  fc.assert(property, { numRuns: 300 })
})
