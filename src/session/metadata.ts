/**
 * Metadata as words: after id, user id and user name, each key and its value, one after the other. Setting one key is done on
 * the words, in the agent's own copy of them: no other key is decoded, and only what has changed need be written back.
 */
import { encodeText, wordsAt } from '../memory/text.ts'
import { TextTooLongError } from './errors.ts'
import type { Image } from './record.ts'

/** A key and its value, encoded one behind the other in words of the agent's own, which grow as needed. */
export interface Entry {
  readonly words: Int32Array
  readonly keyWords: number
  readonly size: number
}

let scratch = new Int32Array(1024)

/** The encoded entry; good until the next is encoded. */
export function encodeEntry(key: string, value: string): Entry {
  // A UTF-16 unit takes at most two bytes.
  const most = 2 + ((key.length + value.length) >> 1) + 2
  if (most > scratch.length) scratch = new Int32Array(2 * most)
  const keyWords = encodeText(scratch, 0, key)
  return { words: scratch, keyWords, size: keyWords + encodeText(scratch, keyWords, value) }
}

/** Which words of a text have changed, and how many words it has now. */
export interface Change {
  readonly from: number
  readonly to: number
  readonly used: number
}

/**
 * Sets the entry's key in an image's text of so many words, in place if the value is as long as the one before. Throws
 * TextTooLongError when the metadata would take more than the limit; the image is then good for nothing else.
 */
export function putEntry({ text }: Image, used: number, entry: Entry, limit: number): Change {
  const start = metadataStart(text)
  const at = findKey(text, start, used, entry)
  const before = at === used ? 0 : entryWords(text, at)
  if (before === entry.size) return written(text, at, entry, at + entry.keyWords, used)
  const after = used - before + entry.size
  if (after - start > limit) throw new TextTooLongError('metadata', (after - start) * 4, limit * 4)
  // Those behind it move, so that keys stay in the order in which they first came.
  text.copyWithin(at + entry.size, at + before, used)
  return written(text, at, entry, at, after)
}

function written(text: Int32Array, at: number, { words, size }: Entry, from: number, used: number): Change {
  for (let word = 0; word < size; word++) text[at + word] = words[word]!
  return { from, to: from === at ? used : at + size, used }
}

function metadataStart(text: Int32Array): number {
  const userId = wordsAt(text, 0)
  const username = userId + wordsAt(text, userId)
  return username + wordsAt(text, username)
}

/** Where the entry with the same key begins, or the end. */
function findKey(text: Int32Array, start: number, used: number, entry: Entry): number {
  for (let at = start; at < used; at += entryWords(text, at)) if (hasKey(text, at, entry)) return at
  return used
}

function hasKey(text: Int32Array, at: number, { words, keyWords }: Entry): boolean {
  for (let word = 0; word < keyWords; word++) if (text[at + word] !== words[word]) return false
  return true
}

function entryWords(text: Int32Array, at: number): number {
  const key = wordsAt(text, at)
  return key + wordsAt(text, at + key)
}
