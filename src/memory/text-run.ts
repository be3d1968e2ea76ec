/**
 * Reads texts that stand one after the other in an agent's own words. To make a string of bytes takes a native call, which costs
 * more than the copying. So a run makes one such call for many of its texts, and none for short texts that were read recently.
 */
import { WIDE, decodeText, latin1 } from './text.ts'

/**
 * How many words one call makes into a string, of which the texts are then substrings. V8 makes a long substring refer to the whole
 * string, so a caller that keeps one text keeps this many words in memory.
 */
const PAGE_WORDS = 128

/**
 * The cache of short texts that were read recently: names of keys and frequent values come again and again. Its texts are so
 * short that V8 copies them, and they do not keep a page in memory.
 */
const CACHE_ENTRIES = 1024
const ENTRY_WORDS = 4
const MAX_CACHED_HEADER = (4 * (ENTRY_WORDS - 1)) << 1
const cachedWords = new Int32Array(CACHE_ENTRIES * ENTRY_WORDS)
const cachedTexts = Array.from<string>({ length: CACHE_ENTRIES }).fill('')

/** A run of texts in an agent's own words, read as strings. */
export class TextRun {
  readonly #words: Int32Array
  readonly #bytes: Uint8Array
  #end = 0
  /** Some words of the run as one string: those from `#from` up to, not including, `#to`. */
  #page = ''
  #from = 0
  #to = 0

  constructor(words: Int32Array) {
    this.#words = words
    this.#bytes = Buffer.from(words.buffer, words.byteOffset, words.byteLength)
  }

  /** Makes the words up to, not including, `end` the run. The caller must call it after every change of the words. */
  reset(end: number): void {
    this.#end = end
    this.#to = 0
  }

  /** Returns the text that starts at word `at` of the run. */
  read(at: number): string {
    const header = this.#words[at]!
    if (header & WIDE) return decodeText(this.#words, at)
    if (header > MAX_CACHED_HEADER) return this.#piece(at, header)
    const entry = entryOf(this.#words, at, header)
    if (!isCached(entry, this.#words, at, header)) cache(entry, this.#words, at, header, this.#piece(at, header))
    return cachedTexts[entry]!
  }

  #piece(at: number, header: number): string {
    const last = at + lastOf(header)
    if (last >= this.#to || at < this.#from) {
      // A text that is longer than a page has one of its own.
      if (last - at >= PAGE_WORDS) return decodeText(this.#words, at)
      this.#from = at
      this.#to = Math.min(at + PAGE_WORDS, this.#end)
      this.#page = latin1(this.#bytes, 4 * at, 4 * this.#to)
    }
    const start = 4 * (at + 1 - this.#from)
    return this.#page.substring(start, start + (header >>> 1))
  }
}

/** Returns the only cache entry that may hold the text. */
function entryOf(words: Int32Array, at: number, header: number): number {
  let mixed = header
  for (let word = lastOf(header); word > 0; word--) mixed = Math.imul(mixed ^ words[at + word]!, 0x85ebca6b)
  return (mixed >>> 16) & (CACHE_ENTRIES - 1)
}

function isCached(entry: number, words: Int32Array, at: number, header: number): boolean {
  const start = entry * ENTRY_WORDS
  for (let word = lastOf(header); word >= 0; word--) if (cachedWords[start + word] !== words[at + word]) return false
  return true
}

function cache(entry: number, words: Int32Array, at: number, header: number, text: string): void {
  const start = entry * ENTRY_WORDS
  for (let word = lastOf(header); word >= 0; word--) cachedWords[start + word] = words[at + word]!
  cachedTexts[entry] = text
}

/** Returns the offset of a text's last word from its header. */
function lastOf(header: number): number {
  return (header + 7) >> 3
}
