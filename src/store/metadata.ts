/**
 * Metadata as words: after the id, the user id and the user name come each key and its value. To set one key, the agent that has
 * the right to write the record changes the words in place: it decodes no other key, and copies nothing out and back.
 */
import { bytesOf, copyIn, encodeText, sameWords, wordsAt } from '../memory/text.ts'
import { TextTooLongError } from './errors.ts'
import { MAX_METADATA_BYTES, checkIsText } from './session.ts'

/** A metadata key and its value, encoded one after the other in words that grow as needed. */
export class Entry {
  words = new Int32Array(64)
  /** How many words the key takes. */
  keyWords = 0
  /** How many words the key and the value take. */
  size = 0

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

/**
 * Sets the entry's key in the metadata from word `start` up to, not including, `end`; returns the new end. The value is replaced
 * in place if it takes as many words as the old one. Throws TextTooLongError if the metadata would take more than `limit` words;
 * then they are unchanged. The caller must have the right to write the words.
 */
export function putEntry(words: Int32Array, start: number, end: number, entry: Entry, limit: number): number {
  const at = findKey(words, start, end, entry)
  const before = at === end ? 0 : entryWords(words, at)
  if (before !== entry.size) {
    const size = end - start - before + entry.size
    if (size > limit) throw new TextTooLongError('metadata', size * 4, limit * 4)
    // The entries after this one move, so that keys keep the order in which they were first set.
    move(words, at + before, end, entry.size - before)
  }
  copyIn(words, at, entry.words, entry.size)
  return end - before + entry.size
}

/** Returns the word at which the entry with the same key begins, or `end` if there is none. */
function findKey(words: Int32Array, start: number, end: number, entry: Entry): number {
  for (let at = start; at < end; at += entryWords(words, at)) {
    if (sameWords(words, at, entry.words, entry.keyWords)) return at
  }
  return end
}

/** Returns how many words the entry at word `at` takes. */
function entryWords(words: Int32Array, at: number): number {
  const key = wordsAt(words, at)
  return key + wordsAt(words, at + key)
}

/** Moves the words by `by`, up or down. For so few words a loop takes a fraction of the time of `copyWithin`. */
function move(words: Int32Array, start: number, end: number, by: number): void {
  if (by < 0) for (let at = start; at < end; at++) words[at + by] = words[at]!
  else for (let at = end - 1; at >= start; at--) words[at + by] = words[at]!
}
