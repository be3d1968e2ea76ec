/**
 * Tokens: a schedule as a short printable string, `rl1.` and base64url. Version 1 holds, in this order,
 *
 *   subject     what it is a schedule of, for those that need no file: length and UTF-8
 *   seed        what the actors got from Math.random depends on it
 *   runs        how many, then for each the actor and the number of steps that it takes in a row
 *   prints      one byte a step: a fingerprint of the access, to find where an edited program goes another way
 *   checksum    four bytes, FNV-1a of all before
 *
 * Numbers are LEB128. A token is small: the values are not in it, since the program makes them again.
 */
import { RacelabError } from '../../errors.ts'
import type { Access, Kind } from '../model/access.ts'
import type { Step } from '../model/actor.ts'
import type { Operand } from '../model/elements.ts'
import { scheduleOf } from '../model/schedule.ts'
import type { Schedule } from '../model/schedule.ts'

const PREFIX = 'rl1.'

/** The token is not one that this version of racelab wrote. */
export class TokenError extends RacelabError {
  readonly code = 'ERR_RACELAB_BAD_TOKEN'
}

export interface TokenContent {
  readonly subject: string
  readonly seed: number
  readonly schedule: Schedule
  readonly prints: readonly number[]
}

export function encodeToken(trace: readonly Step[], seed: number, subject: string): string {
  const bytes: number[] = []
  const name = Buffer.from(subject)
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

export function decodeToken(token: string): TokenContent {
  const version = /^rl(\d+)\./.exec(token)?.[1]
  if (version === undefined) throw new TokenError('This is no racelab token: those begin with "rl1.".')
  if (version !== '1') throw new TokenError(`The token is of version ${version}; this racelab reads version 1.`)
  const text = token.slice(PREFIX.length)
  const all = Buffer.from(text, 'base64url')
  const bytes = [...all.subarray(0, -4)]
  // Decoding skips what is not base64url, and reads several spellings of the last bits: only the exact text will do.
  if (all.length < 4 || all.toString('base64url') !== text || fnv1a(bytes) !== all.readUInt32LE(all.length - 4)) {
    throw new TokenError('The token is damaged: its checksum does not fit. Was all of it copied?')
  }
  const subject = Buffer.from(bytes.splice(0, takeNumber(bytes))).toString()
  const seed = takeNumber(bytes)
  const schedule: number[] = []
  for (let runs = takeNumber(bytes); runs > 0; runs--) {
    const actor = takeNumber(bytes)
    const length = takeNumber(bytes)
    // Each step has a print in what is left: a longer run is refused before it is unpacked.
    if (schedule.length + length > bytes.length) throw lengthsDiffer()
    for (let step = 0; step < length; step++) schedule.push(actor)
  }
  if (schedule.length !== bytes.length) throw lengthsDiffer()
  return { subject, seed, schedule, prints: bytes }
}

function lengthsDiffer(): TokenError {
  return new TokenError('The token is damaged: its schedule is not as long as its list of steps.')
}

/** Eight bits of what is asked for and where: the kind, the place and the operands. */
export function fingerprint({ kind, at, size, first, second }: Access): number {
  return fingerprintOf(kind, at, size, first, second)
}

export function fingerprintOf(kind: Kind, at: number, size: number, first: Operand, second: Operand): number {
  const hash = fnv1a(Buffer.from(`${kind} ${at} ${size} ${String(first)} ${String(second)}`))
  return (hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & 0xff
}

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

/** G. Fowler, L. C. Noll, P. Vo. */
function fnv1a(bytes: Iterable<number>): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
