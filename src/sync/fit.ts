/** The checks of the arguments that a primitive is made with. */
import { SyncRangeError } from './errors.ts'

/**
 * Throws SyncRangeError unless `needed` words fit into `words` at index `at`. The check is made when a primitive is created,
 * so that the mistake does not wait for the first contention to show.
 */
export function checkFit(words: Int32Array, at: number, needed: number): void {
  if (typeof words?.length !== 'number') throw new SyncRangeError('The memory', words, 'an Int32Array on shared memory')
  if (Number.isInteger(at) && at >= 0 && at + needed <= words.length) return
  const room = `${needed} ${needed === 1 ? 'word' : 'words'}`
  throw new SyncRangeError(
    'The index',
    at,
    `a whole number that leaves room for ${room} in an Int32Array of length ${words.length}`,
  )
}

/** Throws SyncRangeError unless `count` is a whole number from 1 to 2^31 − 1, which one word of shared memory can count to. */
export function checkCount(what: string, count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= 0x7fffffff) return
  throw new SyncRangeError(what, count, 'a whole number from 1 to 2147483647')
}

/** Throws SyncRangeError unless `repair` is a function. The check is made at each call, so that it does not wait for the first death. */
export function checkRepair(repair: unknown): void {
  if (typeof repair !== 'function') throw new SyncRangeError('The repair', repair, 'a function')
}
