/** What the tests of the store share: stores, their contents, and threads that take more than one shared memory. */
import { RacelabError } from '../../src/errors.ts'
import { SessionManager } from '../../src/store/manager.ts'
import type { ManagerOptions } from '../../src/store/manager.ts'
import { allocateSessionStore, layoutOf } from '../../src/store/allocate.ts'
import type { StoreOptions } from '../../src/store/allocate.ts'
import { STATS } from '../../src/store/layout.ts'
import { SessionStore } from '../../src/store/store.ts'
import { serve, threads } from '../threads.ts'
import type { Job } from '../threads.ts'

export interface Fresh {
  readonly memory: SharedArrayBuffer
  readonly store: SessionStore
  readonly sessions: SessionManager
}

/** Returns a new store with a manager over it. */
export function fresh(options: StoreOptions = {}, more: ManagerOptions = {}): Fresh {
  const memory = allocateSessionStore({
    capacity: 4,
    metadataBytes: 256,
    ...options,
  })
  return { memory, store: new SessionStore(memory), sessions: new SessionManager(memory, more) }
}

/** Returns a copy of all bytes of a memory. */
export function bytesIn(memory: SharedArrayBuffer): Buffer {
  return Buffer.from(new Uint8Array(memory).slice())
}

/** The same of a store's memory, without what agents note for those who would mend what they leave, and how many creations were refused. */
export function bytesBesideNotes(memory: SharedArrayBuffer): Buffer {
  const { at } = layoutOf(memory)
  const refused = at.stats + STATS.refused
  return bytesIn(memory)
    .fill(0, 4 * at.notes, 4 * at.index)
    .fill(0, 4 * refused, 4 * (refused + 1))
}

/** Returns the result of the act, or the code of the RacelabError that it throws. */
export function resultOf(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    if (error instanceof RacelabError) return (error as RacelabError & { code: string }).code
    throw error
  }
}

export const EXISTS = 'ERR_RACELAB_SESSION_EXISTS'
export const FULL = 'ERR_RACELAB_STORE_FULL'
export const NOT_FOUND = 'ERR_RACELAB_SESSION_NOT_FOUND'
export const TOO_LONG = 'ERR_RACELAB_TEXT_TOO_LONG'

/** Returns `count` ids that all have this slot as their home in a store of this capacity. */
export function idsOfOneHome(count: number, capacity: number, home = 0): string[] {
  const found: string[] = []
  for (let number = 0; found.length < count; number++) {
    const { store, sessions } = fresh({ capacity, metadataBytes: 0 })
    const id = sessions.createSession('u', 'n', { id: `${number} is ${number}` })
    if (store.find(id)!.slot === home) found.push(id)
  }
  return found
}

/** Creates sessions until the store is full; returns how many. */
export function fill(sessions: SessionManager): number {
  for (let created = 0; ; created++) {
    if (resultOf(() => sessions.createSession('filler', 'filler')) === FULL) return created
  }
}

/** A job whose first parameter is an object of memories. The jobs of `../threads.ts` take words. */
type MemoryJob = (memories: never, thread: number, count: number) => unknown

/** `threads` for jobs that take memories. */
export function memoryThreads<Jobs extends Record<string, MemoryJob>>(fixture: URL) {
  const { run, end } = threads<Record<string, Job>>(fixture)
  return {
    end,
    run: <Name extends keyof Jobs & string>(job: Name, count: number, memories: Parameters<Jobs[Name]>[0]) =>
      // The value only has to be cloneable; no code on the way looks at it.
      run(job, count, memories as unknown as Int32Array) as Promise<ReturnType<Jobs[Name]>[]>,
  }
}

/** `serve` for jobs that take memories. */
export function serveMemories(jobs: Record<string, MemoryJob>): void {
  serve(jobs as unknown as Record<string, Job>)
}

export function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number)
}
