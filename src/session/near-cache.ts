/**
 * A near cache: where an agent has lately found which session. Each agent has its own, in its own memory, and nothing in it is
 * believed: the session's own words say whether it still is there. So nobody is ever told that somebody has changed something.
 *
 * Two-way set associative, by some of an id's characters. An id is let in when it is asked for a second time, so that a walk
 * over many sessions does not push out the few that are busy (the doorkeeper of G. Einziger, R. Friedman and B. Manes,
 * "TinyLFU", 2017).
 */

/** Of a larger store a near cache would know too little: asking it in vain costs more than it saves. */
const MOST_SLOTS = 2 ** 15

/** A near cache for a store of so many slots, if one pays. */
export function nearCacheFor(slots: number): NearCache | undefined {
  return slots <= MOST_SLOTS ? new NearCache(slots) : undefined
}

/** No entry. */
export const UNKNOWN = -1

const WAYS = 2

export class NearCache {
  readonly #setMask: number
  readonly #tags: Int32Array
  readonly #ids: (string | undefined)[]
  /** Of each entry the slot, and the control word that its session was born with. */
  readonly #places: Int32Array
  /** By set: the tag that was last asked for in vain. */
  readonly #asked: Int32Array
  /** Of the id that was last asked for. */
  #tag = 0

  /** For a store of so many slots: as many sets, or somewhat more. */
  constructor(slots: number) {
    const sets = 2 ** Math.ceil(Math.log2(slots))
    this.#setMask = sets - 1
    this.#tags = new Int32Array(sets * WAYS)
    this.#ids = Array.from<undefined>({ length: sets * WAYS })
    this.#places = new Int32Array(sets * WAYS * 2)
    this.#asked = new Int32Array(sets)
  }

  /** The entry of an id, or UNKNOWN. */
  entryOf(id: string): number {
    const tag = tagOf(id)
    this.#tag = tag
    const first = (tag & this.#setMask) * WAYS
    if (this.#tags[first] === tag && this.#ids[first] === id) return first
    if (this.#tags[first + 1] === tag && this.#ids[first + 1] === id) return first + 1
    return UNKNOWN
  }

  slot(entry: number): number {
    return this.#places[2 * entry]!
  }

  /** Together with the slot: which of all sessions. */
  born(entry: number): number {
    return this.#places[2 * entry + 1]!
  }

  /** Whether the id that was just asked for in vain is to be let in: it is, if it was the last such one of its set. */
  isWanted(): boolean {
    const tag = this.#tag
    const set = tag & this.#setMask
    if (this.#asked[set] === tag) return true
    this.#asked[set] = tag
    return false
  }

  /** Lets the session in that was just asked for, where it was found and confirmed. */
  add(id: string, slot: number, born: number): void {
    const tag = this.#tag
    const first = (tag & this.#setMask) * WAYS
    // Where there is room; else either goes, by a bit that is as good as chance.
    const isFree = (way: number) => this.#ids[first + way] === undefined
    const entry = first + (isFree(0) ? 0 : isFree(1) ? 1 : tag >>> 31)
    this.#tags[entry] = tag
    this.#ids[entry] = id
    this.#places[2 * entry] = slot
    this.#places[2 * entry + 1] = born
  }

  forget(entry: number): void {
    this.#ids[entry] = undefined
  }
}

/** Eight characters mixed, of those in which ids differ most: the last ones, above all. */
function tagOf(id: string): number {
  const { length } = id
  if (length < 8) return shortTagOf(id)
  const start = id.charCodeAt(0) | (id.charCodeAt(1) << 8)
  const end = id.charCodeAt(length - 6) | (id.charCodeAt(length - 5) << 8)
  const last =
    id.charCodeAt(length - 4) |
    (id.charCodeAt(length - 3) << 8) |
    (id.charCodeAt(length - 2) << 16) |
    (id.charCodeAt(length - 1) << 24)
  return mix(start | (end << 16), last)
}

function shortTagOf(id: string): number {
  let tag = id.length
  for (let at = 0; at < id.length; at++) tag = mix(tag, id.charCodeAt(at))
  return tag
}

/** After MurmurHash3's finish (A. Appleby, public domain). */
function mix(a: number, b: number): number {
  const mixed = Math.imul(a ^ Math.imul(b, 0x85ebca6b), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
