/**
 * What an actor asks of shared memory (an Access), and what came of it once a scheduler let it happen (a Step).
 *
 * An access is immutable and may be asked for many times, in many schedules; each time that it is granted it makes a new
 * step. Addresses are flat: each buffer has a base, so a location is one number and ranges compare without their buffers.
 */
import type { SharedView } from './shared-view.ts'
import type { Operand } from './elements.ts'

export const Kind = {
  LOAD: 0,
  STORE: 1,
  ADD: 2,
  SUB: 3,
  AND: 4,
  OR: 5,
  XOR: 6,
  EXCHANGE: 7,
  COMPARE_EXCHANGE: 8,
  WAIT: 9,
  NOTIFY: 10,
  /** One element, as in `words[i]`: not atomic. */
  READ: 11,
  WRITE: 12,
  /** A run of bytes, as a piece of `fill`, `set`, `decode`, a DataView's `getInt16`: not atomic. */
  READ_BYTES: 13,
  WRITE_BYTES: 14,
  /** The end of a timed wait that nobody notified. */
  TIMEOUT: 15,
  /** A value from outside the shared memory: random numbers, clocks. Logged, but nobody's turn. */
  LOCAL: 16,
} as const

export type Kind = (typeof Kind)[keyof typeof Kind]

export const KIND_NAMES = [
  'load',
  'store',
  'add',
  'sub',
  'and',
  'or',
  'xor',
  'exchange',
  'compareExchange',
  'wait',
  'notify',
  'read',
  'write',
  'read bytes',
  'write bytes',
  'timeout',
  'local',
] as const

export class Access {
  readonly kind: Kind
  readonly view: SharedView
  /** Element index in the view; for byte runs the byte offset. */
  readonly index: number
  readonly at: number
  readonly size: number
  /** The value; what is expected; how many to wake; the bytes to write. */
  readonly a: Operand
  /** The replacement of a compareExchange; the timeout of a wait in milliseconds. */
  readonly b: Operand
  /** Made where it was asked for, when positions are recorded: its stack says where that is. */
  madeAt: Error | undefined

  constructor(kind: Kind, view: SharedView, index: number, at: number, size: number, a: Operand, b: Operand) {
    this.kind = kind
    this.view = view
    this.index = index
    this.at = at
    this.size = size
    this.a = a
    this.b = b
    this.madeAt = undefined
  }

  /** Whether asking for this is the same as asking for that: kind, place and operands. */
  matches(kind: Kind, at: number, size: number, a: Operand, b: Operand): boolean {
    return (
      this.kind === kind && this.at === at && this.size === size && sameOperand(this.a, a) && sameOperand(this.b, b)
    )
  }

  same(other: Access): boolean {
    return this.matches(other.kind, other.at, other.size, other.a, other.b)
  }
}

export function isAtomic(kind: Kind): boolean {
  return kind <= Kind.NOTIFY
}

/** Whether the access may write, whatever came of it. */
export function mayWrite(kind: Kind): boolean {
  return (kind >= Kind.STORE && kind <= Kind.COMPARE_EXCHANGE) || kind === Kind.WRITE || kind === Kind.WRITE_BYTES
}

export function sameOperand(a: Operand, b: Operand): boolean {
  if (Object.is(a, b)) return true
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array) || a.length !== b.length) return false
  return a.every((byte, index) => byte === b[index])
}
