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

/**
 * An access, with up to two operands:
 *
 *   kind               first                      second
 *   STORE to EXCHANGE  the value
 *   COMPARE_EXCHANGE   the expected value         the replacement
 *   WAIT               the expected value         the timeout in milliseconds
 *   NOTIFY             the most actors to wake
 *   WRITE              the value
 *   READ_BYTES                                    the number of bytes
 *   WRITE_BYTES        the bytes                  the number of bytes
 *   LOCAL              the name of the source
 *
 * The kinds share one class, since the engine handles accesses of all kinds in its innermost loop.
 */
export class Access {
  readonly kind: Kind
  readonly view: SharedView
  /** Element index in the view; for byte runs the byte offset. */
  readonly index: number
  readonly at: number
  readonly size: number
  readonly first: Operand
  readonly second: Operand
  /** Made where it was asked for, when positions are recorded: its stack says where that is. */
  madeAt: Error | undefined

  constructor(kind: Kind, view: SharedView, index: number, at: number, size: number, first: Operand, second: Operand) {
    this.kind = kind
    this.view = view
    this.index = index
    this.at = at
    this.size = size
    this.first = first
    this.second = second
    this.madeAt = undefined
  }

  /** The value with which a COMPARE_EXCHANGE or a WAIT compares. */
  get expected(): Operand {
    return this.first
  }

  /** How many actors a NOTIFY wakes at most. */
  get count(): number {
    return this.first as number
  }

  /** The timeout of a WAIT in milliseconds; Infinity for none. */
  get timeout(): number {
    return this.second as number
  }

  /** Where the value of a LOCAL comes from: the name of the function that the actor called. */
  get source(): string {
    return this.first as string
  }

  /** Whether asking for this is the same as asking for that: kind, place and operands. */
  matches(kind: Kind, at: number, size: number, first: Operand, second: Operand): boolean {
    return (
      this.kind === kind &&
      this.at === at &&
      this.size === size &&
      sameOperand(this.first, first) &&
      sameOperand(this.second, second)
    )
  }

  same(other: Access): boolean {
    return this.matches(other.kind, other.at, other.size, other.first, other.second)
  }
}

export function isAtomic(kind: Kind): boolean {
  return kind <= Kind.NOTIFY
}

/** Whether the access may write, whatever came of it. */
export function mayWrite(kind: Kind): boolean {
  return (kind >= Kind.STORE && kind <= Kind.COMPARE_EXCHANGE) || kind === Kind.WRITE || kind === Kind.WRITE_BYTES
}

export function sameOperand(one: Operand, other: Operand): boolean {
  if (Object.is(one, other)) return true
  if (!(one instanceof Uint8Array) || !(other instanceof Uint8Array) || one.length !== other.length) return false
  return one.every((byte, index) => byte === other[index])
}
