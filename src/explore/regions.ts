/**
 * The shared buffers of one exploration, laid out in one flat address space: a location is a single number. The bases
 * depend only on the order in which memory() made the buffers, so a token means the same places in another process.
 */
import { copyOut, NativeSharedArrayBuffer, NativeUint8Array } from './control/native.ts'
import type { SharedView } from './control/shared-view.ts'

/** Far beyond any buffer's size: an actor's own buffers live in a range of its own. */
const ACTOR_STRIDE = 2 ** 46
const BUFFER_STRIDE = 2 ** 36

let epochs = 0
const explored = new WeakSet<ArrayBufferLike>()

/** Whether some exploration of this thread gave the buffer an address. */
export function wasExplored(buffer: ArrayBufferLike): boolean {
  return explored.has(buffer)
}

export interface Region {
  readonly buffer: SharedArrayBuffer
  readonly base: number
  /** What it held before the first step. */
  initial: Uint8Array
}

export class Regions {
  /** Tells this exploration's addresses from another's in a view that outlives both. */
  readonly epoch = ++epochs
  readonly #bases = new WeakMap<SharedArrayBuffer, number>()
  readonly shared: Region[] = []
  #next = 0

  /** The address of a view's first byte; a buffer seen for the first time is given its place. */
  locate(view: SharedView): number {
    if (view.epoch === this.epoch) return view.at
    view.at = this.baseOf(view.raw.buffer as SharedArrayBuffer) + view.raw.byteOffset
    view.epoch = this.epoch
    return view.at
  }

  baseOf(buffer: SharedArrayBuffer): number {
    return this.#bases.get(buffer) ?? this.#add(buffer)
  }

  #add(buffer: SharedArrayBuffer): number {
    const base = this.#next
    // Rounded up to cache lines, with one between: an off-by-one stays in its own buffer.
    this.#next += Math.ceil(buffer.byteLength / 64) * 64 + 64
    this.#bases.set(buffer, base)
    explored.add(buffer)
    this.shared.push({ buffer, base, initial: bytesIn(buffer) })
    return base
  }

  /** A buffer that an actor made: placed by who made it and when, whatever the schedule. */
  addOwn(buffer: unknown, actor: number, ordinal: number): void {
    if (!(buffer instanceof NativeSharedArrayBuffer)) return
    this.#bases.set(buffer, (actor + 1) * ACTOR_STRIDE + ordinal * BUFFER_STRIDE)
  }

  /** From here on, what memory holds now counts as what it held at first. */
  settle(): void {
    for (const region of this.shared) region.initial = bytesIn(region.buffer)
  }
}

/** A copy of all bytes of a buffer. */
export function bytesIn(buffer: ArrayBufferLike): Uint8Array {
  return copyOut(new NativeUint8Array(buffer), 0, buffer.byteLength)
}
