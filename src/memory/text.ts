/**
 * Text in shared words: any JavaScript string, exactly, unpaired surrogates included.
 *
 *   word 0      bytes << 1 | wide
 *   word 1 …    the bytes, four a word, the last word padded with zeros
 *
 * A string of Latin-1 characters takes a byte each, any other two bytes a UTF-16 unit: the forms that V8 itself keeps, so
 * that both ways are a copy and nothing is lost. Equal strings have equal words, so that comparing words compares text.
 *
 * The shared side is touched word by word through Atomics: a reader that is overtaken by a writer sees old or new words,
 * never half of one, and it is for the caller's version check to notice. Encoding goes through a scratch of the agent's own.
 */

const WIDE = 1
const NOT_LATIN = /[\u0100-\uffff]/

let scratchBytes = Buffer.alloc(4096)
let scratch = new Int32Array(scratchBytes.buffer, scratchBytes.byteOffset, scratchBytes.length >> 2)

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
  const wide = NOT_LATIN.test(text)
  const bytes = wide ? text.length * 2 : text.length
  const count = wordsOf(bytes)
  reserve(count)
  // The padding must be zero whatever the scratch held, for equal texts to have equal words.
  if (count > 0) scratch[count - 1] = 0
  scratchBytes.write(text, 0, bytes, wide ? 'utf16le' : 'latin1')
  target[at] = (bytes << 1) | (wide ? WIDE : 0)
  for (let word = 0; word < count; word++) target[at + 1 + word] = scratch[word]!
  return 1 + count
}

/** Reads a text from an agent's own words, as `encodeText` or `copyOut` left them. */
export function decodeText(source: Int32Array, at: number): string {
  const header = source[at]!
  const bytes = header >>> 1
  const count = wordsOf(bytes)
  reserve(count)
  for (let word = 0; word < count; word++) scratch[word] = source[at + 1 + word]!
  return scratchBytes.toString(header & WIDE ? 'utf16le' : 'latin1', 0, bytes)
}

/** How many words the text that starts at `at` takes, its header included. */
export function wordsAt(source: Int32Array, at: number): number {
  return 1 + wordsOf(source[at]! >>> 1)
}

/** Copies an agent's own words into shared ones. */
export function copyIn(shared: Int32Array, at: number, own: Int32Array, count: number): void {
  for (let word = 0; word < count; word++) Atomics.store(shared, at + word, own[word]!)
}

/** Copies shared words into an agent's own. */
export function copyOut(own: Int32Array, shared: Int32Array, at: number, count: number): void {
  for (let word = 0; word < count; word++) own[word] = Atomics.load(shared, at + word)
}

/** Whether the shared words hold the same as an agent's own. */
export function sameWords(shared: Int32Array, at: number, own: Int32Array, count: number): boolean {
  for (let word = 0; word < count; word++) if (Atomics.load(shared, at + word) !== own[word]) return false
  return true
}

function wordsOf(bytes: number): number {
  return (bytes + 3) >> 2
}

function reserve(count: number): void {
  if (count <= scratch.length) return
  scratchBytes = Buffer.alloc(count * 8)
  scratch = new Int32Array(scratchBytes.buffer, scratchBytes.byteOffset, scratchBytes.length >> 2)
}
