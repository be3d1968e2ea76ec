import { describe, expect, test } from 'vitest'
import { layoutOf } from '../../src/store/allocate.ts'
import { ownerOf } from '../../src/store/control.ts'
import { SessionBusyError } from '../../src/store/errors.ts'
import { NOTES, STATS } from '../../src/store/layout.ts'
import { notesAt } from '../../src/store/notes.ts'
import { SessionStore } from '../../src/store/store.ts'
import { beforeEachAccess } from './accesses.ts'
import { killedAt } from './crash.ts'
import {
  CASES,
  MENDER,
  VICTIM,
  agentOf,
  controlClock,
  expectSound,
  killedScene,
  managerOf,
  scene,
  statesOf,
  statesOnTheWay,
} from './recovery-scenes.ts'
import type { Scene } from './recovery-scenes.ts'

controlClock()

describe.each(CASES)('%s', (_, withDatabase, operations) => {
  test.each(Object.entries(operations))(
    'whenever a thread is killed while %s, that has happened or has not',
    (_, act) => {
      const states = statesOnTheWay(scene(withDatabase), act)
      for (let step = 0; ; step++) {
        const made = killedScene(withDatabase, act, step)
        if (made === undefined) break
        managerOf(made).recover(VICTIM)
        expect([...states], `killed before step ${step}`).toContain(statesOf(made))
        expectSound(made, `killed before step ${step}`)
      }
    },
  )
})

test('a thread that was recovered gives its room back', () => {
  const made = scene(false)
  const accesses = () => managerOf(made).getSession('a')!.accessCount
  for (let victim = 10; victim < 20; victim++) {
    const before = accesses()
    // Only a thread that has notes is recovered.
    killInside(made, victim)
    expect(managerOf(made).recover(victim)).toEqual({ completed: 1, undone: 0, requeued: 0 })
    expect(accesses()).toBe(before + 1)
  }
})

test('a thread beyond those that have room is not recovered', () => {
  const made = scene(false)
  for (const thread of [11, 12]) killedAt(Infinity, agentOf(thread), () => managerOf(made))
  killInside(made, VICTIM)
  expect(managerOf(made).recover(VICTIM)).toEqual({ completed: 0, undone: 0, requeued: 0 })
  expect(managerOf(made).verify()).toHaveLength(1)
})

test('what one thread mends, another one leaves alone', () => {
  const made = scene(false)
  killInside(made, VICTIM)
  const mender = new Int32Array(made.memory).subarray(notesOf(made, VICTIM) + NOTES.mender)
  mender[0] = agentOf(MENDER)
  expect(managerOf(made).recover(VICTIM)).toEqual({ completed: 0, undone: 0, requeued: 0 })
  mender[0] = 0
  expect(managerOf(made).recover(VICTIM)).toEqual({ completed: 1, undone: 0, requeued: 0 })
})

test('a slot in which another thread inserts a session is left alone, though the killed thread has noted it', () => {
  const made = scene(true)
  // The killed thread has created a session, and was killed long after. Then its slot was freed.
  killedAt(Infinity, agentOf(VICTIM), () => managerOf(made).createSession('u', 'n', { id: 'x' }))
  managerOf(made).deleteSession('x')
  managerOf(made).runCleanup()
  made.meanwhile = () => expect(managerOf(made).recover(VICTIM)).toEqual({ completed: 0, undone: 0, requeued: 0 })
  managerOf(made).createSession('u', 'n', { id: 'x' })
  made.meanwhile = () => {}
  expect(managerOf(made).getIds().toSorted()).toEqual(['a', 'x'])
  expectSound(made, 'x')
})

/** Kills a thread while it counts an access of the session "a". */
function killInside(made: Scene, thread: number): void {
  const { slot } = new SessionStore(made.memory).stamp('a')
  const isInside = () => ownerOf(new SessionStore(made.memory).records.control(slot)) === agentOf(thread)
  for (let step = 0; !isInside(); step++) killedAt(step, agentOf(thread), () => managerOf(made).incrementAccess('a'))
}

/** The word at which the notes of a thread begin. */
function notesOf({ memory }: Scene, thread: number): number {
  const layout = layoutOf(memory)
  const words = new Int32Array(memory)
  return [0, 1, 2].map((number) => notesAt(layout, number)).find((at) => words[at] === agentOf(thread))!
}

test('the room of a thread that was killed while it called a database is as good as new', () => {
  const made = scene(true)
  for (let victim = 10; victim < 20; victim++) {
    let calls = 0
    made.meanwhile = () => {
      calls++
    }
    const isCalled = () => calls > 0
    for (let step = 0; !isCalled(); step++) {
      killedAt(step, agentOf(victim), () => managerOf(made).createSession('u', 'n', { id: 'new' }))
      const { undone } = managerOf(made).recover(victim)
      if (isCalled()) expect(undone, `thread ${victim}`).toBe(1)
      managerOf(made).runCleanup({ limit: Infinity })
    }
  }
})

describe('when a thread was killed while it took a slot', () => {
  /** A store that counts one slot too many. */
  function miscounted() {
    const made = scene(false)
    const words = new Int32Array(made.memory)
    const { stats } = layoutOf(made.memory).at
    const before = words[stats + STATS.occupied]!
    for (let step = 0; words[stats + STATS.occupied] === before; step++)
      killedAt(step, agentOf(VICTIM), () => managerOf(made).createSession('u', 'n', { id: 'new' }))
    return { made, words, stats, before }
  }

  test('the slots are counted again when no other thread takes one', () => {
    const { made, words, stats, before } = miscounted()
    killedAt(Infinity, agentOf(MENDER), () => managerOf(made))
    const section = notesOf(made, MENDER) + NOTES.section
    words[section] = 1
    managerOf(made).recover(VICTIM)
    expect([words[stats + STATS.occupied], words[stats + STATS.isMiscounted]]).toEqual([before + 1, 1])
    words[section] = 2
    managerOf(made).recover(VICTIM)
    expect([words[stats + STATS.occupied], words[stats + STATS.isMiscounted]]).toEqual([before, 0])
  })

  test('no other thread takes one meanwhile', () => {
    const { made, words, stats } = miscounted()
    const other = new SessionStore(made.memory)
    other.records.patience = 1
    let refused = 0
    const release = beforeEachAccess(() => {
      if (Atomics.load(words, stats + STATS.recount) === 0) return
      expect(() => other.occupancy.take(() => 1)).toThrow(SessionBusyError)
      refused++
    })
    try {
      managerOf(made).recover(VICTIM)
    } finally {
      release()
    }
    expect(refused).toBeGreaterThan(5)
    expect(other.occupancy.take(() => 1)).toBe(1)
  })
})
