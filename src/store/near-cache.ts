/**
 * A near cache: where an agent has lately found which session. Each agent has its own, in its own memory, and nothing in it is
 * believed: the session's own words say whether it still is there. So nobody is ever told that somebody has changed something.
 *
 * Four-way set associative, by some of an id's characters. An id is let in when it is asked for a second time, so that a walk
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

const WAYS = 4

export class NearCache {
  readonly #setMask: number
  readonly #tags: Int32Array
  readonly #ids: (string | undefined)[]
  /** Of each entry the slot, and the control word that its session was born with. */
  readonly #places: Int32Array
  /** By some of a tag's bits: the tag that was last asked for in vain. */
  readonly #asked: Int32Array
  /** Of the id that was last asked for. */
  #tag = 0

  /** For a store of so many slots: twice as many entries, or somewhat more. */
  constructor(slots: number) {
    const sets = 2 ** Math.ceil(Math.log2(slots / 2))
    this.#setMask = sets - 1
    this.#tags = new Int32Array(sets * WAYS)
    this.#ids = Array.from<undefined>({ length: sets * WAYS })
    this.#places = new Int32Array(sets * WAYS * 2)
    this.#asked = new Int32Array(sets * WAYS)
  }

  /** The entry of an id, or UNKNOWN. */
  entryOf(id: string): number {
    const tag = tagOf(id)
    this.#tag = tag
    const first = (tag & this.#setMask) * WAYS
    for (let entry = first; entry < first + WAYS; entry++) {
      if (this.#tags[entry] === tag && this.#ids[entry] === id) return entry
    }
    return UNKNOWN
  }

  slot(entry: number): number {
    return this.#places[2 * entry]!
  }

  /** Together with the slot: which of all sessions. */
  born(entry: number): number {
    return this.#places[2 * entry + 1]!
  }

  /** Whether the id that was just asked for in vain is to be let in: it is, if it was the last such one in its place. */
  isWanted(): boolean {
    const tag = this.#tag
    const place = tag & (this.#asked.length - 1)
    if (this.#asked[place] === tag) return true
    this.#asked[place] = tag
    return false
  }

  /** Lets the session in that was just asked for, where it was found and confirmed. */
  add(id: string, slot: number, born: number): void {
    const tag = this.#tag
    const first = (tag & this.#setMask) * WAYS
    // Where there is room; else one goes, by bits that are as good as chance.
    let entry = first
    while (entry < first + WAYS && this.#ids[entry] !== undefined) entry++
    if (entry === first + WAYS) entry = first + (tag >>> 30)
    this.#tags[entry] = tag
    this.#ids[entry] = id
    this.#places[2 * entry] = slot
    this.#places[2 * entry + 1] = born
  }

  forget(entry: number): void {
    this.#ids[entry] = undefined
  }
}

/**
 * Eight characters mixed, of those in which ids differ most: the last ones, above all. Ids that differ in none of them share a
 * set; those for whom it has no room are found as they would be without a near cache.
 */
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

/** After MurmurHash3's finish (A. Appleby, public domain): whatever differs, differs in the low bits too, which tell the set. */
function mix(a: number, b: number): number {
  const sum = a ^ Math.imul(b, 0x85ebca6b)
  const mixed = Math.imul(sum ^ (sum >>> 15), 0xc2b2ae35)
  return mixed ^ (mixed >>> 13)
}
