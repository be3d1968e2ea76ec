/**
 * All threads create, count, change, read and delete all sessions of one store, and create them again, one phase after the
 * other. The ids and the order in which a phase visits the sessions are random and drawn beforehand. Each phase visits each
 * session once, so two threads never use the same session: the store grows, and the contention does not.
 */
import { randomUUID } from 'node:crypto'
import { randomNumbers } from '../../src/explore/model/random-numbers.ts'
import { SessionManager, allocateSessionStore } from '../../src/store/index.ts'
import type { LessonLoad } from '../../src/lab/lessons/bug.ts'
import { collectGarbage } from '../harness/collect-garbage.ts'
import { bytesInUse } from '../harness/pages.ts'

/** Bytes of a UUID, a user id and a user name; the length of each is rounded up to a multiple of four. */
export const NAME_BYTES = 56
export const METADATA_BYTES = 128

/** `fill` creates the sessions in memory that was never used, `create` in a store that was full before. */
export const PHASES = ['fill', 'increment', 'set', 'get', 'delete', 'create'] as const
export type Phase = (typeof PHASES)[number]

/**
 * Each phase has at least this many operations. A small store repeats its phases: otherwise they would end before all threads
 * have started.
 */
const LEAST_OPERATIONS = 50_000
const WARM_UP = { sessions: 1000, rounds: 10 }
/** A clean-up follows after this many deletes, which is how many one clean-up tries by default. */
const CLEAN_AFTER = 256

const UUID_BYTES = 36
const METADATA = new Map([
  ['theme', 'dark'],
  ['language', 'english'],
])
const [KEY, NEW_VALUE] = ['theme', 'light']

interface Memory {
  readonly sessions: SharedArrayBuffer
  /** The time that the allocation took. */
  readonly milliseconds: number
  /** The UUIDs, without separators. */
  readonly ids: SharedArrayBuffer
  /** The order in which the sessions are visited. */
  readonly order: Int32Array
}

interface Report {
  /** The time of each phase, as the average over the rounds. */
  readonly milliseconds: { readonly [Each in Phase]: number }
  /** The number of sessions that were read with the right content, plus the number that were deleted. */
  readonly right: number
}

/** The iterations are the number of sessions. */
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

  work({ sessions, ids, order }, { workers, iterations }, worker) {
    const part = partOf(ids, order, worker.index, workers)
    warmUp()
    // Collects the previous store and the garbage of making the strings, so that no phase pays for it.
    collectGarbage()
    worker.start()
    const manager = new SessionManager(sessions)
    return worker.operation(() => live(manager, part, roundsOf(iterations), () => worker.meet()))
  },

  judge({ sessions, milliseconds }, { iterations }, reports) {
    const { activeSessions, cleanupQueueSize } = new SessionManager(sessions).getStats()
    // In each round all sessions are read and deleted. At the end all exist.
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

/** Returns the numbers from 0 to `count` − 1, shuffled (Fisher and Yates), in shared memory, so that threads need no copies. */
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

/** The ids that one thread creates, and the ids that it visits, which any thread may have created. */
interface Part {
  readonly created: readonly string[]
  readonly visited: readonly string[]
}

/** Makes one thread's ids as new strings, which lie next to each other in memory, like an id that was just read from a cookie. */
function partOf(ids: SharedArrayBuffer, order: Int32Array, thread: number, threads: number): Part {
  const bytes = Buffer.from(ids)
  const idAt = (index: number): string => bytes.toString('latin1', index * UUID_BYTES, (index + 1) * UUID_BYTES)
  const places = Int32Array.from(order.keys()).filter((place) => place % threads === thread)
  return { created: Array.from(places, idAt), visited: Array.from(places, (place) => idAt(order[place]!)) }
}

/** Keeps managers alive: V8 discards the code that it compiled for managers when it collects the last manager. */
const warm: SessionManager[] = []

/** Runs once on each thread. It uses two stores in turn, so that the compiled code works for more than one store. */
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

/** Returns how many sessions have the content that the previous phases gave them. */
function getAll(manager: SessionManager, ids: readonly string[]): number {
  let right = 0
  for (const id of ids) {
    const session = manager.getSession(id)
    if (session?.accessCount === 2 && session.metadata.get(KEY) === NEW_VALUE) right++
  }
  return right
}

/** Deletes the sessions and returns how many were deleted. Cleans up in between, as a server would, and finally the rest. */
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
