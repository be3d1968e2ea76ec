import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Database, Row } from '../../src/store/database/database.ts'
import { evictAnonymous, evictNone, evictOldest } from '../../src/store/evict.ts'
import { ENTRY, HEADER, STATS } from '../../src/store/layout.ts'
import { EXISTS, FULL, NOT_FOUND, TOO_LONG, bytesBesideNotes, fill, fresh, resultOf } from './stores.ts'

const METADATA_BYTES = 64

/** The model: the whole store as a Map, without slots, hashes or shared memory. */
interface Model {
  state: 'live' | 'deleted' | 'dead'
  userId: string
  username: string
  accessCount: number
  version: number
  isAuthenticated: boolean
  metadata: Map<string, string>
  attempts: number
  /** When it was last created or changed. No two times are equal. */
  time: number
}

const EVICT = { none: evictNone, anonymous: evictAnonymous, oldest: evictOldest }

/** A database that refuses to delete certain rows, which the test chooses. */
class StubbornDatabase implements Database {
  readonly rows = new Map<string, Row>()
  readonly asked: string[] = []
  kept = (_id: string): boolean => false

  fetch(id: string): Row | undefined {
    return this.rows.get(id)
  }

  store(id: string, row: Row): void {
    this.rows.set(id, row)
  }

  delete(id: string): void {
    this.asked.push(id)
    if (this.kept(id)) throw new Error(`${id} is kept`)
    this.rows.delete(id)
  }

  close(): void {}
}

const ids = ['', 'a', 'b', '38578', '98122', 'é', '\ud800', '\udbff', '__proto__', 'toString']
const id = fc.constantFrom(...ids)
const text = fc.oneof(fc.constantFrom('', '__proto__', '\udfff'), fc.string({ unit: 'binary', maxLength: 6 }))
const operation = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      id,
      userId: text,
      username: text,
      isAuthenticated: fc.boolean(),
      evict: fc.constantFrom(undefined, 'none' as const, 'anonymous' as const, 'oldest' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('create with a made id' as const), userId: text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('get' as const), id }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('update' as const), id, key: text, value: text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('increment' as const), id }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), id, cleanUp: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('clean up' as const),
      kept: fc.subarray(ids),
      limit: fc.constantFrom<(number | undefined)[]>(undefined, 0, 1, 2),
      mostAttempts: fc.constantFrom<(number | undefined)[]>(undefined, 1, 2),
    }),
  },
)
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never

/** A store and its model side by side. Each operation is done on both, and the results must be equal. */
class Pair {
  readonly database = new StubbornDatabase()
  readonly model = new Map<string, Model>()
  readonly #capacity: number
  readonly #fresh
  #failedCleanups = 0
  #cleanedUp = 0
  #highWaterMark = 0
  #refused = 0
  #evicted = 0

  constructor(capacity: number) {
    this.#capacity = capacity
    this.#fresh = fresh({ capacity, metadataBytes: METADATA_BYTES }, { database: this.database })
  }

  do(step: Operation): void {
    const { sessions } = this.#fresh
    vi.setSystemTime(Date.now() + 1)
    switch (step.do) {
      case 'create':
        return this.#create(step.userId, step.username, step.id, step.isAuthenticated, step.evict)
      case 'create with a made id':
        return this.#create(step.userId, 'made')
      case 'get':
        return this.#compare(step.id)
      case 'update': {
        const session = this.#live(step.id)
        const metadata = new Map(session?.metadata).set(step.key, step.value)
        const isTooLong = session !== undefined && bytesOfMetadata(metadata) > METADATA_BYTES
        const before = bytesBesideNotes(this.#fresh.memory)
        const got = resultOf(() => sessions.updateSession(step.id, step.key, step.value))
        expect(got).toBe(session === undefined ? NOT_FOUND : isTooLong ? TOO_LONG : undefined)
        if (got !== undefined) expect(bytesBesideNotes(this.#fresh.memory).equals(before)).toBe(true)
        else Object.assign(session!, { metadata, ...counted(session!) })
        return
      }
      case 'increment': {
        const session = this.#live(step.id)
        if (session) Object.assign(session, counted(session))
        expect(resultOf(() => sessions.incrementAccess(step.id))).toBe(session?.accessCount ?? NOT_FOUND)
        return
      }
      case 'delete': {
        const session = this.#live(step.id)
        this.database.kept = () => false
        if (session) session.state = 'deleted'
        expect(sessions.deleteSession(step.id, step.cleanUp ? { cleanUp: true } : {})).toBe(session !== undefined)
        if (session && step.cleanUp) this.#isGone(step.id)
        return
      }
      case 'clean up':
        return this.#cleanUp(step)
    }
  }

  #isGone(id: string): void {
    this.model.delete(id)
    this.#cleanedUp++
  }

  /** Makes room in the model as a creation does that asks for it: the database was asked to drop these rows. */
  #makeRoom(asked: readonly string[], evict: keyof typeof EVICT, id: string | undefined): void {
    const due = this.#inState('deleted')
    const isDue = id !== undefined && due.includes(id)
    const isFull = this.model.size === this.#capacity && (id === undefined || !this.model.has(id))
    const live = [...this.model].filter(([, { state }]) => state === 'live').toSorted(([, a], [, b]) => a.time - b.time)
    const anonymous = live.filter(([, session]) => !session.isAuthenticated)
    const [oldest] = { none: [], anonymous, oldest: anonymous.length > 0 ? anonymous : live }[evict]
    if (isDue) expect(asked).toEqual([id])
    else if (!isFull) expect(asked).toEqual([])
    else if (due.length > 0) expect([asked.length, due.includes(asked[0]!)]).toEqual([1, true])
    else {
      expect(asked).toEqual(oldest ? [oldest[0]] : [])
      if (oldest) this.#evicted++
    }
    for (const gone of asked) this.#isGone(gone)
  }

  #create(userId: string, username: string, id?: string, isAuthenticated = true, evict?: keyof typeof EVICT): void {
    const { sessions } = this.#fresh
    this.database.kept = () => false
    this.database.asked.length = 0
    const options = { isAuthenticated, ...(id !== undefined && { id }), ...(evict && { evict: EVICT[evict] }) }
    const got = resultOf(() => sessions.createSession(userId, username, options)) as string
    if (evict) this.#makeRoom(this.database.asked, evict, id)
    else expect(this.database.asked).toEqual([])
    const taken = id === undefined ? undefined : this.model.get(id)
    const isFull = this.model.size === this.#capacity
    if (taken || isFull) {
      // For an id that waits for its clean-up in a full store, both errors are true.
      const right = taken?.state === 'live' || !isFull ? [EXISTS] : taken ? [EXISTS, FULL] : [FULL]
      if (got === FULL) this.#refused++
      return expect(right).toContain(got)
    }
    if (id === undefined) expect(got).toMatch(/^[0-9a-f-]{36}$/)
    else expect(got).toBe(id)
    this.model.set(got, {
      state: 'live',
      userId,
      username,
      accessCount: 0,
      version: 1,
      isAuthenticated,
      metadata: new Map(),
      attempts: 0,
      time: Date.now(),
    })
    this.#highWaterMark = Math.max(this.#highWaterMark, this.model.size)
    expect(this.database.rows.get(got)?.version).toBe(1)
  }

  #cleanUp({ kept, limit = 256, mostAttempts = 3 }: Extract<Operation, { do: 'clean up' }>): void {
    const due = this.#inState('deleted')
    this.database.asked.length = 0
    this.database.kept = (id) => kept.includes(id)
    const report = this.#fresh.sessions.runCleanup({ limit, mostAttempts })
    const { asked } = this.database
    expect(asked.length).toBe(Math.min(limit, due.length))
    expect(new Set(asked).size).toBe(asked.length)
    expect(due).toEqual(expect.arrayContaining(asked))
    let deadLetters = 0
    for (const id of asked) {
      const session = this.model.get(id)!
      if (!kept.includes(id)) {
        this.model.delete(id)
        this.#cleanedUp++
      } else {
        this.#failedCleanups++
        if (++session.attempts >= mostAttempts) {
          session.state = 'dead'
          deadLetters++
        }
      }
    }
    const failed = asked.filter((id) => kept.includes(id))
    expect(report).toEqual({
      cleaned: asked.length - failed.length,
      failed: failed.length,
      deadLetters,
      ...(failed.length > 0 && { lastFailure: new Error(`${failed.at(-1)} is kept`) }),
    })
  }

  /** Compares every count, every session and every row. */
  checkAll(): void {
    const { sessions, store } = this.#fresh
    expect(sessions.verify()).toEqual([])
    const active = this.#inState('live').length
    const queued = this.#inState('deleted').length
    expect(sessions.getStats()).toEqual({
      activeSessions: active,
      cleanupQueueSize: queued,
      deadLetters: this.#inState('dead').length,
      failedCleanups: this.#failedCleanups,
      cleanedUp: this.#cleanedUp,
      ...sessions.getUsage(),
    })
    expect(sessions.getUsage()).toEqual({
      capacity: this.#capacity,
      used: this.model.size,
      highWaterMark: this.#highWaterMark,
      refused: this.#refused,
      evicted: this.#evicted,
    })
    expect(sessions.getActiveCount()).toBe(active)
    expect(sessions.getCleanupQueueSize()).toBe(queued)
    expect(store.stat('occupied')).toBe(this.model.size)
    for (const id of [...ids, ...this.model.keys()]) this.#compare(id)
    expect([...this.database.rows.keys()].sort()).toEqual([...this.model.keys()].sort())
    // Nothing has leaked: all capacity that the model does not use can still be used.
    expect(fill(sessions)).toBe(this.#capacity - this.model.size)
  }

  #compare(id: string): void {
    const got = this.#fresh.sessions.getSession(id)
    const wanted = this.#live(id)
    if (wanted === undefined) {
      expect(this.#fresh.sessions.getMetadata(id, '')).toBe(undefined)
      return expect(got).toBe(undefined)
    }
    const { state: _, attempts: __, time, ...session } = wanted
    const { lastActivity, cacheTime, expiresAt, ...rest } = got!
    expect(expiresAt).toBe(Infinity)
    expect(rest).toEqual({ id, ...session })
    expect([...rest.metadata]).toEqual([...session.metadata])
    expect(this.#fresh.sessions.getMany([id, 'no such id', id])).toEqual([got, undefined, got])
    for (const key of [...session.metadata.keys(), 'no such key'])
      expect(this.#fresh.sessions.getMetadata(id, key)).toBe(session.metadata.get(key))
    expect(cacheTime > 0 && lastActivity >= cacheTime).toBe(true)
    expect(lastActivity).toBe(time)
  }

  #live(id: string): Model | undefined {
    const session = this.model.get(id)
    return session?.state === 'live' ? session : undefined
  }

  #inState(state: Model['state']): string[] {
    return [...this.model].filter(([, session]) => session.state === state).map(([id]) => id)
  }
}

function counted({ accessCount, version }: Model): Partial<Model> {
  return { accessCount: accessCount + 1, version: version + 1, time: Date.now() }
}

function bytesOfMetadata(metadata: Map<string, string>): number {
  return [...metadata].flat().reduce((sum, text) => sum + bytesTaken(text), 0)
}

/** As documented at MAX_TEXT_BYTES. */
function bytesTaken(text: string): number {
  const isLatin = !/[\u0100-\uffff]/.test(text)
  return 4 + 4 * Math.ceil((isLatin ? text.length : 2 * text.length) / 4)
}

test.each([1, 2, 3, 4, 5])(
  'whatever is done to a store for %i, it answers as a Map would, and every count agrees',
  (capacity) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60, size: 'max' }), (steps) => {
        const pair = new Pair(capacity)
        for (const step of steps) pair.do(step)
        pair.checkAll()
      }),
      { numRuns: 60 },
    )
  },
)

test('a store for a thousand sessions holds a thousand, finds each, and reuses all capacity', () => {
  const { sessions } = fresh({ capacity: 1000, metadataBytes: 0 })
  for (let round = 0; round < 5; round++) {
    const created = Array.from({ length: 1000 }, (_, number) =>
      sessions.createSession(`user ${number}`, 'name', { id: `${round}.${number}` }),
    )
    expect(resultOf(() => sessions.createSession('one', 'too many'))).toBe(FULL)
    expect(created.map((id) => sessions.getSession(id)?.userId)).toEqual(created.map((_, number) => `user ${number}`))
    for (const id of created) expect(sessions.deleteSession(id)).toBe(true)
    expect(sessions.getStats()).toMatchObject({ activeSessions: 0, cleanupQueueSize: 1000 })
    expect(sessions.runCleanup({ limit: 600 }).cleaned).toBe(600)
    expect(sessions.runCleanup({ limit: 600 }).cleaned).toBe(400)
  }
  expect(sessions.getStats()).toMatchObject({ activeSessions: 0, cleanupQueueSize: 0, cleanedUp: 5000 })
})

test('two ids with the same hash are two sessions', () => {
  const { sessions, store, memory } = fresh()
  const words = new Int32Array(memory)
  const pair = ['38578', '98122']
  const hashAt = (slot: number): number => store.layout.at.index + store.layout.fields.index.at(slot) + ENTRY.hash
  for (const id of pair) sessions.createSession(`of ${id}`, 'n', { id })
  const [first, second] = pair.map((id) => store.find(id)!.slot) as [number, number]
  expect(first).not.toBe(second)
  expect(words[hashAt(first)]).toBe(words[hashAt(second)])
  // No slot begins with this hash: an empty word would be equal to another one too.
  expect(words[hashAt(first)]).not.toBe(0)
  for (const id of pair) expect(sessions.getSession(id)?.userId).toBe(`of ${id}`)
  expect(sessions.deleteSession('38578')).toBe(true)
  expect(sessions.getSession('38578')).toBe(undefined)
  expect(sessions.getSession('98122')?.userId).toBe('of 98122')
})

test('sequences and the hand of the clean-up count past the greatest number that a word holds', () => {
  const { sessions, store, memory } = fresh({ capacity: 2 })
  const words = new Int32Array(memory)
  for (let slot = 0; slot < store.layout.slots; slot++) words[store.records.recordAt(slot)] = 0x7f_ff_ff_f0
  words[store.layout.at.stats + STATS.cleanupHand] = 2 ** 31 - 2
  expect(words[HEADER.capacity]).toBe(2)
  for (let round = 0; round < 10; round++) {
    for (const id of ['a', 'b']) sessions.createSession('u', 'n', { id })
    for (const id of ['a', 'b']) expect(sessions.incrementAccess(id)).toBe(1)
    for (const id of ['a', 'b']) expect(sessions.deleteSession(id)).toBe(true)
    expect(sessions.runCleanup().cleaned).toBe(2)
  }
})

test('a session whose row the database refuses was never there, and leaves nothing after the clean-up', () => {
  const database = new StubbornDatabase()
  const { sessions, store } = fresh({ capacity: 1 }, { database })
  database.store = () => {
    throw new Error('no room')
  }
  expect(() => sessions.createSession('u', 'n', { id: 'a' })).toThrow('no room')
  expect(sessions.getSession('a')).toBe(undefined)
  expect(sessions.deleteSession('a')).toBe(false)
  expect(sessions.getActiveCount()).toBe(0)
  sessions.runCleanup()
  expect(store.stat('occupied')).toBe(0)
  delete (database as Partial<StubbornDatabase>).store
  expect(sessions.createSession('u', 'n', { id: 'a' })).toBe('a')
})

test('the clean-up leaves a dead letter alone, and its slot is not used again', () => {
  const database = new StubbornDatabase()
  const { sessions } = fresh({ capacity: 1 }, { database })
  database.kept = () => true
  sessions.createSession('u', 'n', { id: 'a' })
  sessions.deleteSession('a')
  const reports = Array.from({ length: 5 }, () => sessions.runCleanup())
  expect(reports.map(({ failed, deadLetters }) => [failed, deadLetters])).toEqual([
    [1, 0],
    [1, 0],
    [1, 1],
    [0, 0],
    [0, 0],
  ])
  expect(sessions.getStats()).toMatchObject({ deadLetters: 1, failedCleanups: 3, cleanupQueueSize: 0 })
  expect(resultOf(() => sessions.createSession('u', 'n'))).toBe(FULL)
})

test('a session in the slot of one whose clean-up failed has all its attempts', () => {
  const database = new StubbornDatabase()
  const { sessions } = fresh({ capacity: 1 }, { database })
  for (let round = 0; round < 4; round++) {
    sessions.createSession('u', 'n', { id: 'a' })
    sessions.deleteSession('a')
    database.kept = () => true
    for (let attempt = 0; attempt < 2; attempt++) expect(sessions.runCleanup().deadLetters).toBe(0)
    database.kept = () => false
    expect(sessions.runCleanup().cleaned).toBe(1)
  }
})

test('a session holds its cache time and its last activity', () => {
  const { sessions } = fresh()
  const before = Date.now()
  const id = sessions.createSession('u', 'n')
  sessions.incrementAccess(id)
  const after = Date.now()
  const { cacheTime, lastActivity } = sessions.getSession(id)!
  for (const time of [cacheTime, lastActivity]) {
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(after)
  }
})
