import { SyncRangeError } from './errors.ts'

/** Throws SyncRangeError unless so many words fit at the index: noticed when a primitive is made, not when it is contended. */
export function checkFit(words: Int32Array, at: number, needed: number): void {
  if (Number.isInteger(at) && at >= 0 && at + needed <= words.length) return
  throw new SyncRangeError('The index', at, `a whole number that leaves ${needed} words, of ${words.length}`)
}
