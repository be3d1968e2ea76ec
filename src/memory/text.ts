/**
 * Text in shared words: any JavaScript string comes back exactly, unpaired surrogates included.
 *
 *   word 0      bytes << 1 | wide
 *   word 1 …    the bytes, four per word; the last word is padded with zeros
 *
 * A string of Latin-1 characters takes one byte per character; any other string takes two bytes per UTF-16 code unit. V8 stores
 * strings in the same two forms, so that encoding and decoding copy bytes and lose nothing. Equal strings have equal words, so
 * comparing words compares text.
 *
 * Text is many words, so it is read and written with plain accesses: an atomic access costs a call, a plain access almost
 * nothing. Writers exclude each other with an atomic read-modify-write of a guarding word before and after the write. A reader
 * takes no part in that and may race with a writer. Its plain reads are sound only if the reader then does a read-modify-write
 * of the guarding word and finds the value from before the reads. In that case no writer had begun, and all the plain reads
 * happen before the next change of the guarding word. A read cannot see a write that it happens before (ECMAScript, "Memory
 * Model"), so the reader saw no part of a later write. An atomic load would not be enough, because plain reads may be delayed
 * past it. If the guarding word has changed, the text read may be a mixture, and the reader must discard it.
 */

/** The bit in a text's header that marks two bytes per character. */
export const WIDE = 1
const NOT_LATIN = /[\u0100-\uffff]/

/**
 * The methods that Buffer's `toString` calls. A direct call saves the look-up of the encoding, which is half the time of a short
 * text.
 */
interface Bytes extends Buffer {
  latin1Slice(start: number, end: number): string
  ucs2Slice(start: number, end: number): string
}

let scratchBytes = Buffer.alloc(4096) as Bytes
let scratch = new Int32Array(scratchBytes.buffer, scratchBytes.byteOffset, scratchBytes.length >> 2)

/**
 * Returns the string of the Latin-1 bytes from `start` up to, not including, `end`. `bytes` must be a Buffer; its type here is
 * Uint8Array so that the emitted declarations need no Node types.
 */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return (bytes as Bytes).latin1Slice(start, end)
}

/** Returns how many words a text takes when encoded, its header included. */
export function textWords(text: string): number {
  return 1 + wordsOf(bytesOf(text))
}

/** Returns how many bytes the characters of a text take: one each if all are Latin-1, else two per UTF-16 code unit. */
export function bytesOf(text: string): number {
  return NOT_LATIN.test(text) ? text.length * 2 : text.length
}

/**
 * Encodes a text into `target`, an agent's own words, from word `at`; returns how many words the text takes. The caller must make
 * sure that it fits.
 */
export function encodeText(target: Int32Array, at: number, text: string): number {
  const { length } = text
  const whole = length & ~3
  let word = at + 1
  let seen = 0
  // Four characters per word. For texts as short as ids this is faster than any native call.
  for (let index = 0; index < whole; index += 4) {
    const a = text.charCodeAt(index)
    const b = text.charCodeAt(index + 1)
    const c = text.charCodeAt(index + 2)
    const d = text.charCodeAt(index + 3)
    seen |= a | b | c | d
    target[word++] = a | (b << 8) | (c << 16) | (d << 24)
  }
  if (whole < length) {
    let last = 0
    for (let index = whole; index < length; index++) {
      const character = text.charCodeAt(index)
      seen |= character
      last |= character << (8 * (index & 3))
    }
    target[word++] = last
  }
  if (seen > 0xff) return encodeWide(target, at, text)
  target[at] = length << 1
  return word - at
}

function encodeWide(target: Int32Array, at: number, text: string): number {
  const { length } = text
  for (let index = 0; index < length; index += 2) {
    // After the last character, charCodeAt returns NaN, which the bitwise operators take as 0.
    target[at + 1 + (index >> 1)] = text.charCodeAt(index) | (text.charCodeAt(index + 1) << 16)
  }
  target[at] = (length << 2) | WIDE
  return 1 + wordsOf(length * 2)
}

/** Returns the text that starts at word `at` of `source`, an agent's own words. */
export function decodeText(source: Int32Array, at: number): string {
  const header = source[at]!
  const bytes = header >>> 1
  const count = wordsOf(bytes)
  reserve(count)
  for (let word = 0; word < count; word++) scratch[word] = source[at + 1 + word]!
  return header & WIDE ? scratchBytes.ucs2Slice(0, bytes) : latin1(scratchBytes, 0, bytes)
}

/** Returns how many words the encoded text that starts at word `at` takes, its header included. */
export function wordsAt(source: Int32Array, at: number): number {
  return 1 + wordsOf(source[at]! >>> 1)
}

/** Copies `count` words from word `from` to word `to` of the same memory. The two places must not overlap. */
export function copyWords(words: Int32Array, to: number, from: number, count: number): void {
  for (let word = 0; word < count; word++) words[to + word] = words[from + word]!
}

/** Copies the first `count` words of `own` into the shared words from word `at`. */
export function copyIn(shared: Int32Array, at: number, own: Int32Array, count: number): void {
  for (let word = 0; word < count; word++) shared[at + word] = own[word]!
}

/**
 * Copies `count` shared words from word `at` into `own`, except the first `from` of them. If a writer may be active, the caller
 * must check the guarding word afterwards and discard the copy if it has changed.
 */
export function copyOut(own: Int32Array, shared: Int32Array, at: number, count: number, from = 0): void {
  let word = from
  // Four words per round take half the time: the loop itself costs as much as the copying.
  for (const last = count - 3; word < last; word += 4) {
    const there = at + word
    own[word] = shared[there]!
    own[word + 1] = shared[there + 1]!
    own[word + 2] = shared[there + 2]!
    own[word + 3] = shared[there + 3]!
  }
  for (; word < count; word++) own[word] = shared[at + word]!
}

/**
 * Returns whether the `count` shared words from word `at` equal the first words of `own`. If a writer may be active, the caller
 * must check the guarding word afterwards and discard the answer if it has changed.
 */
export function sameWords(shared: Int32Array, at: number, own: Int32Array, count: number): boolean {
  for (let word = 0; word < count; word++) if (shared[at + word] !== own[word]) return false
  return true
}

/** Returns how many words the bytes take. */
function wordsOf(bytes: number): number {
  // Unsigned, so that the header of a damaged text gives a length that is too large, and none that is negative.
  return (bytes + 3) >>> 2
}

/** Makes the scratch memory at least `count` words long. */
function reserve(count: number): void {
  if (count <= scratch.length) return
  scratchBytes = Buffer.alloc(count * 8) as Bytes
  scratch = new Int32Array(scratchBytes.buffer, scratchBytes.byteOffset, scratchBytes.length >> 2)
}
