/**
 * Metadata as words: after the id, the user id and the user name come each key and its value. To set one key, the agent that has
 * the right to write the record changes the words in place: it decodes no other key, and copies nothing out and back.
 */
import { bytesOf, copyIn, encodeText, sameWords, wordsAt } from '../memory/text.ts'
import { TextTooLongError } from './errors.ts'
import { MAX_METADATA_BYTES, checkIsText } from './session.ts'

/** A metadata key and its value, encoded one after the other in words that grow as needed. */
export class Entry {
  words: Int32Array
  /** How many words the key takes. */
  keyWords = 0
  /** How many words the key and the value take. */
  size = 0

  /** `words`: where the entry is encoded as long as it fits. */
  constructor(words: Int32Array) {
    this.words = words
  }

  /** Sets the key for the values that follow. Throws NotTextError, or TextTooLongError if the key fits into no store. */
  setKey(key: string): void {
    checkIsText('metadata key', key)
    this.#reserve(0, key)
    this.keyWords = encodeText(this.words, 0, key)
  }

  /** Sets the value for the key. Throws NotTextError, or TextTooLongError if the value fits into no store. */
  setValue(value: string): void {
    checkIsText('metadata value', value)
    this.#reserve(this.keyWords, value)
    this.size = this.keyWords + encodeText(this.words, this.keyWords, value)
  }

  #reserve(used: number, text: string): void {
    // Without this check, one huge text would leave the words at its size for as long as the entry lives.
    if (text.length > MAX_METADATA_BYTES) throw new TextTooLongError('metadata', bytesOf(text), MAX_METADATA_BYTES)
    // One word of header, two bytes per UTF-16 code unit, and the padding of the last word.
    const most = used + 2 + (text.length >> 1)
    if (most <= this.words.length) return
    const words = new Int32Array(2 * most)
    words.set(this.words.subarray(0, used))
    this.words = words
  }
}

/** Puts the entry's value at word `at`, over an entry with the same key and the same size. The caller must own the words. */
export function replaceValue(words: Int32Array, at: number, entry: Entry): void {
  for (let word = entry.keyWords; word < entry.size; word++) words[at + word] = entry.words[word]!
}

/**
 * Puts the entry at word `at`, over one that takes `before` words, in metadata that end at `end`. The caller must own the words, and
 * they must have room.
 */
export function replaceEntry(words: Int32Array, at: number, before: number, end: number, entry: Entry): void {
  // The entries after this one move, so that keys keep the order in which they were first set.
  move(words, at + before, end, entry.size - before)
  copyIn(words, at, entry.words, entry.size)
}

/** Throws TextTooLongError if metadata of this many words do not fit. */
export function checkFits(size: number, limit: number): void {
  if (size > limit) throw new TextTooLongError('metadata', size * 4, limit * 4)
}

/**
 * Returns the word at which the entry with the same key begins in the metadata from word `start` up to, not including, `end`; `end` if
 * there is none. In damaged metadata the answer may lie after `end`, and so may the end of the entry.
 */
export function findKey(words: Int32Array, start: number, end: number, entry: Entry): number {
  let at = start
  for (; at < end; at += entryWords(words, at)) {
    if (sameWords(words, at, entry.words, entry.keyWords)) return at
  }
  return at
}

/** Returns how many words the entry at word `at` takes. */
export function entryWords(words: Int32Array, at: number): number {
  const key = wordsAt(words, at)
  return key + wordsAt(words, at + key)
}

/** Moves the words by `by`, up or down. For so few words a loop takes a fraction of the time of `copyWithin`. */
function move(words: Int32Array, start: number, end: number, by: number): void {
  if (by < 0) for (let at = start; at < end; at++) words[at + by] = words[at]!
  else for (let at = end - 1; at >= start; at--) words[at + by] = words[at]!
}
