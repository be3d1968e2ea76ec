/** What threads do to one session store. Each job's first parameter is all the memory it has. */
import type { Database } from '../../src/store/database/database.ts'
import { openSharedDatabase } from '../../src/store/database/shared.ts'
import { deleteSession } from '../../src/store/operations/delete-session.ts'
import { incrementAccess } from '../../src/store/operations/increment-access.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { refreshFromDatabase } from '../../src/store/operations/refresh-from-database.ts'
import { SessionStore } from '../../src/store/store.ts'
import { gather } from '../threads.ts'
import { EXISTS, FULL, resultOf, serveMemories } from './stores.ts'

interface One {
  readonly memory: SharedArrayBuffer
}

interface WithWords extends One {
  /** Words of the test's own, for flags and marks. */
  readonly words: Int32Array
}

export interface Churned {
  readonly created: number[]
  readonly deleted: number[]
  readonly cleaned: number
  /** What should never be seen: torn sessions, errors out of place. */
  readonly wrong: string[]
}

export const CHURNED_IDS = 12

/** Small pseudo-random numbers: each thread its own, the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  return (sides) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % sides
  }
}

/** All that is told of an id anywhere says which id it is, so that a torn or foreign session is seen. */
function checkWhole(sessions: SessionManager, id: string, wrong: string[]): void {
  const session = sessions.getSession(id)
  if (session === undefined) return
  const whole = [session.id, ...session.metadata.keys(), ...new Set(session.metadata.values())]
  if (whole.some((text) => text !== id) || !session.userId.startsWith(`${id} `) || session.username !== session.userId)
    wrong.push(JSON.stringify({ ...session, metadata: [...session.metadata] }))
}

/** A database of one word a row: 0 none, else what its session was stored with. Ids are the words' numbers. */
function rowsIn(words: Int32Array): Database {
  return {
    fetch: () => undefined,
    store: (id, { data }) => void Atomics.store(words, Number(id), Number(data.userId)),
    delete: (id) => void Atomics.store(words, Number(id), 0),
    close: () => {},
  }
}

const jobs = {
  /** All create the same ids, each in an order of its own; the numbers of those that this thread created. */
  createSame({ memory, ids }: One & { readonly ids: number }, thread: number): number[] {
    const sessions = new SessionManager(memory)
    const won: number[] = []
    for (let i = 0; i < ids; i++) {
      // Near each other, not in step.
      const id = (i & ~7) | ((i + thread) & 7)
      const got = resultOf(() => sessions.createSession(`${thread}`, 'n', { id: `${id}` }))
      if (got === `${id}`) won.push(id)
      else if (got !== EXISTS) throw new Error(String(got))
    }
    return won
  },

  /** The same in many small stores, one after the other, all threads in each at once. */
  createSameInMany(
    { stores, gate, ids }: { readonly stores: SharedArrayBuffer[]; readonly gate: Int32Array; readonly ids: string[] },
    thread: number,
    count: number,
  ): string[][] {
    return stores.map((memory, episode) => {
      const sessions = new SessionManager(memory)
      gather(gate, 0, (episode + 1) * count)
      const won: string[] = []
      for (let i = 0; i < ids.length; i++) {
        const id = ids[(i + thread) % ids.length]!
        const got = resultOf(() => sessions.createSession(`${thread}`, 'n', { id }))
        if (got !== EXISTS) won.push(String(got))
      }
      return won
    })
  },

  /** Creates, deletes, reads and cleans up a few ids over and over. */
  churn({ memory, rounds }: One & { readonly rounds: number }, thread: number): Churned {
    const sessions = new SessionManager(memory)
    const roll = dice(thread)
    const created = Array.from({ length: CHURNED_IDS }, () => 0)
    const deleted = [...created]
    const wrong: string[] = []
    let cleaned = 0
    for (let round = 0; round < rounds; round++) {
      const number = roll(CHURNED_IDS)
      // Long ones and short ones share slots, so that one session read as another's would show.
      const id = `${number}`.repeat(1 + (number % 5) * 8)
      const turn = roll(8)
      if (turn < 3) {
        const user = `${id} ${thread}`
        const got = resultOf(() => sessions.createSession(user, user, { id, metadata: new Map([[id, id]]) }))
        if (got === id) created[number]!++
        else if (got !== EXISTS && got !== FULL) wrong.push(String(got))
      } else if (turn < 5) {
        if (sessions.deleteSession(id)) deleted[number]!++
      } else if (turn < 6) cleaned += sessions.runCleanup({ limit: 4 }).cleaned
      else checkWhole(sessions, id, wrong)
    }
    return { created, deleted, cleaned, wrong }
  },

  /** Half of the threads write one session by cas, all of its texts the same; the others look whether they are. */
  tear({ memory, words }: WithWords, thread: number, count: number): string[] {
    const store = new SessionStore(memory)
    const writers = count / 2
    if (thread < writers) {
      for (let round = 0; round < 1500; round++) {
        for (;;) {
          const { session, place } = store.reading('a')
          const text = `${thread} ${round}${round % 3 === 0 ? '\u0100' : ''}`.repeat(1 + (round % 7))
          session.userId = text
          session.username = text
          session.accessCount = session.version
          session.version++
          session.metadata = new Map(Array.from({ length: round % 6 }, (_, key) => [`${key}`, text]))
          if (store.writeIf(place, session)) break
        }
      }
      Atomics.add(words, 0, 1)
      return []
    }
    const torn: string[] = []
    for (let last = 0; Atomics.load(words, 0) < writers;) {
      const session = store.read('a')
      const texts = new Set([session.userId, session.username, ...session.metadata.values()])
      const isWhole = texts.size === 1 && session.accessCount === session.version - 1 && session.version >= last
      if (!isWhole) torn.push(JSON.stringify(session))
      last = session.version
    }
    return torn
  },

  /** Adds one to two keys at a time; how often they were seen to differ. */
  addToTwoKeys({ memory, rounds }: One & { readonly rounds: number }): number {
    const sessions = new SessionManager(memory)
    let differed = 0
    for (let round = 0; round < rounds; round++) {
      sessions.changeMetadata('a', (metadata) => {
        const [left, right] = ['left', 'right'].map((key) => Number(metadata.get(key) ?? 0)) as [number, number]
        if (left !== right) differed++
        metadata.set('left', `${left + 1}`).set('right', `${right + 1}`)
      })
    }
    return differed
  },

  /** All delete the same sessions; how many this thread did. */
  deleteSame({ memory, ids }: One & { readonly ids: number }): number[] {
    const store = new SessionStore(memory)
    const done: number[] = []
    for (let id = 0; id < ids; id++) if (deleteSession(store, `${id}`)) done.push(id)
    return done
  },

  /** The first thread deletes; the others count, and each session must be under one state at every moment. */
  countWhileDeleting({ memory, words, ids }: WithWords & { readonly ids: number }, thread: number): number[] {
    const sessions = new SessionManager(memory)
    const wrong: number[] = []
    if (thread === 0) {
      for (let id = 0; id < ids; id++) sessions.deleteSession(`${id}`)
      Atomics.store(words, 0, 1)
      return wrong
    }
    for (let last = 0; Atomics.load(words, 0) === 0;) {
      const { activeSessions, cleanupQueueSize } = sessions.getStats()
      if (activeSessions + cleanupQueueSize !== ids || cleanupQueueSize < last) wrong.push(activeSessions)
      last = cleanupQueueSize
    }
    return wrong
  },

  /** Cleans up until nothing is left; each drop of a row is counted in the row's word. */
  cleanUpAll({ memory, words }: WithWords): number {
    const database: Database = { ...rowsIn(words), delete: (id) => void Atomics.add(words, Number(id), 1) }
    const sessions = new SessionManager(memory, { database })
    let cleaned = 0
    while (sessions.getCleanupQueueSize() > 0) cleaned += sessions.runCleanup({ limit: 7 }).cleaned
    return cleaned
  },

  /** Each thread deletes and re-creates ids of its own, and cleans up for all. What each was last stored with. */
  recreate({ memory, words, ids }: WithWords & { readonly ids: number }, thread: number, count: number): number[][] {
    const sessions = new SessionManager(memory, { database: rowsIn(words) })
    const roll = dice(thread)
    const lives = Array.from({ length: ids }, () => 0)
    const isOwn = (id: number) => id % count === thread
    for (let round = 1; round < 3000; round++) {
      const id = roll(ids)
      if (!isOwn(id)) sessions.runCleanup({ limit: 2 })
      else if (lives[id]! > 0) {
        if (!sessions.deleteSession(`${id}`)) throw new Error(`${id} was gone`)
        lives[id] = 0
      } else if (resultOf(() => sessions.createSession(`${round}`, 'n', { id: `${id}` })) === `${id}`) lives[id] = round
    }
    return lives.map((life, id) => [id, life]).filter(([id]) => isOwn(id!))
  },

  /** The first thread stores ever newer rows, the others refresh and update; a version never goes back. */
  refresh({ memory, rows, words }: WithWords & { readonly rows: SharedArrayBuffer }, thread: number): string[] {
    const database = openSharedDatabase(rows)
    const store = new SessionStore(memory)
    if (thread === 0) {
      for (let round = 0; round < 400; round++) {
        const version = store.read('a').version + 1 + (round % 3)
        const user = `row ${version}`
        const data = { userId: user, username: user, accessCount: version - 1, isAuthenticated: true, lastActivity: 1 }
        database.store('a', { version, data: { ...data, metadata: new Map([['user', user]]) } })
      }
      Atomics.store(words, 0, 1)
      return []
    }
    const wrong: string[] = []
    let last = 0
    let isOver = false
    // Once more after the last row is stored: a thread that came late has something to refresh from, too.
    while (!isOver) {
      isOver = Atomics.load(words, 0) === 1
      refreshFromDatabase(store, database, 'a')
      const before = store.read('a')
      incrementAccess(store, 'a')
      const session = store.read('a')
      // A session counts one access a version, and so do the rows: an older row over a newer session would break it.
      const isWhole = session.accessCount === session.version - 1 && session.metadata.get('user') === session.userId
      if (!isWhole || before.version < last || session.version <= before.version) wrong.push(JSON.stringify(session))
      last = session.version
    }
    return wrong
  },
}

export type Jobs = typeof jobs
serveMemories(jobs)
