/**
 * The memory of the lab's store: a session store, and beside it the words that only the broken and the locking variants use.
 */
import { lines, struct, table, word, words } from '../../memory/layout.ts'
import { allocateSessionStore } from '../../store/allocate.ts'
import type { StoreOptions } from '../../store/allocate.ts'
import { MAX_TEXT_BYTES } from '../../store/session.ts'
import { Mutex } from '../../sync/mutex.ts'
import { RwLock } from '../../sync/rw-lock.ts'

/** The memory of a lab store. It is plain data, so it can be sent to the workers. */
export interface LabMemory {
  readonly sessions: SharedArrayBuffer
  /** Locks, queues and the count of active sessions. */
  readonly extras: SharedArrayBuffer
  /** How many ids each queue has room for. */
  readonly queueCapacity: number
}

const rwLock = lines(words(RwLock.WORDS))

/** An item of a queue: an id, and how often its clean-up has failed. */
export const queued = struct({ attempts: word, id: words(1 + MAX_TEXT_BYTES / 4) })

/** Returns the layout of a queue. */
export function queueLayout(capacity: number) {
  return struct({ length: lines(word), item: table(queued, capacity) })
}

/** Returns the layout of the words beside the session store. */
export function extrasLayout(queueCapacity: number) {
  return struct({
    storeLock: rwLock,
    statsLock: rwLock,
    queueLock: rwLock,
    mutex: lines(words(Mutex.WORDS)),
    activeSessions: lines(word),
    queue: queueLayout(queueCapacity),
    deadLetters: queueLayout(queueCapacity),
  })
}

/** The sizes of a lab store. */
export interface LabOptions extends StoreOptions {
  /** How many ids each queue of the locking variants has room for. Default 0. */
  readonly queueCapacity?: number
}

/** Allocates a session store and the lab's words beside it. Throws what `allocateSessionStore` throws. */
export function allocateLabStore({ queueCapacity = 0, ...options }: LabOptions = {}): LabMemory {
  const extras = new SharedArrayBuffer(4 * extrasLayout(queueCapacity).words)
  return { sessions: allocateSessionStore({ ...options, agents: 0 }), extras, queueCapacity }
}
