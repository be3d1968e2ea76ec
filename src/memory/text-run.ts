/**
 * Reads texts that stand one behind the other in an agent's own words. Making a string of bytes means leaving JavaScript, and
 * that is what costs: so it is done at most once for all of them, and not at all for those that were lately read elsewhere.
 */
import { WIDE, decodeText, latin1 } from './text.ts'

/** A longer run is read one by one: a short piece of it, kept by somebody, would keep all of it alive. */
const MOST_RUN_WORDS = 128

/**
 * Short texts that were read lately: names of keys and usual values come again and again. So short that V8 makes a copy of
 * them, not a piece that keeps the run alive.
 */
const COMMON = 1024
const COMMON_WORDS = 4
const MOST_COMMON_HEADER = (4 * (COMMON_WORDS - 1)) << 1
const commonWords = new Int32Array(COMMON * COMMON_WORDS)
const commonTexts = Array.from<string>({ length: COMMON }).fill('')

export class TextRun {
  readonly #words: Int32Array
  readonly #bytes: Uint8Array
  #from = 0
  #end = 0
  #all: string | undefined

  /** `bytes` are the same memory as `words`, as a Buffer. */
  constructor(words: Int32Array, bytes: Uint8Array) {
    this.#words = words
    this.#bytes = bytes
  }

  /** To be called whenever the words have changed: the run is from one word to before another now. */
  reset(from: number, end: number): void {
    this.#from = from
    this.#end = end
    this.#all = undefined
  }

  /** The text that starts at a word of the run. */
  read(at: number): string {
    const header = this.#words[at]!
    if (header & WIDE || this.#end - this.#from > MOST_RUN_WORDS) return decodeText(this.#words, at)
    if (header > MOST_COMMON_HEADER) return this.#piece(at, header)
    const common = placeOf(this.#words, at, header)
    if (!isAt(common, this.#words, at, header)) put(common, this.#words, at, header, this.#piece(at, header))
    return commonTexts[common]!
  }

  #piece(at: number, header: number): string {
    this.#all ??= latin1(this.#bytes, 4 * this.#from, 4 * this.#end)
    const start = 4 * (at + 1 - this.#from)
    return this.#all.substring(start, start + (header >>> 1))
  }
}

function placeOf(words: Int32Array, at: number, header: number): number {
  let mixed = header
  for (let word = lastOf(header); word > 0; word--) mixed = Math.imul(mixed ^ words[at + word]!, 0x85ebca6b)
  return (mixed >>> 16) & (COMMON - 1)
}

function isAt(common: number, words: Int32Array, at: number, header: number): boolean {
  const place = common * COMMON_WORDS
  for (let word = lastOf(header); word >= 0; word--) if (commonWords[place + word] !== words[at + word]) return false
  return true
}

function put(common: number, words: Int32Array, at: number, header: number, text: string): void {
  const place = common * COMMON_WORDS
  for (let word = lastOf(header); word >= 0; word--) commonWords[place + word] = words[at + word]!
  commonTexts[common] = text
}

/** The last word of a text, counted from its header. */
function lastOf(header: number): number {
  return (header + 7) >> 3
}
