/**
 * The shared buffers of one exploration, laid out in one flat address space, so that a location is a single number. The
 * base addresses depend only on the order in which memory() made the buffers, so that a token names the same locations
 * in another process.
 */
import { isOfBytes } from './access.ts'
import type { Kind } from './access.ts'
import { originalOf } from './aliases.ts'
import { isSharedBuffer } from './native.ts'
import type { SharedView } from './shared-view.ts'
import { Snapshot } from './snapshot.ts'

/** The address range of each actor's own buffers. More than an actor can ever allocate. */
const ACTOR_STRIDE = 2 ** 46

let epochs = 0
const explored = new WeakSet<ArrayBufferLike>()

/** Whether an exploration in this thread has given the buffer an address. */
export function wasExplored(buffer: ArrayBufferLike): boolean {
  return explored.has(buffer)
}

/** A buffer that memory() or the module made. */
export interface Region {
  readonly buffer: SharedArrayBuffer
  readonly base: number
  /** What the buffer held before the first step. */
  initial: Snapshot
}

/** A buffer that an actor made. */
interface OwnRegion {
  readonly base: number
  readonly bytes: number
}

/** Gives each shared buffer of an exploration its addresses. */
export class Regions {
  /** Marks the addresses of this exploration in views, since a view may outlive it. */
  readonly epoch = ++epochs
  readonly #bases = new WeakMap<SharedArrayBuffer, number>()
  readonly shared: Region[] = []
  #next = 0
  /**
   * For each actor, the buffers that it has made, in the order of their addresses. May include buffers of earlier
   * schedules.
   */
  readonly #own = new Map<number, OwnRegion[]>()

  /** Returns the address of a view's first byte. Gives a buffer that has none an address. */
  locate(view: SharedView): number {
    if (view.epoch === this.epoch) return view.at
    view.at = this.baseOf(view.buffer as SharedArrayBuffer) + view.byteOffset
    view.epoch = this.epoch
    return view.at
  }

  /** Returns the address of an access of this kind. `index` counts elements; for a run of bytes, it counts bytes. */
  addressOf(kind: Kind, view: SharedView, index: number): number {
    return this.locate(view) + (isOfBytes(kind) ? index : index * view.width)
  }

  /** Whether the buffer has an address already. */
  knows(buffer: ArrayBufferLike): boolean {
    return this.#bases.has(originalOf(buffer as SharedArrayBuffer))
  }

  /** The address of a buffer's first byte. Gives a buffer that has none an address. */
  baseOf(buffer: SharedArrayBuffer): number {
    const original = originalOf(buffer)
    return this.#bases.get(original) ?? this.#add(original)
  }

  #add(buffer: SharedArrayBuffer): number {
    const base = this.#next
    this.#next += room(buffer)
    this.#bases.set(buffer, base)
    explored.add(buffer)
    this.shared.push({ buffer, base, initial: new Snapshot(buffer) })
    return base
  }

  /**
   * Gives a buffer that an actor made the addresses after the buffer `before`, which the actor made before it. So the
   * address depends only on what the actor has done: it is the same in every schedule in which the actor comes to this
   * point in the same way.
   */
  addOwn(buffer: unknown, actor: number, before: SharedArrayBuffer | undefined): void {
    if (!isSharedBuffer(buffer)) return
    const base = before === undefined ? (actor + 1) * ACTOR_STRIDE : this.baseOf(before) + room(before)
    this.#bases.set(buffer, base)
    const own = this.#own.get(actor) ?? []
    // The buffers at higher addresses were made in steps that have been undone.
    while ((own.at(-1)?.base ?? -1) >= base) own.pop()
    own.push({ base, bytes: buffer.byteLength })
    this.#own.set(actor, own)
  }

  /** Returns the offset of an address in the buffer of an actor that it belongs to. */
  ownOffset(at: number): number {
    const own = this.#own.get(Math.floor(at / ACTOR_STRIDE) - 1) ?? []
    const region = own.find(({ base, bytes }) => at >= base && at < base + bytes)
    return at - (region?.base ?? 0)
  }

  /** Whether an address is in a buffer that an actor made. No other actor can access it. */
  isOwn(at: number): boolean {
    return at >= ACTOR_STRIDE
  }

  /** Makes the present contents of the memory its initial contents. */
  settle(): void {
    for (const region of this.shared) region.initial = new Snapshot(region.buffer)
  }

  /** Returns copies of all shared bytes. */
  snapshot(): Snapshot[] {
    return this.shared.map(({ buffer }) => new Snapshot(buffer))
  }
}

/**
 * The size of a buffer, rounded up to cache lines, plus one line: an index that is one too large stays out of the next
 * buffer.
 */
function room({ byteLength }: SharedArrayBuffer): number {
  return Math.ceil(byteLength / 64) * 64 + 64
}
