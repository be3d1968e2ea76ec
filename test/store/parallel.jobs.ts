/** The jobs of threads on one session store. The first parameter of each job holds all its memories. */
import type { Database } from '../../src/store/database/database.ts'
import { openSharedDatabase } from '../../src/lab/databases/shared.ts'
import { deleteSession } from '../../src/store/operations/delete-session.ts'
import { incrementAccess } from '../../src/store/operations/increment-access.ts'
import { evictAnonymous } from '../../src/store/evict.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { refreshFromDatabase } from '../../src/store/operations/refresh-from-database.ts'
import { SessionStore } from '../../src/store/store.ts'
import { gather } from '../threads.ts'
import { EXISTS, FULL, NOT_FOUND, resultOf, serveMemories } from './stores.ts'

interface One {
  readonly memory: SharedArrayBuffer
}

interface WithWords extends One {
  /** Words that the test uses for flags and marks. */
  readonly words: Int32Array
}

export interface Churned {
  readonly created: number[]
  readonly deleted: number[]
  readonly cleaned: number
  /** What should never be seen: torn sessions and unexpected errors. */
  readonly wrong: string[]
}

export const CHURNED_IDS = 12

/** Returns a generator of small pseudo-random numbers. Each thread has its own seed, so the numbers are the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  return (sides) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % sides
  }
}

/** Checks a session. All its texts contain its id, so that a torn session or that of another id is detected. */
function checkWhole(sessions: SessionManager, id: string, wrong: string[]): void {
  const session = sessions.getSession(id)
  if (session === undefined) return
  const whole = [session.id, ...session.metadata.keys(), ...new Set(session.metadata.values())]
  if (whole.some((text) => text !== id) || !session.userId.startsWith(`${id} `) || session.username !== session.userId)
    wrong.push(JSON.stringify({ ...session, metadata: [...session.metadata] }))
}

/** A database with one word per row: 0 for no row, otherwise the user id as a number. The id is the index of the word. */
function rowsIn(words: Int32Array): Database {
  return {
    fetch: () => undefined,
    store: (id, { data }) => void Atomics.store(words, Number(id), Number(data.userId)),
    delete: (id) => void Atomics.store(words, Number(id), 0),
    close: () => {},
  }
}

/** How often each thread writes that tries to tear a session. */
const TEARS = 1500

function textOf(thread: number, round: number): string {
  return `${thread} ${round}${round % 3 === 0 ? '\u0100' : ''}`.repeat(1 + (round % 7))
}

const jobs = {
  /** All threads create the same ids, each in an order of its own. Returns the ids that this thread created. */
  createSame({ memory, ids }: One & { readonly ids: number }, thread: number): number[] {
    const sessions = new SessionManager(memory)
    const won: number[] = []
    for (let i = 0; i < ids; i++) {
      // The threads are near each other in the list, but not at the same id.
      const id = (i & ~7) | ((i + thread) & 7)
      const got = resultOf(() => sessions.createSession(`${thread}`, 'n', { id: `${id}` }))
      if (got === `${id}`) won.push(id)
      else if (got !== EXISTS) throw new Error(String(got))
    }
    return won
  },

  /** All threads create the same ids in many small stores, one store after the other. Returns the ids that this thread created. */
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
      // Long and short ids share slots, so that a session read under a wrong id would show.
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

  /** Half of the threads write one session with all its texts equal; the others check that they are equal, however they read it. */
  tear({ memory, words }: WithWords, thread: number, count: number): string[] {
    const store = new SessionStore(memory)
    const writers = count / 2
    if (thread < writers) {
      for (let round = 0; round < TEARS; round++) {
        for (;;) {
          const { session, stamp } = store.reading('a')
          const text = textOf(thread, round)
          session.userId = text
          session.username = text
          session.accessCount = session.version
          session.version++
          session.metadata = new Map(Array.from({ length: round % 6 }, (_, key) => [`${key}`, text]))
          if (store.writeIf(stamp, session)) break
        }
      }
      Atomics.add(words, 0, 1)
      return []
    }
    const sessions = new SessionManager(memory)
    const whole = new Set<string | undefined>([undefined])
    for (let writer = 0; writer < writers; writer++)
      for (let round = 0; round < TEARS; round++) whole.add(textOf(writer, round))
    const torn: string[] = []
    for (let last = 0; Atomics.load(words, 0) < writers;) {
      const value = sessions.getMetadata('a', '2')
      if (!whole.has(value)) torn.push(value!)
      const session = thread % 2 === 0 ? store.get('a')! : sessions.getMany(['a'])[0]!
      const texts = new Set([session.userId, session.username, ...session.metadata.values()])
      const isWhole = texts.size === 1 && session.accessCount === session.version - 1 && session.version >= last
      if (!isWhole) torn.push(JSON.stringify(session))
      last = session.version
    }
    return torn
  },

  /** Adds one to two keys in one step. Returns how often the two were seen to differ. */
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

  /** All threads delete the same sessions. Returns the ids that this thread deleted. */
  deleteSame({ memory, ids }: One & { readonly ids: number }): number[] {
    const store = new SessionStore(memory)
    const done: number[] = []
    for (let id = 0; id < ids; id++) if (deleteSession(store, `${id}`)) done.push(id)
    return done
  },

  /** The first thread deletes. The others count: each session must be counted under one state at every moment. */
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

  /** Cleans up until no deleted session is left. Each deletion of a row is counted in the row's word. */
  cleanUpAll({ memory, words }: WithWords): number {
    const database: Database = { ...rowsIn(words), delete: (id) => void Atomics.add(words, Number(id), 1) }
    const sessions = new SessionManager(memory, { database })
    let cleaned = 0
    while (sessions.getCleanupQueueSize() > 0) cleaned += sessions.runCleanup({ limit: 7 }).cleaned
    return cleaned
  },

  /** Each thread deletes and creates ids of its own, and cleans up for all. Returns what each id was last stored with. */
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

  /**
   * Each thread creates sessions in a store that is full, at the expense of those that are not authenticated, and counts accesses of a
   * session of its own, which is. Returns how many creations were refused, the last counts of its own and of guests that were evicted
   * later, and the guests that were never evicted.
   */
  evict({ memory, rounds }: One & { readonly rounds: number }, thread: number) {
    const sessions = new SessionManager(memory)
    const roll = dice(thread)
    let refused = 0
    let own = 0
    const guests = new Map<string, number>()
    const wrong: string[] = []
    for (let round = 0; round < rounds; round++) {
      own = sessions.incrementAccess(`user ${thread}`)
      const guest = `guest ${thread} ${round}`
      const create = () => sessions.createSession('', '', { id: guest, isAuthenticated: false, evict: evictAnonymous })
      if (resultOf(create) === guest) guests.set(guest, 0)
      else refused++
      // One of the latest guests: it has all that was counted, or is gone and does not come back.
      const id = `guest ${thread} ${round - roll(4)}`
      const count = resultOf(() => sessions.incrementAccess(id))
      const known = guests.get(id)
      if (count === NOT_FOUND) guests.delete(id)
      else if (known === undefined || count !== known + 1) wrong.push(`${id}: ${String(count)} after ${known}`)
      else guests.set(id, count)
    }
    return { refused, own, guests: [...guests], wrong, created: rounds - refused }
  },

  /** The first thread stores newer and newer rows; the others refresh and update. The version must never go back. */
  refresh({ memory, rows, words }: WithWords & { readonly rows: SharedArrayBuffer }, thread: number): string[] {
    const database = openSharedDatabase(rows)
    const store = new SessionStore(memory)
    if (thread === 0) {
      for (let round = 0; round < 400; round++) {
        const version = store.get('a')!.version + 1 + (round % 3)
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
    // One more round after the last row is stored, so that a thread that starts late refreshes as well.
    while (!isOver) {
      isOver = Atomics.load(words, 0) === 1
      refreshFromDatabase(store, database, 'a')
      const before = store.get('a')!
      incrementAccess(store, 'a')
      const session = store.get('a')!
      // Sessions and rows count one access per version. An older row written over a newer session would break that.
      const isWhole = session.accessCount === session.version - 1 && session.metadata.get('user') === session.userId
      if (!isWhole || before.version < last || session.version <= before.version) wrong.push(JSON.stringify(session))
      last = session.version
    }
    return wrong
  },
}

export type Jobs = typeof jobs
serveMemories(jobs)
