/**
 * A session to and from the words of a record. Both ways go through an image: words of the agent's own, in the order of the
 * shared ones, that are copied in or out in one go. What does not fit is refused here, before shared memory is touched.
 *
 * The text of a record is a run of texts: id, user id, user name, then each metadata key and its value.
 */
import { TextRun } from '../memory/text-run.ts'
import { bytesOf, encodeText, textWords, wordsAt } from '../memory/text.ts'
import { NumberRangeError, TextTooLongError } from './errors.ts'
import { RECORD, RECORD_WORDS } from './layout.ts'
import { MAX_TEXT_BYTES, NAMES, type Session, checkIsText } from './session.ts'

/** The time that a record holds for "never": nothing expires in 1970. */
const NEVER = 0

/** A record's words in the agent's own memory. */
export interface Image {
  readonly record: Int32Array
  readonly text: Int32Array
  /** Reads the text. */
  readonly run: TextRun
}

/** An image for texts of at most so many words. */
export function makeImage(mostTextWords: number): Image {
  const text = new Int32Array(mostTextWords)
  return { record: new Int32Array(RECORD_WORDS), text, run: new TextRun(text, Buffer.from(text.buffer)) }
}

/** How many words of text a record has room for. */
interface Room {
  readonly nameWords: number
  readonly metadataWords: number
}

/** Fills the image from a session. Throws TextTooLongError or NumberRangeError when it does not fit. */
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

/** Makes a session from a filled image; its id need not be read again by who knows it. */
export function decodeSession({ record, text, run }: Image, id?: string): Session {
  const userIdAt = wordsAt(text, 0)
  const usernameAt = userIdAt + wordsAt(text, userIdAt)
  const metadataAt = usernameAt + wordsAt(text, usernameAt)
  const end = record[RECORD.textWords]!
  run.reset(id === undefined ? 0 : userIdAt, end)
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

/** The id of the session in a filled image, and nothing else of it. */
export function decodeId({ text, run }: Image): string {
  run.reset(0, wordsAt(text, 0))
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

/** Throws NotTextError, or TextTooLongError when an id, a user id or a user name is too long. */
export function checkText(what: string, text: string): void {
  checkIsText(what, text)
  const bytes = bytesOf(text)
  if (bytes > MAX_TEXT_BYTES) throw new TextTooLongError(what, bytes, MAX_TEXT_BYTES)
}

function checkNames({ id, userId, username }: Session, limit: number): void {
  const used = textWords(id) + textWords(userId) + textWords(username)
  // Their headers are no matter of whoever allocates.
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

export function encodeTime(record: Int32Array, at: number, milliseconds: number): void {
  // As 32 bits, a number is taken modulo 2 ** 32.
  record[at] = milliseconds | 0
  record[at + 1] = Math.floor(milliseconds / 2 ** 32)
}

export function decodeTime(record: Int32Array, at: number): number {
  return record[at + 1]! * 2 ** 32 + (record[at]! >>> 0)
}
