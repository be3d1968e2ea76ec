import { SyncRangeError } from './errors.ts'

/** Throws SyncRangeError unless so many words fit at the index: noticed when a primitive is made, not when it is contended. */
export function checkFit(words: Int32Array, at: number, needed: number): void {
  if (typeof words?.length !== 'number') throw new SyncRangeError('The memory', words, 'an Int32Array on shared memory')
  if (Number.isInteger(at) && at >= 0 && at + needed <= words.length) return
  const room = `${needed} ${needed === 1 ? 'word' : 'words'}`
  throw new SyncRangeError(
    'The index',
    at,
    `a whole number that leaves room for ${room}: the Int32Array has ${words.length}`,
  )
}
