/**
 * What a shared buffer held at one moment. Only pieces that are not all zero are kept, and bytes are copied and compared
 * natively: a memory of a gibibyte that is hardly used costs one look at it, and no second gibibyte.
 */
import { NativeUint8Array } from './control/native.ts'

const PIECE = 2 ** 16
const ZEROS = new NativeUint8Array(PIECE)

// As they are before anything is replaced: this module is loaded before any exploration begins.
const nativeCompare = Buffer.compare.bind(Buffer)
const nativeSet: (source: Uint8Array) => void = Reflect.get(NativeUint8Array.prototype, 'set')

export class Snapshot {
  /** A piece that was all zero is undefined. */
  readonly #pieces: (Uint8Array | undefined)[] = []

  constructor(buffer: SharedArrayBuffer) {
    for (const piece of piecesOf(buffer)) {
      if (equal(piece, ZEROS)) {
        this.#pieces.push(undefined)
        continue
      }
      const kept = new NativeUint8Array(piece.length)
      copy(piece, kept)
      this.#pieces.push(kept)
    }
  }

  /** The index of the first byte that the buffer does not hold any more. */
  firstDifference(buffer: SharedArrayBuffer): number | undefined {
    let index = 0
    for (const piece of piecesOf(buffer)) {
      const kept = this.#pieces[index] ?? ZEROS
      if (!equal(piece, kept)) return index * PIECE + differenceIn(piece, kept)
      index++
    }
    return undefined
  }

  /** Puts everything back as it was. */
  restore(buffer: SharedArrayBuffer): void {
    let index = 0
    for (const piece of piecesOf(buffer)) {
      const kept = this.#pieces[index++] ?? ZEROS
      // Writing zeros over zeros would claim pages that were never touched.
      if (!equal(piece, kept)) copy(firstOf(kept, piece.length), piece)
    }
  }
}

function* piecesOf(buffer: SharedArrayBuffer): Generator<Uint8Array> {
  for (let at = 0; at < buffer.byteLength; at += PIECE)
    yield new NativeUint8Array(buffer, at, Math.min(PIECE, buffer.byteLength - at))
}

/** Whether the piece holds what the kept one begins with: the last piece is shorter than the zeros. */
function equal(piece: Uint8Array, kept: Uint8Array): boolean {
  return nativeCompare(piece, firstOf(kept, piece.length)) === 0
}

function firstOf(kept: Uint8Array, length: number): Uint8Array {
  return kept.length === length ? kept : new NativeUint8Array(kept.buffer, 0, length)
}

function differenceIn(piece: Uint8Array, kept: Uint8Array): number {
  let index = 0
  while (piece[index] === kept[index]) index++
  return index
}

function copy(from: Uint8Array, to: Uint8Array): void {
  nativeSet.call(to, from)
}
