/** The words of the threads that work under a robust lock, and what such a thread is given. */
import { RobustRwLock } from '../../src/sync/robust-rw-lock.ts'

export const STOP = 0
/** How often an agent found what it was not told of. */
export const SURPRISES = 1
/** How often an agent was told of a death. */
export const TOLD = 2
export const ONE = 3
export const TWO = 4
/** The agent that is alone inside. */
export const INSIDE = 5
export const LOCK = 6
export const ROOM = 16
/** The rounds of the thread with number 0, of the next one, and so on. */
export const ROUNDS = LOCK + RobustRwLock.words(ROOM)

export interface RobustThreadData {
  readonly words: Int32Array
  readonly kind: 'mutex' | 'read-write lock'
  readonly number: number
  /** Whether it never leaves the lock when it is inside alone. */
  readonly stays: boolean
}
