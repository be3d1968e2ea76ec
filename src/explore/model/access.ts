/**
 * An access: what an actor asks of shared memory. Once a scheduler grants it, it is carried out as a Step (actor.ts).
 *
 * An access is immutable. It may be asked for many times, in many schedules, and each grant makes a new step. Addresses
 * are flat: each buffer has a base address, so a location is one number and ranges of different buffers can be
 * compared.
 */
import type { CallPart } from './covered-method.ts'
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
  /** A run of bytes, as a piece of `fill`, `set` or `decode`, or as `getInt16` of a DataView: not atomic. */
  READ_BYTES: 13,
  WRITE_BYTES: 14,
  /** The timeout of a wait that no notify has ended. */
  TIMEOUT: 15,
  /**
   * A value from outside the shared memory, such as a random number or the time. It is in the actor's log, but it is no
   * step of the schedule.
   */
  LOCAL: 16,
  /** A call of an operation that makes no access. It touches no memory. */
  CALL: 17,
  /** The return of a call whose last access was a sleep. It touches no memory. */
  RETURN: 18,
  /** The end of an actor that stops forever in front of its next access. It touches no memory. */
  CRASH: 19,
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
  'call',
  'return',
  'crash',
] as const

/** The begin of a call of an operation. */
export interface Begin {
  /** The call as text, such as `push(1)`. */
  readonly call: string
  /** Whether it counts which calls had returned before. */
  readonly ordered: boolean
}

/**
 * An access, with up to two operands:
 *
 *   kind               first                      second
 *   STORE to EXCHANGE  the value
 *   COMPARE_EXCHANGE   the expected value         the replacement
 *   WAIT               the expected value         the timeout in milliseconds
 *   NOTIFY, CRASH      the most actors to wake
 *   WRITE              the value
 *   READ_BYTES                                    the number of bytes
 *   WRITE_BYTES        the bytes                  the number of bytes
 *   LOCAL              the name of the source
 *   CALL, RETURN       the call as text           what it returned, as text
 *
 * The kinds share one class, since the engine handles accesses of all kinds in its innermost loop.
 */
export class Access {
  readonly kind: Kind
  readonly view: SharedView
  /** The index of the element in the view; for a run of bytes, the offset in bytes. */
  readonly index: number
  /** The address of the first byte. */
  readonly at: number
  /** How many bytes. */
  readonly size: number
  readonly first: Operand
  readonly second: Operand
  /** Made where the actor asked for the access, if positions are recorded. Its stack holds the position. */
  madeAt: Error | undefined
  /** The call of an operation that begins with this access. */
  begins: Begin | undefined
  /** What it is of a call that a contract covers; undefined if it is made in none. */
  part: CallPart | undefined

  constructor(kind: Kind, view: SharedView, index: number, at: number, size: number, first: Operand, second: Operand) {
    this.kind = kind
    this.view = view
    this.index = index
    this.at = at
    this.size = size
    this.first = first
    this.second = second
    this.madeAt = undefined
    this.begins = undefined
    this.part = undefined
  }

  /** Whether a contract makes it one step with the access before it. */
  get within(): boolean {
    return this.part?.within === true
  }

  /** Whether a call begins with it that may have to wait, and that a contract makes one step. */
  get opens(): boolean {
    return this.part?.opens === true
  }

  /** The value with which a COMPARE_EXCHANGE or a WAIT compares. */
  get expected(): Operand {
    return this.first
  }

  /** How many actors a NOTIFY or a CRASH wakes at most. */
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

  /** Whether this access has the given kind, address, size and operands. */
  matches(kind: Kind, at: number, size: number, first: Operand, second: Operand): boolean {
    return (
      this.kind === kind &&
      this.at === at &&
      this.size === size &&
      sameOperand(this.first, first) &&
      sameOperand(this.second, second)
    )
  }

  /** Whether the other access asks for the same. */
  same(other: Access): boolean {
    return this.matches(other.kind, other.at, other.size, other.first, other.second)
  }
}

/** Whether accesses of this kind are atomic. */
export function isAtomic(kind: Kind): boolean {
  return kind <= Kind.NOTIFY
}

/** The address of the accesses that touch no memory. */
export const NO_ADDRESS = -1

/** Whether an access of this kind is only the begin or the end of a call, or of an actor, and touches no memory. */
export function isEvent(kind: Kind): boolean {
  return kind >= Kind.CALL
}

/** Whether an access of this kind may write. A compareExchange that fails does not. */
export function mayWrite(kind: Kind): boolean {
  return (kind >= Kind.STORE && kind <= Kind.COMPARE_EXCHANGE) || kind === Kind.WRITE || kind === Kind.WRITE_BYTES
}

/** Whether accesses of this kind are to a run of bytes and not to one element. */
export function isOfBytes(kind: Kind): boolean {
  return kind === Kind.READ_BYTES || kind === Kind.WRITE_BYTES
}

/** Returns the size in bytes of an access of this kind; `second` is its second operand. */
export function sizeOf(kind: Kind, view: SharedView, second: Operand): number {
  return isOfBytes(kind) ? (second as number) : view.width
}

/** Whether two accesses have a byte in common. */
export function overlap(one: Access, other: Access): boolean {
  return one.at < other.at + other.size && other.at < one.at + one.size
}

/** Whether two operands are equal; runs of bytes are compared byte by byte. */
export function sameOperand(one: Operand, other: Operand): boolean {
  if (Object.is(one, other)) return true
  if (!(one instanceof Uint8Array) || !(other instanceof Uint8Array) || one.length !== other.length) return false
  return one.every((byte, index) => byte === other[index])
}
