import { sharedView } from '../../model/shared-view.ts'
import { Made } from './values.ts'

/** A shared buffer that the round has made. It stands for the one that the last round made. */
export class MadeBuffer extends Made {
  readonly buffer: SharedArrayBuffer

  constructor(buffer: SharedArrayBuffer) {
    super()
    this.buffer = buffer
  }
}

/** The longest view whose properties are looked at: each of its elements is one. */
const LONGEST = 10_000

/** Whether a view is as its class makes it: code has given it no property and no other prototype. */
function isPlain(raw: ArrayBufferView, kind: unknown): boolean {
  if (raw.byteLength > LONGEST) return false
  return Object.getPrototypeOf(raw) === Reflect.get(kind as object, 'prototype') && Reflect.ownKeys(raw).every(isIndex)
}

function isIndex(key: PropertyKey): boolean {
  return typeof key === 'string' && /^\d+$/.test(key)
}

/** A view of shared memory that the round has made. */
export class MadeView extends Made {
  /** The view or buffer that the view was made from. */
  readonly buffer: unknown
  readonly #kind: unknown
  readonly #rest: readonly unknown[]

  constructor(constructor: unknown, [buffer, ...rest]: readonly unknown[]) {
    super()
    this.buffer = buffer
    this.#kind = constructor
    this.#rest = rest
  }

  /** Whether `other`, a view of the actor or of an earlier round, has the same class and is over the same bytes. */
  isLike(other: unknown): boolean {
    if (other instanceof MadeView)
      return other.buffer === this.buffer && other.#kind === this.#kind && String(other.#rest) === String(this.#rest)
    const view = sharedView(other)
    const buffer = this.buffer instanceof MadeBuffer ? this.buffer.buffer : this.buffer
    if (view === undefined || view.buffer !== buffer || !isPlain(view.raw, this.#kind)) return false
    const [at = 0, length = view.length] = this.#rest
    const whole = this.#rest[1] !== undefined || view.byteOffset + view.byteLength === view.buffer.byteLength
    return whole && at === view.byteOffset && length === view.length
  }
}
