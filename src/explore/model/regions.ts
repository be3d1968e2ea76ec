/**
 * The shared buffers of one exploration, laid out in one flat address space: a location is a single number. The bases
 * depend only on the order in which memory() made the buffers, so a token means the same places in another process.
 */
import { originalOf } from './aliases.ts'
import { isSharedBuffer } from './native.ts'
import type { SharedView } from './shared-view.ts'
import { Snapshot } from './snapshot.ts'

/** More than an actor could ever allocate: its own buffers live in a range of its own, one after another. */
const ACTOR_STRIDE = 2 ** 46

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
  initial: Snapshot
}

/** A buffer that an actor made. */
interface OwnRegion {
  readonly base: number
  readonly bytes: number
}

export class Regions {
  /** Tells this exploration's addresses from another's in a view that outlives both. */
  readonly epoch = ++epochs
  readonly #bases = new WeakMap<SharedArrayBuffer, number>()
  readonly shared: Region[] = []
  #next = 0
  /** For each actor, in the order of their addresses: what it has made, and perhaps more from schedules before. */
  readonly #own = new Map<number, OwnRegion[]>()

  /** The address of a view's first byte; a buffer seen for the first time is given its place. */
  locate(view: SharedView): number {
    if (view.epoch === this.epoch) return view.at
    view.at = this.baseOf(view.buffer as SharedArrayBuffer) + view.byteOffset
    view.epoch = this.epoch
    return view.at
  }

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
   * Places a buffer that an actor made behind the one that it made before. So the address depends on what the actor has done
   * and on nothing else: it is the same in every schedule in which the actor comes to this point alike.
   */
  addOwn(buffer: unknown, actor: number, before: SharedArrayBuffer | undefined): void {
    if (!isSharedBuffer(buffer)) return
    const base = before === undefined ? (actor + 1) * ACTOR_STRIDE : this.baseOf(before) + room(before)
    this.#bases.set(buffer, base)
    const own = this.#own.get(actor) ?? []
    // What lies behind was made on a way that has been undone.
    while ((own.at(-1)?.base ?? -1) >= base) own.pop()
    own.push({ base, bytes: buffer.byteLength })
    this.#own.set(actor, own)
  }

  /** How far into a buffer of an actor's own an address is. */
  ownOffset(at: number): number {
    const own = this.#own.get(Math.floor(at / ACTOR_STRIDE) - 1) ?? []
    const region = own.find(({ base, bytes }) => at >= base && at < base + bytes)
    return at - (region?.base ?? 0)
  }

  /** Whether an address is in a buffer that an actor made: no other actor can come to it. */
  isOwn(at: number): boolean {
    return at >= ACTOR_STRIDE
  }

  /** From here on, what memory holds now counts as what it held at first. */
  settle(): void {
    for (const region of this.shared) region.initial = new Snapshot(region.buffer)
  }

  /** Copies of all shared bytes. */
  snapshot(): Snapshot[] {
    return this.shared.map(({ buffer }) => new Snapshot(buffer))
  }
}

/** Rounded up to cache lines, with one between: an off-by-one stays in its own buffer. */
function room({ byteLength }: SharedArrayBuffer): number {
  return Math.ceil(byteLength / 64) * 64 + 64
}
