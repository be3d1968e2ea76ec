/**
 * Silent stores: an atomic store or a plain write of what is there already. It depends on nothing but changes, as a read does,
 * so that it need not be tried on both sides of every read: a record that is written whole has few words that change.
 *
 * But it may order: an atomic read that sees an atomic store happens after it, one that sees a plain write in its place does
 * not, and whether there is a data race elsewhere can hang on that. So a store counts as silent only where nobody ever reads
 * atomically. Whether somebody does is learnt on the way; when somebody comes to read where a store was taken for silent, the
 * exploration starts over, and knows.
 */
import { isAtomic, Kind } from './access.ts'
import type { Access } from './access.ts'

export class Silence {
  /** Whether an atomic read has come to where a store was taken for silent. */
  broken = false
  /** Places of four bytes, by their number. */
  readonly #readAtomically = new Set<number>()
  readonly #taken = new Set<number>()

  /** Learns from an access that has been carried out. */
  note({ kind, at, size }: Access): void {
    if (!isAtomic(kind) || kind === Kind.STORE || kind === Kind.NOTIFY || kind === Kind.TIMEOUT) return
    for (let place = placeOf(at); place <= placeOf(at + size - 1); place++) {
      if (this.#readAtomically.has(place)) continue
      this.#readAtomically.add(place)
      if (this.#taken.has(place)) this.broken = true
    }
  }

  /** Whether an access that has changed nothing may count as a read. */
  takes({ kind, at, size }: Access): boolean {
    if (kind !== Kind.STORE && kind !== Kind.WRITE && kind !== Kind.WRITE_BYTES) return false
    const [first, last] = [placeOf(at), placeOf(at + size - 1)]
    for (let place = first; place <= last; place++) if (this.#readAtomically.has(place)) return false
    for (let place = first; place <= last; place++) this.#taken.add(place)
    return true
  }
}

function placeOf(at: number): number {
  return Math.floor(at / 4)
}
