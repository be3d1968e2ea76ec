/**
 * Tokens: a schedule as a short printable string, `rl1.` and base64url. Version 1 contains, in this order:
 *
 *   subject     the option `subject` of the exploration: its length and its UTF-8 text; may be empty. If the schedule is
 *               of a client of operations, or has a crash, NUL and the client or the point of the crash follow in the same text
 *   seed        the option `seed`: what Math.random returns to the actors depends on it
 *   runs        the number of runs; then for each run the actor and the number of steps that it takes in a row
 *   prints      one byte a step: a fingerprint of the access, which shows where an edited program diverges
 *   checksum    four bytes: FNV-1a of all bytes before
 *
 * Numbers are LEB128. The values that were read are not in the token, because the program produces them again.
 */
import { RacelabError } from '../../errors.ts'
import type { Access } from '../model/access.ts'
import type { Step } from '../model/actor.ts'
import { scheduleOf } from '../model/schedule.ts'
import type { Schedule } from '../model/schedule.ts'

const PREFIX = 'rl1.'
/** Stands between the subject and the client. */
const CLIENT = '\0'

/**
 * Thrown by `replay` for a text that is not a token, is damaged, or is a token of another version. The message says
 * which.
 *
 * @example
 * const nothing = { name: 'nothing', memory: () => 0, actors: { alice: () => 0 } }
 * try {
 *   replay(nothing, 'rl1.damaged')
 * } catch (error) {
 *   error.code // 'ERR_RACELAB_BAD_TOKEN'
 *   error instanceof TokenError // true
 * }
 */
export class TokenError extends RacelabError {
  readonly code = 'ERR_RACELAB_BAD_TOKEN'
}

/** What a token contains. */
export interface TokenContent {
  readonly subject: string
  /**
   * The client of which the schedule is, as `clientText` returns it, or the point of a crash, as `crashText` returns it; undefined for
   * a scenario with actors without a crash.
   */
  readonly client: string | undefined
  readonly seed: number
  readonly schedule: Schedule
  readonly prints: readonly number[]
}

/** Returns the token of a schedule; `client` names the client of which it is, or the crash that it has. */
export function encodeToken(trace: readonly Step[], seed: number, subject: string, client?: string): string {
  const bytes: number[] = []
  const name = Buffer.from(client === undefined ? subject : `${subject}${CLIENT}${client}`)
  putNumber(bytes, name.length)
  bytes.push(...name)
  putNumber(bytes, seed >>> 0)
  const runs = runsOf(scheduleOf(trace))
  putNumber(bytes, runs.length)
  for (const [actor, length] of runs) {
    putNumber(bytes, actor)
    putNumber(bytes, length)
  }
  for (const step of trace) bytes.push(fingerprint(step.access))
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(fnv1a(bytes))
  return PREFIX + Buffer.concat([Buffer.from(bytes), sum]).toString('base64url')
}

/** Returns the content of a token. Throws TokenError if it is not a valid token of version 1. */
export function decodeToken(token: string): TokenContent {
  const version = /^rl(\d+)\./.exec(token)?.[1]
  if (version === undefined) throw new TokenError('This is not a racelab token: a token begins with "rl1.".')
  if (version !== '1') throw new TokenError(`The token is of version ${version}; this racelab reads version 1.`)
  const text = token.slice(PREFIX.length)
  const all = Buffer.from(text, 'base64url')
  const bytes = [...all.subarray(0, -4)]
  // The decoder ignores characters that are not base64url, and several texts decode to the same bytes. Only the text
  // that encodes them exactly is accepted.
  if (all.length < 4 || all.toString('base64url') !== text || fnv1a(bytes) !== all.readUInt32LE(all.length - 4)) {
    throw new TokenError('The token is damaged: its checksum does not match. Was all of it copied?')
  }
  const [subject = '', client] = Buffer.from(bytes.splice(0, takeNumber(bytes)))
    .toString()
    .split(CLIENT)
  const seed = takeNumber(bytes)
  const schedule: number[] = []
  for (let runs = takeNumber(bytes); runs > 0; runs--) {
    const actor = takeNumber(bytes)
    const length = takeNumber(bytes)
    // Each step has a print in the remaining bytes, so a longer run is refused before it is expanded.
    if (schedule.length + length > bytes.length) throw lengthsDiffer()
    for (let step = 0; step < length; step++) schedule.push(actor)
  }
  if (schedule.length !== bytes.length) throw lengthsDiffer()
  return { subject, client, seed, schedule, prints: bytes }
}

function lengthsDiffer(): TokenError {
  return new TokenError('The token is damaged: its schedule is not as long as its list of steps.')
}

/** What identifies an access in every run. */
type Identified = Pick<Access, 'kind' | 'at' | 'size' | 'first' | 'second' | 'begins'>

/**
 * Returns a fingerprint of 8 bits of what an access asks for: its kind, its location, its operands and the call that
 * begins with it.
 */
export function fingerprint({ kind, at, size, first, second, begins }: Identified): number {
  const call = begins === undefined ? '' : ` ${begins.call}`
  const hash = fnv1a(Buffer.from(`${kind} ${at} ${size} ${String(first)} ${String(second)}${call}`))
  return (hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & 0xff
}

/** Returns the runs of a schedule: steps of one actor in a row. */
function runsOf(schedule: Schedule): [actor: number, length: number][] {
  const runs: [number, number][] = []
  for (const actor of schedule) {
    const last = runs.at(-1)
    if (last?.[0] === actor) last[1]++
    else runs.push([actor, 1])
  }
  return runs
}

function putNumber(bytes: number[], value: number): void {
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  bytes.push(rest)
}

function takeNumber(bytes: number[]): number {
  let value = 0
  for (let scale = 1; value <= Number.MAX_SAFE_INTEGER && scale < 2 ** 56; scale *= 128) {
    const byte = bytes.shift()
    if (byte === undefined) throw new TokenError('The token is damaged: it ends too soon.')
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value
  }
  throw new TokenError('The token is damaged: a number in it is too large.')
}

/** The hash FNV-1a, 32 bits, by G. Fowler, L. C. Noll and P. Vo. */
function fnv1a(bytes: Iterable<number>): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
