/**
 * Encodes a session into the words of a record, and decodes it. Both go through an image: a copy of the record in the agent's own
 * memory, which is copied in or out in one loop. A session that does not fit is refused here, before shared memory is touched.
 *
 * The text of a record is a run of texts: the id, the user id, the user name, then each metadata key and its value.
 */
import { TextRun } from '../memory/text-run.ts'
import { bytesOf, encodeText, textWords, wordsAt } from '../memory/text.ts'
import { NumberRangeError, TextTooLongError } from './errors.ts'
import { RECORD, RECORD_WORDS } from './layout.ts'
import { MAX_TEXT_BYTES, NAMES, checkIsText } from './session.ts'
import type { Session } from './session.ts'

/** The time that a record holds for "never". No session expires at the beginning of 1970, so the value is free. */
const NEVER = 0

/** The words of a record in the agent's own memory. */
export interface Image {
  readonly record: Int32Array
  readonly text: Int32Array
  /** Reads strings from `text`. */
  readonly run: TextRun
}

/** Returns an image for a text of at most `maxTextWords` words. */
export function makeImage(maxTextWords: number): Image {
  const text = new Int32Array(maxTextWords)
  return { record: new Int32Array(RECORD_WORDS), text, run: new TextRun(text) }
}

/** How many words the text of a record may take. */
interface Room {
  readonly nameWords: number
  readonly metadataWords: number
}

/**
 * Encodes a session into the image. Throws NotTextError, TextTooLongError or NumberRangeError if the session does not fit into a
 * record.
 */
export function encodeSession(image: Image, session: Session, room: Room): void {
  checkText('id', session.id)
  checkText('user id', session.userId)
  checkText('user name', session.username)
  checkNames(session, room.nameWords)
  checkMetadata(session.metadata, room.metadataWords)
  checkNumber('version', session.version)
  checkNumber('access count', session.accessCount)
  const { record, text } = image
  record[RECORD.version] = session.version
  record[RECORD.accessCount] = session.accessCount
  record[RECORD.isAuthenticated] = session.isAuthenticated ? 1 : 0
  encodeTime(record, RECORD.lastActivity, session.lastActivity)
  encodeTime(record, RECORD.cacheTime, session.cacheTime)
  encodeTime(record, RECORD.expiresAt, session.expiresAt === Infinity ? NEVER : session.expiresAt)
  let at = encodeText(text, 0, session.id)
  at += encodeText(text, at, session.userId)
  at += encodeText(text, at, session.username)
  record[RECORD.nameWords] = at
  for (const [key, value] of session.metadata) {
    at += encodeText(text, at, key)
    at += encodeText(text, at, value)
  }
  record[RECORD.textWords] = at
}

/**
 * Returns the session in a filled image. A caller that knows the id passes it, which saves decoding it.
 *
 * Everything is decoded at once. To decode a property when it is asked for, the object needs an accessor of its own: spread,
 * JSON.stringify and structuredClone do not see one of its prototype. To define one takes V8 as long as to decode three short entries
 * of metadata.
 */
export function decodeSession({ record, text, run }: Image, id?: string): Session {
  const userIdAt = wordsAt(text, 0)
  const usernameAt = userIdAt + wordsAt(text, userIdAt)
  const metadataAt = usernameAt + wordsAt(text, usernameAt)
  const end = record[RECORD.textWords]!
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
    metadata: decodeMetadata(text, metadataAt, end, run),
  }
}

/** Returns the first text of an image, without decoding the rest: the id, if the image holds a whole session. */
export function decodeFirst({ text, run }: Image): string {
  run.reset(wordsAt(text, 0))
  return run.read(0)
}

function decodeMetadata(text: Int32Array, from: number, end: number, run: TextRun): Map<string, string> {
  const metadata = new Map<string, string>()
  for (let at = from; at < end;) {
    const valueAt = at + wordsAt(text, at)
    metadata.set(run.read(at), run.read(valueAt))
    at = valueAt + wordsAt(text, valueAt)
  }
  return metadata
}

/** Throws NotTextError unless `text` is a string, and TextTooLongError if it is too long for an id, a user id or a user name. */
export function checkText(what: string, text: string): void {
  checkIsText(what, text)
  const bytes = bytesOf(text)
  if (bytes > MAX_TEXT_BYTES) throw new TextTooLongError(what, bytes, MAX_TEXT_BYTES)
}

function checkNames({ id, userId, username }: Session, limit: number): void {
  const used = textWords(id) + textWords(userId) + textWords(username)
  // The option `nameBytes` does not count the headers of the texts, so the message does not either.
  if (used > limit) throw new TextTooLongError('text of the names', (used - NAMES) * 4, (limit - NAMES) * 4)
}

function checkMetadata(metadata: Map<string, string>, limit: number): void {
  let used = 0
  for (const [key, value] of metadata) {
    checkIsText('metadata key', key)
    checkIsText('metadata value', value)
    used += textWords(key) + textWords(value)
  }
  if (used > limit) throw new TextTooLongError('metadata', used * 4, limit * 4)
}

function checkNumber(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) throw new NumberRangeError(what, value)
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
