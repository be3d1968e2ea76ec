/** The hash of a text in words. */
import { wordsAt } from './text.ts'

/**
 * Returns the 32-bit hash of the encoded text that `text` begins with. The text's header takes part, and with it the length.
 * Mixes one word at a time, as MurmurHash3 does (A. Appleby, public domain).
 */
export function hashOf(text: Int32Array): number {
  let hash = 0
  for (let word = wordsAt(text, 0) - 1; word >= 0; word--) {
    let mixed = Math.imul(text[word]!, 0xcc9e2d51)
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
    hash ^= mixed
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
