/** Times the calls of the store for express-session on a full store, one by one. */
import type { SessionData } from 'express-session'
import { SharedMemoryStore, evictAnonymous } from '../../src/store/express/index.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { allocateSessionStore } from '../../src/store/allocate.ts'
import { collectGarbage } from '../harness/collect-garbage.ts'

/** What is timed, each on a full store. */
export const CALLS = ['refused set', 'evicting set', 'destroy and set'] as const
export type Call = (typeof CALLS)[number]

/** The times of many calls, in microseconds. */
export interface Times {
  readonly mean: number
  readonly p99: number
}

const DAY = 86_400_000
/** Callbacks run after this many calls, as between the requests of a server. */
const TURN = 100

/** A store that is full of sessions, a tenth of them of users who have logged in. */
export class FullStore {
  /** Calls that were refused and should not have been, or the other way round. It must stay 0. */
  wrong = 0
  readonly #refusing: SharedMemoryStore
  readonly #evicting: SharedMemoryStore
  readonly #users: string[] = []
  #new = 0

  constructor(capacity: number) {
    const sessions = new SessionManager(allocateSessionStore({ capacity, nameBytes: 128, metadataBytes: 256 }))
    this.#refusing = new SharedMemoryStore(sessions)
    this.#evicting = new SharedMemoryStore(sessions, { evict: evictAnonymous })
    const metadata = new Map(Object.entries(visitor(0)).map(([key, value]) => [key, JSON.stringify(value)]))
    for (let number = 0; number < capacity; number++) {
      const id = `visitor ${number}`
      const isAuthenticated = number % 10 === 0
      if (isAuthenticated) this.#users.push(id)
      sessions.createSession('', '', { id, metadata, isAuthenticated, timeToLive: DAY })
    }
  }

  /** How many users are left whose sessions can be destroyed. */
  get users(): number {
    return this.#users.length
  }

  /** Times `count` calls. */
  async time(call: Call, count: number): Promise<Times> {
    collectGarbage()
    const times: number[] = []
    let refused = 0
    const done = (failure: unknown): void => void (failure !== null && refused++)
    for (let calls = 0; calls < count; calls++) {
      const id = `new ${this.#new++}`
      const session = visitor(calls)
      const began = performance.now()
      this.#call(call, id, session, done)
      times.push(1000 * (performance.now() - began))
      if (calls % TURN === 0) await new Promise(setImmediate)
    }
    await new Promise(setImmediate)
    this.wrong += call === 'refused set' ? count - refused : refused
    times.sort((a, b) => a - b)
    return { mean: times.reduce((sum, time) => sum + time, 0) / count, p99: times[Math.floor(0.99 * count)]! }
  }

  #call(call: Call, id: string, session: SessionData, done: (failure: unknown) => void): void {
    if (call === 'destroy and set') this.#refusing.destroy(this.#users.pop()!)
    const store = call === 'evicting set' ? this.#evicting : this.#refusing
    store.set(id, session, done)
  }
}

/** The session of a new visitor, as express-session gives it to its store. */
function visitor(visits: number): SessionData {
  const cookie = { originalMaxAge: DAY, expires: new Date(Date.now() + DAY), httpOnly: true, path: '/' }
  return { cookie, visits } as unknown as SessionData
}
