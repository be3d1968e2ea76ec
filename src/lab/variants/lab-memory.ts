/**
 * The memory of the lab's store: a session store's own, and beside it the words that only broken and locking variants use.
 */
import { lines, struct, table, word, words } from '../../memory/layout.ts'
import { type StoreOptions, allocateSessionStore } from '../../store/allocate.ts'
import { MAX_TEXT_BYTES } from '../../store/session.ts'
import { Mutex } from '../../sync/mutex.ts'
import { RwLock } from '../../sync/rw-lock.ts'

/** Plain data: it travels to the workers. */
export interface LabMemory {
  readonly sessions: SharedArrayBuffer
  /** Locks, queues and the count of active sessions. */
  readonly extras: SharedArrayBuffer
  /** How many ids each queue has room for. */
  readonly queueCapacity: number
}

const rwLock = lines(words(RwLock.WORDS))

/** An id in a queue, and how often its clean-up has failed. */
export const queued = struct({ attempts: word, id: words(1 + MAX_TEXT_BYTES / 4) })

function queueOf(capacity: number) {
  return struct({ length: lines(word), item: table(queued, capacity) })
}

/** Where the words of the extras are. */
export function extrasLayout(queueCapacity: number) {
  return struct({
    storeLock: rwLock,
    statsLock: rwLock,
    queueLock: rwLock,
    mutex: lines(words(Mutex.WORDS)),
    activeSessions: lines(word),
    queue: queueOf(queueCapacity),
    deadLetters: queueOf(queueCapacity),
  })
}

export interface LabOptions extends StoreOptions {
  /** How many ids each queue of the locking variants has room for. Default 0. */
  readonly queueCapacity?: number
}

/** Allocates a session store and the lab's words beside it. Throws what `allocateSessionStore` throws. */
export function allocateLabStore({ queueCapacity = 0, ...options }: LabOptions = {}): LabMemory {
  const extras = new SharedArrayBuffer(4 * extrasLayout(queueCapacity).words)
  return { sessions: allocateSessionStore(options), extras, queueCapacity }
}
