/**
 * Metadata as words: after id, user id and user name, each key and its value, one after the other. Setting one key is done on
 * the words, by who has the right to write them: no other key is decoded, and nothing is copied out and back.
 */
import { copyIn, encodeText, sameWords, wordsAt } from '../memory/text.ts'
import { TextTooLongError } from './errors.ts'
import { checkIsText } from './session.ts'

/** A key and its value, encoded one behind the other in words of the agent's own, which grow as needed. */
export interface Entry {
  readonly words: Int32Array
  readonly keyWords: number
  readonly size: number
}

let scratch = new Int32Array(1024)

/** The encoded entry; good until the next is encoded. Throws NotTextError. */
export function encodeEntry(key: string, value: string): Entry {
  checkIsText('metadata key', key)
  checkIsText('metadata value', value)
  // A UTF-16 unit takes at most two bytes.
  const most = 2 + ((key.length + value.length) >> 1) + 2
  if (most > scratch.length) scratch = new Int32Array(2 * most)
  const keyWords = encodeText(scratch, 0, key)
  return { words: scratch, keyWords, size: keyWords + encodeText(scratch, keyWords, value) }
}

/**
 * Sets the entry's key in a text of so many words that begins there, in place if the value takes as many words as the one
 * before; returns how many words the text has now. Throws TextTooLongError when the metadata would take more than the limit;
 * the text is then as it was.
 */
export function putEntry(words: Int32Array, text: number, used: number, entry: Entry, limit: number): number {
  const start = metadataStart(words, text)
  const end = text + used
  const at = findKey(words, start, end, entry)
  const before = at === end ? 0 : entryWords(words, at)
  if (before === entry.size) {
    copyIn(words, at, entry.words, entry.size)
    return used
  }
  const after = used - before + entry.size
  const size = text + after - start
  if (size > limit) throw new TextTooLongError('metadata', size * 4, limit * 4)
  // Those behind it move, so that keys stay in the order in which they first came.
  words.copyWithin(at + entry.size, at + before, end)
  copyIn(words, at, entry.words, entry.size)
  return after
}

function metadataStart(words: Int32Array, text: number): number {
  const userId = text + wordsAt(words, text)
  const username = userId + wordsAt(words, userId)
  return username + wordsAt(words, username)
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
