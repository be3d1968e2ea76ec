/**
 * The life of all sessions of one store, by all threads together, a phase after the other: created, counted, changed, read,
 * deleted, and created again. Ids are random and drawn beforehand, and so is the order in which sessions are visited. A phase
 * visits each session once, so that no two threads meet at one: what grows is the store, not the contention.
 */
import { randomUUID } from 'node:crypto'
import { randomNumbers } from '../../src/explore/model/random-numbers.ts'
import { SessionManager, allocateSessionStore } from '../../src/store/index.ts'
import type { LessonLoad } from '../../src/lab/lessons/lesson.ts'
import { collectGarbage } from '../harness/collect-garbage.ts'
import { bytesInUse } from '../harness/pages.ts'

/** A UUID, a user id and a user name: each is rounded up to four. */
export const NAME_BYTES = 56
export const METADATA_BYTES = 128

/** `fill` creates in memory that nobody has used, `create` in a store that was full before. */
export const PHASES = ['fill', 'increment', 'set', 'get', 'delete', 'create'] as const
export type Phase = (typeof PHASES)[number]

/** So many operations a phase in all: a small store lives again and again, lest it is over before the threads are awake. */
const LEAST_OPERATIONS = 50_000
const WARM_UP = { sessions: 1000, rounds: 10 }
/** A clean-up after every so many deletes: as many as one tries by itself. */
const CLEAN_AFTER = 256

const UUID_BYTES = 36
const METADATA = new Map([
  ['theme', 'dark'],
  ['language', 'english'],
])
const [KEY, NEW_VALUE] = ['theme', 'light']

interface Memory {
  readonly sessions: SharedArrayBuffer
  /** What allocating them took. */
  readonly milliseconds: number
  /** One UUID behind the other. */
  readonly ids: SharedArrayBuffer
  /** In which order they are visited. */
  readonly order: Int32Array
}

interface Report {
  /** Of a phase, on average over the rounds. */
  readonly milliseconds: { readonly [Each in Phase]: number }
  /** How many sessions were read as they should be, and how many were deleted. */
  readonly right: number
}

/** The iterations are the sessions. */
export const growth: LessonLoad<Memory, Report> = {
  iterations: 1000,
  gap: 'none',
  database: 'memory',

  prepare({ iterations, seed }) {
    collectGarbage()
    const began = performance.now()
    const sessions = allocate(iterations)
    const milliseconds = performance.now() - began
    return { sessions, milliseconds, ids: drawIds(iterations), order: drawOrder(iterations, seed) }
  },

  work({ sessions, ids, order }, { workers, iterations }, hand) {
    const part = partOf(ids, order, hand.index, workers)
    warmUp()
    // The store before this one, and what was left of making the strings: not to be paid for while the clock runs.
    collectGarbage()
    hand.start()
    const manager = new SessionManager(sessions)
    return hand.operation(() => live(manager, part, roundsOf(iterations), () => hand.meet()))
  },

  judge({ sessions, milliseconds }, { iterations }, reports) {
    const { activeSessions, cleanupQueueSize } = new SessionManager(sessions).getStats()
    // In each round all are read and deleted; in the end all are there.
    const expected = (2 * roundsOf(iterations) + 1) * iterations
    const actual = reports.reduce((sum, { right }) => sum + right, activeSessions)
    const nanoseconds = PHASES.map((phase) => {
      const slowest = Math.max(...reports.map((report) => report.milliseconds[phase]))
      return [phase, (1e6 * slowest) / iterations]
    })
    const metrics = {
      bytesReserved: sessions.byteLength / iterations,
      bytesTouched: bytesInUse(sessions) / iterations,
      allocateMilliseconds: milliseconds,
      ...Object.fromEntries(nanoseconds),
    }
    return { expected, actual, violations: expected - actual + cleanupQueueSize, metrics }
  },
}

function allocate(capacity: number): SharedArrayBuffer {
  return allocateSessionStore({ capacity, nameBytes: NAME_BYTES, metadataBytes: METADATA_BYTES })
}

function roundsOf(sessions: number): number {
  return Math.ceil(LEAST_OPERATIONS / sessions)
}

function drawIds(count: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(count * UUID_BYTES)
  const bytes = Buffer.from(memory)
  for (let index = 0; index < count; index++) bytes.write(randomUUID(), index * UUID_BYTES, 'latin1')
  return memory
}

/** All numbers below so many, shuffled (Fisher and Yates); in shared memory, so that threads take no copies. */
function drawOrder(count: number, seed: number): Int32Array {
  const random = randomNumbers(seed)
  const order = new Int32Array(new SharedArrayBuffer(4 * count))
  for (let at = 0; at < count; at++) {
    const other = Math.floor(random() * (at + 1))
    order[at] = order[other]!
    order[other] = at
  }
  return order
}

/** What one thread creates, and what it visits, whoever created it. */
interface Part {
  readonly created: readonly string[]
  readonly visited: readonly string[]
}

/** Each string lies behind the one before: as near as one that has just come out of a cookie. */
function partOf(ids: SharedArrayBuffer, order: Int32Array, thread: number, threads: number): Part {
  const bytes = Buffer.from(ids)
  const idAt = (index: number): string => bytes.toString('latin1', index * UUID_BYTES, (index + 1) * UUID_BYTES)
  const places = Int32Array.from(order.keys()).filter((place) => place % threads === thread)
  return { created: Array.from(places, idAt), visited: Array.from(places, (place) => idAt(order[place]!)) }
}

/** Kept: when its last manager is collected, V8 throws away the code that it has compiled for managers. */
const warm: SessionManager[] = []

/** Once a thread; two stores in turns, lest the code is compiled for the one and again for the next. */
function warmUp(): void {
  if (warm.length > 0) return
  const { sessions, rounds } = WARM_UP
  warm.push(...[sessions, 2 * sessions].map((capacity) => new SessionManager(allocate(capacity))))
  const part = partOf(drawIds(sessions), drawOrder(sessions, 1), 0, 1)
  for (let round = 0; round < rounds; round++) {
    for (const manager of warm) {
      live(manager, part, 1, () => {})
      deleteAll(manager, part.visited, () => {})
    }
  }
}

function live(manager: SessionManager, { created, visited }: Part, rounds: number, meet: () => void): Report {
  const milliseconds = { fill: 0, increment: 0, set: 0, get: 0, delete: 0, create: 0 }
  const measure = (phase: Phase, work: () => void, times = rounds): void => {
    meet()
    const began = performance.now()
    work()
    milliseconds[phase] += (performance.now() - began) / times
  }
  let right = 0
  measure('fill', () => createAll(manager, created), 1)
  for (let round = 0; round < rounds; round++) {
    measure('increment', () => incrementAll(manager, visited))
    measure('set', () => setAll(manager, visited))
    measure('get', () => (right += getAll(manager, visited)))
    measure('delete', () => (right += deleteAll(manager, visited, meet)))
    measure('create', () => createAll(manager, created))
  }
  return { milliseconds, right }
}

function createAll(manager: SessionManager, ids: readonly string[]): void {
  for (const id of ids) manager.createSession('user-4711', 'alice', { id, metadata: METADATA })
}

function incrementAll(manager: SessionManager, ids: readonly string[]): void {
  for (const id of ids) manager.incrementAccess(id)
}

function setAll(manager: SessionManager, ids: readonly string[]): void {
  for (const id of ids) manager.updateSession(id, KEY, NEW_VALUE)
}

/** How many are as all phases before have left them. */
function getAll(manager: SessionManager, ids: readonly string[]): number {
  let right = 0
  for (const id of ids) {
    const session = manager.getSession(id)
    if (session?.accessCount === 2 && session.metadata.get(KEY) === NEW_VALUE) right++
  }
  return right
}

/** How many were deleted. Cleans up as it goes, as a server would, and in the end whatever is left. */
function deleteAll(manager: SessionManager, ids: readonly string[], meet: () => void): number {
  let right = 0
  for (let index = 0; index < ids.length; index++) {
    if (manager.deleteSession(ids[index]!)) right++
    if (index % CLEAN_AFTER === CLEAN_AFTER - 1) manager.runCleanup()
  }
  meet()
  manager.runCleanup({ limit: Infinity, look: Infinity })
  return right
}
