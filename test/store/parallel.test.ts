import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { allocateSharedDatabase } from '../../src/lab/databases/shared.ts'
import { freshWords } from '../threads.ts'
import { CHURNED_IDS } from './parallel.jobs.ts'
import type { Jobs } from './parallel.jobs.ts'
import { fill, fresh, idsOfOneHome, memoryThreads, numbersTo } from './stores.ts'
import type { Fresh } from './stores.ts'

const { run, end } = memoryThreads<Jobs>(new URL('parallel.jobs.ts', import.meta.url))
afterAll(end)

/** Returns a new store that must be clean at the end of the test, when no thread uses it any more. */
function freshAndClean(...options: Parameters<typeof fresh>): Fresh {
  const made = fresh(...options)
  onTestFinished(() => expect(made.sessions.verify()).toEqual([]))
  return made
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

describe.each([2, 8])('%i threads on one store', (count) => {
  test('create the same ids, and exactly one wins each', async () => {
    const ids = 3000
    // A thread reserves capacity while it finds out that the id is taken, so the store has some for each thread.
    const { sessions, memory, store } = freshAndClean({ capacity: ids + count, metadataBytes: 0 })
    const won = await run('createSame', count, { memory, ids })
    expect(won.flat().sort((a, b) => a - b)).toEqual(numbersTo(ids))
    const winners = numbersTo(ids).map((id) => won.findIndex((some) => some.includes(id)))
    expect(numbersTo(ids).map((id) => Number(sessions.getSession(`${id}`)?.userId))).toEqual(winners)
    expect(sessions.getActiveCount()).toBe(ids)
    expect(store.stat('occupied')).toBe(ids)
  })

  test('create the same ids, all with one home, and exactly one wins each', async () => {
    const ids = idsOfOneHome(3, 3 + count).sort()
    const stores = Array.from({ length: 250 }, () => freshAndClean({ capacity: 3 + count, metadataBytes: 0 }))
    const gate = freshWords(1)
    const won = await run('createSameInMany', count, { stores: stores.map(({ memory }) => memory), gate, ids })
    for (const [episode, { sessions, store }] of stores.entries()) {
      expect(won.flatMap((ofThread) => ofThread[episode]!).sort()).toEqual(ids)
      expect(sessions.getActiveCount()).toBe(3)
      expect(store.stat('occupied')).toBe(3)
      for (const [thread, ofThread] of won.entries())
        for (const id of ofThread[episode]!) expect(sessions.getSession(id)?.userId).toBe(`${thread}`)
    }
  })

  test.each([1, 3, 8])(
    'create, delete and clean up in turn at a capacity of %i, and nothing leaks',
    async (capacity) => {
      const { sessions, memory, store } = freshAndClean({ capacity, metadataBytes: 100 })
      const results = await run('churn', count, { memory, rounds: 12_000 / count })
      expect(results.flatMap(({ wrong }) => wrong)).toEqual([])
      const live = numbersTo(CHURNED_IDS).map((number) =>
        sum(results.map(({ created, deleted }) => created[number]! - deleted[number]!)),
      )
      for (const [number, lives] of live.entries()) {
        const id = `${number}`.repeat(1 + (number % 5) * 8)
        expect([id, sessions.getSession(id) === undefined ? 0 : 1]).toEqual([id, lives])
      }
      const deleted = sum(results.flatMap((result) => result.deleted))
      const cleaned = sum(results.map((result) => result.cleaned))
      expect(deleted).toBeGreaterThan(0)
      expect(sessions.getStats()).toMatchObject({
        activeSessions: sum(live),
        cleanupQueueSize: deleted - cleaned,
        deadLetters: 0,
        failedCleanups: 0,
        cleanedUp: cleaned,
        capacity,
        used: sum(live) + deleted - cleaned,
      })
      expect(store.stat('occupied')).toBe(sum(live) + deleted - cleaned)
      expect(sessions.runCleanup().cleaned).toBe(deleted - cleaned)
      expect(fill(sessions)).toBe(capacity - sum(live))
    },
  )

  test('take each other’s places in a full store, and no count of a session that is there is lost', async () => {
    const [capacity, rounds] = [3 * count + 40, 2000]
    const { sessions, memory } = freshAndClean({ capacity, metadataBytes: 0 })
    for (const thread of numbersTo(count)) sessions.createSession('u', 'n', { id: `user ${thread}` })
    const results = await run('evict', count, { memory, rounds })
    expect(results.flatMap(({ wrong }) => wrong)).toEqual([])
    expect(results.map(({ own }) => own)).toEqual(results.map(() => rounds))
    for (const [id, accesses] of results.flatMap(({ guests }) => guests)) {
      const left = sessions.getSession(id)
      if (left) expect(left).toMatchObject({ accessCount: accesses, isAuthenticated: false })
    }
    const { used, highWaterMark, refused, evicted } = sessions.getUsage()
    expect({ highWaterMark, refused }).toEqual({
      highWaterMark: capacity,
      refused: sum(results.map((each) => each.refused)),
    })
    expect(evicted).toBe(count + sum(results.map(({ created }) => created)) - used)
    expect(sessions.getStats()).toMatchObject({ activeSessions: used, cleanupQueueSize: 0, cleanedUp: evicted })
  })

  test('never read a session of which a part is older than another', async () => {
    const { sessions, memory } = freshAndClean({ capacity: 1, metadataBytes: 2000 })
    sessions.createSession('u', 'u', { id: 'a' })
    expect((await run('tear', count, { memory, words: freshWords(1) })).flat()).toEqual([])
    // Half of the threads wrote 1,500 times; each write is a version.
    expect(sessions.getSession('a')?.version).toBe(1 + (count / 2) * 1500)
  })

  test('delete the same sessions, and exactly one is told that it did', async () => {
    const ids = 3000
    const { sessions, memory } = freshAndClean({ capacity: ids, metadataBytes: 0 })
    for (const id of numbersTo(ids)) sessions.createSession('u', 'n', { id: `${id}` })
    const done = await run('deleteSame', count, { memory, ids })
    expect(done.flat().sort((a, b) => a - b)).toEqual(numbersTo(ids))
    expect(sessions.getStats()).toMatchObject({ activeSessions: 0, cleanupQueueSize: ids })
  })

  test('count every session under exactly one state while they are deleted', async () => {
    const ids = 2000
    const { sessions, memory } = freshAndClean({ capacity: ids, metadataBytes: 0 })
    for (const id of numbersTo(ids)) sessions.createSession('u', 'n', { id: `${id}` })
    expect((await run('countWhileDeleting', count, { memory, words: freshWords(1), ids })).flat()).toEqual([])
  })

  test('clean up together, and drop each row once', async () => {
    const ids = 1000
    const { sessions, memory, store } = freshAndClean({ capacity: ids, metadataBytes: 0 })
    for (const id of numbersTo(ids)) sessions.createSession('u', 'n', { id: `${id}` })
    for (const id of numbersTo(ids)) sessions.deleteSession(`${id}`)
    const words = freshWords(ids)
    const cleaned = await run('cleanUpAll', count, { memory, words })
    expect([...words]).toEqual(numbersTo(ids).map(() => 1))
    expect(sum(cleaned)).toBe(ids)
    expect(sessions.getStats()).toMatchObject({ cleanupQueueSize: 0, cleanedUp: ids, failedCleanups: 0 })
    expect(store.stat('occupied')).toBe(0)
  })

  test('re-create what others clean up, and no new session loses its row', async () => {
    const ids = 16
    const { sessions, memory } = freshAndClean({ capacity: ids + count, metadataBytes: 0 })
    const words = freshWords(ids)
    const lives = (await run('recreate', count, { memory, words, ids })).flat()
    for (const [id, life] of lives) if (life! > 0) expect([id, words[id!]]).toEqual([id, life])
    sessions.runCleanup()
    const left = lives.sort(([a], [b]) => a! - b!).map(([, life]) => life)
    expect(sessions.getActiveCount()).toBe(left.filter((life) => life !== 0).length)
  })

  test('refresh from newer rows while others update, and no older row comes over a newer session', async () => {
    const { sessions, memory } = freshAndClean({ capacity: 1 })
    sessions.createSession('u', 'u', { id: 'a', metadata: new Map([['user', 'u']]) })
    const rows = allocateSharedDatabase()
    expect((await run('refresh', count, { memory, rows, words: freshWords(1) })).flat()).toEqual([])
    expect(sessions.getSession('a')!.version).toBeGreaterThan(1)
  })
})
