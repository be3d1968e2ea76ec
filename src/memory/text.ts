/**
 * Text in shared words: any JavaScript string, exactly, unpaired surrogates included.
 *
 *   word 0      bytes << 1 | wide
 *   word 1 …    the bytes, four a word, the last word padded with zeros
 *
 * A string of Latin-1 characters takes a byte each, any other two bytes a UTF-16 unit: the forms that V8 itself keeps, so
 * that both ways are a copy and nothing is lost. Equal strings have equal words, so that comparing words compares text.
 *
 * Shared words are read and written as plain ones: an atomic access costs a call, a plain one next to nothing, and text is
 * many words. Writers exclude one another, by an atomic read-modify-write of a guarding word before and after; but a reader
 * races with a writer. That is sound only for a reader that confirms afterwards, by a read-modify-write of the same word, that
 * no writer had begun: then all its plain reads happen before that word's next change, and no value of a later write can be
 * among them (ECMAScript, "Memory Model": a read cannot see a write that it happens before). An atomic load would not do, for
 * plain reads may be put off past it. What was read when the confirmation fails may be a mixture, and is thrown away.
 */

/** The mark of a text of UTF-16 units, in its header. */
export const WIDE = 1
const NOT_LATIN = /[\u0100-\uffff]/

/** Node's own slices, without the look-up of an encoding's name that `toString` does: half the time of a short text. */
interface Bytes extends Buffer {
  latin1Slice(start: number, end: number): string
  ucs2Slice(start: number, end: number): string
}

let scratchBytes = Buffer.alloc(4096) as Bytes
let scratch = new Int32Array(scratchBytes.buffer, scratchBytes.byteOffset, scratchBytes.length >> 2)

/** A string of so many Latin-1 bytes, which must be a Buffer's: as a plain type, for this is seen by who has no Node types. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return (bytes as Bytes).latin1Slice(start, end)
}

/** How many words a text takes, its header included. */
export function textWords(text: string): number {
  return 1 + wordsOf(bytesOf(text))
}

/** How many bytes a text's characters take: one each if all are Latin-1, else two a UTF-16 unit. */
export function bytesOf(text: string): number {
  return NOT_LATIN.test(text) ? text.length * 2 : text.length
}

/** Writes a text into an agent's own words; returns how many it took. The caller has made sure that they are there. */
export function encodeText(target: Int32Array, at: number, text: string): number {
  const { length } = text
  const whole = length & ~3
  let word = at + 1
  let seen = 0
  // Four characters a word; for texts as short as ids this is faster than any call that leaves JavaScript.
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
    // Behind the end there is NaN, which is 0 as a bit pattern.
    target[at + 1 + (index >> 1)] = text.charCodeAt(index) | (text.charCodeAt(index + 1) << 16)
  }
  target[at] = (length << 2) | WIDE
  return 1 + wordsOf(length * 2)
}

/** Reads a text from an agent's own words, as `encodeText` or `copyOut` left them. */
export function decodeText(source: Int32Array, at: number): string {
  const header = source[at]!
  const bytes = header >>> 1
  const count = wordsOf(bytes)
  reserve(count)
  for (let word = 0; word < count; word++) scratch[word] = source[at + 1 + word]!
  return header & WIDE ? scratchBytes.ucs2Slice(0, bytes) : latin1(scratchBytes, 0, bytes)
}

/** How many words the text that starts at `at` takes, its header included. */
export function wordsAt(source: Int32Array, at: number): number {
  return 1 + wordsOf(source[at]! >>> 1)
}

/** Copies an agent's own words into shared ones. */
export function copyIn(shared: Int32Array, at: number, own: Int32Array, count: number): void {
  for (let word = 0; word < count; word++) shared[at + word] = own[word]!
}

/** Copies shared words into an agent's own, but for the first `from`. To be confirmed, where somebody may be writing. */
export function copyOut(own: Int32Array, shared: Int32Array, at: number, count: number, from = 0): void {
  let word = from
  // Four at a time takes half as long: the loop costs as much as the copying.
  for (const last = count - 3; word < last; word += 4) {
    const there = at + word
    own[word] = shared[there]!
    own[word + 1] = shared[there + 1]!
    own[word + 2] = shared[there + 2]!
    own[word + 3] = shared[there + 3]!
  }
  for (; word < count; word++) own[word] = shared[at + word]!
}

/** Whether the shared words hold the same as an agent's own. To be confirmed, where somebody may be writing. */
export function sameWords(shared: Int32Array, at: number, own: Int32Array, count: number): boolean {
  for (let word = 0; word < count; word++) if (shared[at + word] !== own[word]) return false
  return true
}

function wordsOf(bytes: number): number {
  return (bytes + 3) >> 2
}

function reserve(count: number): void {
  if (count <= scratch.length) return
  scratchBytes = Buffer.alloc(count * 8) as Bytes
  scratch = new Int32Array(scratchBytes.buffer, scratchBytes.byteOffset, scratchBytes.length >> 2)
}
