/**
 * Metadata as words: after id, user id and user name, each key and its value, one after the other. Setting one key is done on
 * the words, by who has the right to write them: no other key is decoded, and nothing is copied out and back.
 */
import { bytesOf, copyIn, encodeText, sameWords, wordsAt } from '../memory/text.ts'
import { TextTooLongError } from './errors.ts'
import { MAX_METADATA_BYTES, checkIsText } from './session.ts'

/** A key and its value, encoded one behind the other in words that grow as needed. */
export class Entry {
  words = new Int32Array(64)
  keyWords = 0
  size = 0

  /** Takes a key, for the values that follow. Throws NotTextError, or TextTooLongError if no store has room for it. */
  setKey(key: string): void {
    checkIsText('metadata key', key)
    this.#reserve(0, key)
    this.keyWords = encodeText(this.words, 0, key)
  }

  /** Takes a value for the key. Throws as `setKey`. */
  setValue(value: string): void {
    checkIsText('metadata value', value)
    this.#reserve(this.keyWords, value)
    this.size = this.keyWords + encodeText(this.words, this.keyWords, value)
  }

  #reserve(used: number, text: string): void {
    // Or else the words would keep its size for as long as there is the entry.
    if (text.length > MAX_METADATA_BYTES) throw new TextTooLongError('metadata', bytesOf(text), MAX_METADATA_BYTES)
    // A header, two bytes a UTF-16 unit, and what fills the last word.
    const most = used + 2 + (text.length >> 1)
    if (most <= this.words.length) return
    const words = new Int32Array(2 * most)
    words.set(this.words.subarray(0, used))
    this.words = words
  }
}

/**
 * Sets the entry's key in metadata that begin at one word and end before another, in place if the value takes as many words
 * as the one before; returns where the metadata end now. Throws TextTooLongError when they would take more words than the
 * limit; they are then as they were.
 */
export function putEntry(words: Int32Array, start: number, end: number, entry: Entry, limit: number): number {
  const at = findKey(words, start, end, entry)
  const before = at === end ? 0 : entryWords(words, at)
  if (before !== entry.size) {
    const size = end - start - before + entry.size
    if (size > limit) throw new TextTooLongError('metadata', size * 4, limit * 4)
    // Those behind it move, so that keys stay in the order in which they first came.
    move(words, at + before, end, entry.size - before)
  }
  copyIn(words, at, entry.words, entry.size)
  return end - before + entry.size
}

/** Where the entry with the same key begins, or the end. */
function findKey(words: Int32Array, start: number, end: number, entry: Entry): number {
  for (let at = start; at < end; at += entryWords(words, at)) {
    if (sameWords(words, at, entry.words, entry.keyWords)) return at
  }
  return end
}

function entryWords(words: Int32Array, at: number): number {
  const key = wordsAt(words, at)
  return key + wordsAt(words, at + key)
}

/** Moves words up or down by so many. For as few as these are, a loop takes a fraction of what `copyWithin` does. */
function move(words: Int32Array, start: number, end: number, by: number): void {
  if (by < 0) for (let at = start; at < end; at++) words[at + by] = words[at]!
  else for (let at = end - 1; at >= start; at--) words[at + by] = words[at]!
}
