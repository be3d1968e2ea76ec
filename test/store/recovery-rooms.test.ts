import { describe, expect, test } from 'vitest'
import { Kind } from '../../src/explore/model/access.ts'
import { layoutOf } from '../../src/store/allocate.ts'
import { ownerOf } from '../../src/store/control.ts'
import { SessionBusyError } from '../../src/store/errors.ts'
import { NOTES, STATS } from '../../src/store/layout.ts'
import { notesAt } from '../../src/store/notes.ts'
import { createSession } from '../../src/store/operations/create-session.ts'
import { runCleanup } from '../../src/store/operations/run-cleanup.ts'
import { SessionStore } from '../../src/store/store.ts'
import { beforeEachAccess } from './accesses.ts'
import { killedAt } from './crash.ts'
import {
  MENDER,
  NOTHING_MENDED,
  VICTIM,
  agentOf,
  controlClock,
  expectMended,
  managerOf,
  scene,
  statesOf,
} from './recovery-scenes.ts'
import type { Scene } from './recovery-scenes.ts'
import { FULL, resultOf } from './stores.ts'

controlClock()

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
  expect(managerOf(made).recover(VICTIM)).toEqual(NOTHING_MENDED)
  expect(managerOf(made).verify()).toHaveLength(1)
})

test('what one thread mends, another one leaves alone', () => {
  const made = scene(false)
  killInside(made, VICTIM)
  const mender = new Int32Array(made.memory).subarray(notesOf(made, VICTIM) + NOTES.mender)
  mender[0] = agentOf(MENDER)
  expect(managerOf(made).recover(VICTIM)).toEqual(NOTHING_MENDED)
  mender[0] = 0
  expect(managerOf(made).recover(VICTIM)).toEqual({ completed: 1, undone: 0, requeued: 0 })
})

test('a slot in which another thread inserts a session is left alone, though the killed thread has noted it', () => {
  const made = scene(true)
  // The killed thread has created a session, and was killed long after. Then its slot was freed.
  killedAt(Infinity, agentOf(VICTIM), () => managerOf(made).createSession('u', 'n', { id: 'x' }))
  managerOf(made).deleteSession('x')
  managerOf(made).runCleanup()
  made.meanwhile = () => expect(managerOf(made).recover(VICTIM)).toEqual(NOTHING_MENDED)
  managerOf(made).createSession('u', 'n', { id: 'x' })
  made.meanwhile = () => {}
  expect(managerOf(made).getIds().toSorted()).toEqual(['a', 'x'])
  expectMended(made, new Set([statesOf(made)]), 'x')
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

  test('a store that seems full because of that counts again', () => {
    const { made, words, stats } = miscounted()
    killedAt(Infinity, agentOf(MENDER), () => managerOf(made))
    const section = notesOf(made, MENDER) + NOTES.section
    // While this thread changes the count, it is not counted again.
    words[section] = 1
    managerOf(made).recover(VICTIM)
    const sessions = managerOf(made)
    expect(words[stats + STATS.occupied]).toBe(3)
    // Each refused creation would wait for that thread otherwise.
    const release = beforeEachAccess((kind) => expect(kind).not.toBe(Kind.WAIT))
    expect(resultOf(() => managerOf(made).createSession('u', 'n'))).toBe(FULL)
    release()
    words[section] = 2
    sessions.createSession('u', 'n', { id: 'third' })
    expectMended(made, new Set([statesOf(made)]), 'third')
  })

  test('a thread that gives up waiting for the one that counts frees its slot all the same, and the count is put right later', () => {
    const made = scene(false)
    const store = new SessionStore(made.memory)
    const words = new Int32Array(made.memory)
    const { recount, occupied, isMiscounted } = STATS
    const { stats } = layoutOf(made.memory).at
    store.waiting.patience = 1
    words[stats + recount] = agentOf(MENDER)
    // The scene has a deleted session.
    expect(runCleanup(store, undefined)).toMatchObject({ cleaned: 1 })
    expect(() => createSession(store, undefined, 'u', 'n')).toThrow(SessionBusyError)
    expect([words[stats + occupied], words[stats + isMiscounted]]).toEqual([2, 1])
    // The thread that counted was killed.
    managerOf(made).recover(MENDER)
    expect([words[stats + recount], words[stats + occupied], words[stats + isMiscounted]]).toEqual([0, 1, 0])
    expectMended(made, new Set([statesOf(made)]), 'cleaned')
  })

  test('if the thread that counts again is killed as well, another one counts', () => {
    const isCounting = (words: Int32Array, stats: number) => words[stats + STATS.recount] === agentOf(MENDER)
    for (let step = 0, met = 0; ; step++) {
      const { made, words, stats, before } = miscounted()
      const isKilled = killedAt(step, agentOf(MENDER), () => managerOf(made).recover(VICTIM))
      if (isCounting(words, stats)) met++
      managerOf(made).recover(MENDER)
      managerOf(made).recover(VICTIM)
      expect([words[stats + STATS.recount], words[stats + STATS.occupied]], `step ${step}`).toEqual([0, before])
      if (isKilled) continue
      expect(met).toBeGreaterThan(5)
      break
    }
  })

  test('no other thread takes one meanwhile', () => {
    const { made, words, stats } = miscounted()
    const other = new SessionStore(made.memory)
    other.waiting.patience = 1
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
