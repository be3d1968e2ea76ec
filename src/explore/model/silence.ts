/**
 * Silent stores: an atomic store or a plain write of the value that is there already. As a read, it depends only on
 * steps that change the value, so it need not be tried on both sides of every read. A record that is written as a whole
 * has few words that change.
 *
 * But a silent store may order other accesses: an atomic read that sees an atomic store happens after it, and one that
 * sees a plain write in its stead does not, so a data race elsewhere may depend on it. A store counts as silent only
 * where no actor ever reads atomically. The explorer learns on the way where actors do. When an actor reads atomically
 * where a store was taken for silent, the exploration starts over with that knowledge.
 */
import { isAtomic, Kind } from './access.ts'
import type { Access } from './access.ts'
import { replaceAll } from './learnt.ts'
import type { Learnt } from './learnt.ts'

/** Keeps which words are read atomically, and which stores count as silent. */
export class Silence {
  /** Whether an atomic read has come to a word where a store was taken for silent. */
  broken = false
  /** Words of four bytes, by their number in the address space. */
  readonly #readAtomically = new Set<number>()
  readonly #takenForSilent = new Set<number>()

  get learnt(): Pick<Learnt, 'readAtomically' | 'takenForSilent'> {
    return { readAtomically: [...this.#readAtomically], takenForSilent: [...this.#takenForSilent] }
  }

  /** Knows from now on what a search has learnt, and nothing else. */
  recall({ readAtomically, takenForSilent }: Pick<Learnt, 'readAtomically' | 'takenForSilent'>): void {
    replaceAll(this.#readAtomically, readAtomically)
    replaceAll(this.#takenForSilent, takenForSilent)
  }

  /** Learns from an access that has been carried out. */
  note({ kind, at, size }: Access): void {
    if (!isAtomic(kind) || kind === Kind.STORE || kind === Kind.NOTIFY || kind === Kind.TIMEOUT) return
    for (let word = wordOf(at); word <= wordOf(at + size - 1); word++) {
      if (this.#readAtomically.has(word)) continue
      this.#readAtomically.add(word)
      if (this.#takenForSilent.has(word)) this.broken = true
    }
  }

  /**
   * Whether an access that has changed nothing may count as a read. After the answer true the exploration relies on it.
   */
  takes({ kind, at, size }: Access): boolean {
    if (kind !== Kind.STORE && kind !== Kind.WRITE && kind !== Kind.WRITE_BYTES) return false
    const [first, last] = [wordOf(at), wordOf(at + size - 1)]
    for (let word = first; word <= last; word++) if (this.#readAtomically.has(word)) return false
    for (let word = first; word <= last; word++) this.#takenForSilent.add(word)
    return true
  }
}

function wordOf(at: number): number {
  return Math.floor(at / 4)
}
