/**
 * A snapshot of a shared buffer. Only the pieces that are not all zero are kept, and bytes are copied and compared
 * natively. A memory of one gibibyte that is hardly used costs one pass over it, and no second gibibyte.
 */
import { NativeUint8Array } from './native.ts'

const PIECE = 2 ** 16
const ZEROS = new NativeUint8Array(PIECE)

// The methods before any is replaced: this module is loaded before an exploration begins.
const nativeCompare = Buffer.compare.bind(Buffer)
const nativeSet: (source: Uint8Array) => void = Reflect.get(NativeUint8Array.prototype, 'set')

/** Up to this many bytes, a loop compares faster than a native call. */
const FEW = 256

interface Piece {
  /** The bytes as they are now. */
  readonly live: Uint8Array
  /** The bytes as they were; undefined if all were zero. */
  readonly kept: Uint8Array | undefined
}

/** What a shared buffer held when the snapshot was made. */
export class Snapshot {
  readonly #pieces: readonly Piece[]

  constructor(buffer: SharedArrayBuffer) {
    const pieces: Piece[] = []
    for (let at = 0; at < buffer.byteLength; at += PIECE) {
      const live = new NativeUint8Array(buffer, at, Math.min(PIECE, buffer.byteLength - at))
      pieces.push({ live, kept: equal(live, ZEROS) ? undefined : copyOf(live) })
    }
    this.#pieces = pieces
  }

  /** The index of the first byte that differs now; undefined if none does. */
  firstDifference(): number | undefined {
    for (const [index, { live, kept = ZEROS }] of this.#pieces.entries())
      if (!equal(live, kept)) return index * PIECE + differenceIn(live, kept)
    return undefined
  }

  /** Puts all bytes back as they were. */
  restore(): void {
    // Writing zeros over zeros would claim pages that were never touched.
    for (const { live, kept = ZEROS } of this.#pieces) if (!equal(live, kept)) copy(firstOf(kept, live.length), live)
  }
}

/** Whether the piece holds the first bytes of the kept one. The last piece of a buffer is shorter than the zeros. */
function equal(live: Uint8Array, kept: Uint8Array): boolean {
  if (live.length > FEW) return nativeCompare(live, firstOf(kept, live.length)) === 0
  return differenceIn(live, kept) === live.length
}

function firstOf(kept: Uint8Array, length: number): Uint8Array {
  return kept.length === length ? kept : new NativeUint8Array(kept.buffer, 0, length)
}

/** The index of the first byte that differs; the length if none does. */
function differenceIn(live: Uint8Array, kept: Uint8Array): number {
  let index = 0
  while (index < live.length && live[index] === kept[index]) index++
  return index
}

function copyOf(live: Uint8Array): Uint8Array {
  const kept = new NativeUint8Array(live.length)
  copy(live, kept)
  return kept
}

function copy(from: Uint8Array, to: Uint8Array): void {
  nativeSet.call(to, from)
}
