/**
 * Encodes a session into the words of a record, and decodes it. Both go through an image: a copy of the record in the agent's own
 * memory, which is copied in or out in one loop. A session that does not fit is refused here, before shared memory is touched.
 *
 * The text of a record is a run of texts: the id, the user id, the user name, then each metadata key and its value.
 */
import { TextRun } from '../memory/text-run.ts'
import { bytesOf, encodeText, textWords, wordsAt } from '../memory/text.ts'
import { corruptText } from './damage.ts'
import { NumberRangeError, TextTooLongError } from './errors.ts'
import type { CorruptStoreError } from './errors.ts'
import { RECORD, RECORD_WORDS } from './layout.ts'
import { MAX_TEXT_BYTES, NAMES, checkIsMap, checkIsText } from './session.ts'
import type { Session } from './session.ts'

const MAX_ID_WORDS = 1 + MAX_TEXT_BYTES / 4

/** The time that a record holds for "never". No session expires at the beginning of 1970, so the value is free. */
const NEVER = 0

/** The words of a record in the agent's own memory. */
export interface Image {
  readonly record: Int32Array
  readonly text: Int32Array
  /** Reads strings from `text`. */
  readonly run: TextRun
  /** The slot that the image was last copied from. */
  slot: number
}

/** Returns an image for a text of at most `maxTextWords` words. */
export function makeImage(maxTextWords: number): Image {
  const text = new Int32Array(maxTextWords)
  return { record: new Int32Array(RECORD_WORDS), text, run: new TextRun(text), slot: 0 }
}

/** How many words the text of a record may take. */
interface Room {
  readonly nameWords: number
  readonly metadataWords: number
}

/**
 * Encodes a session into the image. Throws NotTextError, NotAMapError, TextTooLongError or NumberRangeError if the session does not
 * fit into a record.
 */
export function encodeSession(image: Image, session: Session, { nameWords, metadataWords }: Room): void {
  const { record, text } = image
  const metadata = readable(session.metadata)
  // What is too long for the image is cut off at its end, as by every typed array, and then refused.
  let at = encodeName(text, 0, 'id', session.id)
  at += encodeName(text, at, 'user id', session.userId)
  at += encodeName(text, at, 'user name', session.username)
  // The option `nameBytes` does not count the headers of the texts, so the message does not either.
  if (at > nameWords) throw new TextTooLongError('text of the names', (at - NAMES) * 4, (nameWords - NAMES) * 4)
  record[RECORD.nameWords] = at
  const end = at + metadataWords
  for (const [key, value] of metadata) {
    checkAreTexts(key, value)
    // Without this check, a huge text would be encoded only to be refused.
    if (key.length + value.length > 4 * (end - at)) throw metadataTooLong(metadata, metadataWords)
    at += encodeText(text, at, key)
    at += encodeText(text, at, value)
  }
  if (at > end) throw metadataTooLong(metadata, metadataWords)
  record[RECORD.textWords] = at
  checkNumber('version', session.version)
  checkNumber('access count', session.accessCount)
  checkTime('last activity', session.lastActivity)
  record[RECORD.version] = session.version
  record[RECORD.accessCount] = session.accessCount
  record[RECORD.isAuthenticated] = session.isAuthenticated ? 1 : 0
  encodeTime(record, RECORD.lastActivity, session.lastActivity)
  encodeTime(record, RECORD.cacheTime, session.cacheTime)
  encodeTime(record, RECORD.expiresAt, session.expiresAt === Infinity ? NEVER : session.expiresAt)
}

/**
 * Returns the session in a filled image, whose words must be of one moment. A caller that knows the id passes it, which saves decoding
 * it. Throws CorruptStoreError.
 *
 * Everything is decoded at once. To decode a property when it is asked for, the object needs an accessor of its own: spread,
 * JSON.stringify and structuredClone do not see one of its prototype. To define one takes V8 as long as to decode three short entries
 * of metadata.
 */
export function decodeSession(image: Image, id?: string): Session {
  const { record, text, run } = image
  const userIdAt = wordsAt(text, 0)
  const usernameAt = userIdAt + wordsAt(text, userIdAt)
  const metadataAt = usernameAt + wordsAt(text, usernameAt)
  const end = record[RECORD.textWords]!
  if (metadataAt !== record[RECORD.nameWords] || metadataAt > end || end > text.length) throw damageOf(image)
  run.reset(end)
  return {
    id: id ?? run.read(0),
    userId: run.read(userIdAt),
    username: run.read(usernameAt),
    accessCount: record[RECORD.accessCount]! >>> 0,
    version: record[RECORD.version]! >>> 0,
    isAuthenticated: record[RECORD.isAuthenticated] === 1,
    lastActivity: decodeTime(record, RECORD.lastActivity),
    cacheTime: decodeTime(record, RECORD.cacheTime),
    expiresAt: decodeTime(record, RECORD.expiresAt) || Infinity,
    metadata: decodeMetadata(image, metadataAt, end),
  }
}

/** Returns the id of the session in a filled image, without decoding the rest. Throws CorruptStoreError. */
export function decodeId(image: Image): string {
  checkId(image)
  return decodeFirst(image)
}

/** Returns the first text of an image, without decoding the rest. */
export function decodeFirst({ text, run }: Image): string {
  run.reset(wordsAt(text, 0))
  return run.read(0)
}

/** Throws CorruptStoreError if the id in a filled image, whose words must be of one moment, is longer than an id can be. */
export function checkId(image: Image): void {
  if (wordsAt(image.text, 0) > Math.min(MAX_ID_WORDS, image.record[RECORD.textWords]!)) throw damageOf(image)
}

/** Returns the error for an image whose texts cannot be. */
export function damageOf({ slot, record, text }: Image): CorruptStoreError {
  return corruptText(slot, text, record[RECORD.nameWords]!, record[RECORD.textWords]!)
}

function decodeMetadata(image: Image, from: number, end: number): Map<string, string> {
  const { text, run } = image
  const metadata = new Map<string, string>()
  for (let at = from; at < end;) {
    const valueAt = at + wordsAt(text, at)
    const next = valueAt + wordsAt(text, valueAt)
    if (next > end) throw damageOf(image)
    metadata.set(run.read(at), run.read(valueAt))
    at = next
  }
  return metadata
}

/** Encodes an id, a user id or a user name, and returns how many words it takes. Throws NotTextError or TextTooLongError. */
function encodeName(target: Int32Array, at: number, what: string, text: string): number {
  checkIsText(what, text)
  const size = text.length > MAX_TEXT_BYTES ? Infinity : encodeText(target, at, text)
  if (size > MAX_ID_WORDS) throw new TextTooLongError(what, bytesOf(text), MAX_TEXT_BYTES)
  return size
}

/**
 * Returns the metadata as a Map that can be read without running code of the caller, which could use the store and with it the image: a
 * copy if the Map iterates in its own way. Throws NotAMapError.
 */
function readable(metadata: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  checkIsMap(metadata)
  return metadata[Symbol.iterator] === Map.prototype[Symbol.iterator] ? metadata : new Map(metadata)
}

function checkAreTexts(key: string, value: string): void {
  checkIsText('metadata key', key)
  checkIsText('metadata value', value)
}

function metadataTooLong(metadata: ReadonlyMap<string, string>, limit: number): TextTooLongError {
  let used = 0
  for (const [key, value] of metadata) {
    checkAreTexts(key, value)
    used += textWords(key) + textWords(value)
  }
  return new TextTooLongError('metadata', used * 4, limit * 4)
}

function checkNumber(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) throw new NumberRangeError(what, value)
}

/** The latest and, negative, the earliest time that a `Date` can have. */
const MAX_TIME = 8.64e15

function checkTime(what: string, time: number): void {
  if (typeof time !== 'number' || !(Math.abs(time) <= MAX_TIME))
    throw new NumberRangeError(what, time, 'the time of a Date')
}

/** Writes a time in milliseconds since 1970 into two words, the low word first. */
export function encodeTime(record: Int32Array, at: number, milliseconds: number): void {
  // The bitwise operator takes the number modulo 2 ** 32.
  record[at] = milliseconds | 0
  record[at + 1] = Math.floor(milliseconds / 2 ** 32)
}

/** Returns the time in milliseconds since 1970 that `encodeTime` wrote. */
export function decodeTime(record: Int32Array, at: number): number {
  return record[at + 1]! * 2 ** 32 + (record[at]! >>> 0)
}
