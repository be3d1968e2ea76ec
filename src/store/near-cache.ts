/**
 * A near cache: in which slot an agent recently found which session. Each agent has its own, in its own memory. An entry is only
 * a hint: the agent checks the session's own words before it uses the slot. So no agent has to tell the others of its changes.
 *
 * The cache is four-way set associative, indexed by some of an id's characters. It adds an id that is asked for a second time,
 * so that a walk over many sessions does not evict the few that are busy (the doorkeeper of G. Einziger, R. Friedman and
 * B. Manes, "TinyLFU", 2017).
 */

/** In a larger store most sessions would not be in the cache, and the failed look-ups would cost more than the others save. */
const MAX_SLOTS = 2 ** 15

/** Returns a near cache for a store of `slots` slots, or undefined if the store is so large that a cache does not pay. */
export function nearCacheFor(slots: number): NearCache | undefined {
  return slots <= MAX_SLOTS ? new NearCache(slots) : undefined
}

/** Stands for an entry or a slot that the cache does not have. */
export const UNKNOWN = -1

const WAYS = 4

/** The near cache of one agent. */
export class NearCache {
  readonly #setMask: number
  readonly #tags: Int32Array
  readonly #ids: (string | undefined)[]
  /** For each entry two words: the slot, and the control word that its session was inserted with. */
  readonly #found: Int32Array
  /** The tags of ids that were asked for and not found, indexed by some of a tag's bits: the last one at each index. */
  readonly #missed: Int32Array
  /** The tag of the id that was last asked for. */
  #tag = 0

  /** Makes a near cache for a store of `slots` slots, with two to four entries per slot. */
  constructor(slots: number) {
    const sets = 2 ** Math.ceil(Math.log2(slots / 2))
    this.#setMask = sets - 1
    this.#tags = new Int32Array(sets * WAYS)
    this.#ids = Array.from<undefined>({ length: sets * WAYS })
    this.#found = new Int32Array(sets * WAYS * 2)
    this.#missed = new Int32Array(sets * WAYS)
  }

  /** Returns the entry of an id, or UNKNOWN. */
  entryOf(id: string): number {
    const tag = tagOf(id)
    this.#tag = tag
    const first = (tag & this.#setMask) * WAYS
    for (let entry = first; entry < first + WAYS; entry++) {
      if (this.#tags[entry] === tag && this.#ids[entry] === id) return entry
    }
    return UNKNOWN
  }

  /** Returns the slot in which the entry's session was found. */
  slot(entry: number): number {
    return this.#found[2 * entry]!
  }

  /** Returns the control word that the entry's session was inserted with, which tells it from other sessions in the slot. */
  born(entry: number): number {
    return this.#found[2 * entry + 1]!
  }

  /**
   * Returns whether the id that `entryOf` has just not found should be added: whether it was also the last one not found at its
   * index.
   */
  shouldAdd(): boolean {
    const tag = this.#tag
    const index = tag & (this.#missed.length - 1)
    if (this.#missed[index] === tag) return true
    this.#missed[index] = tag
    return false
  }

  /**
   * Adds the session whose id `entryOf` has just not found. The caller must have validated that `slot` holds that session and
   * that it was inserted with the control word `born`.
   */
  add(id: string, slot: number, born: number): void {
    const tag = this.#tag
    const first = (tag & this.#setMask) * WAYS
    // An empty entry of the set if there is one; otherwise one that the tag's top bits choose, which are as good as random.
    let entry = first
    while (entry < first + WAYS && this.#ids[entry] !== undefined) entry++
    if (entry === first + WAYS) entry = first + (tag >>> 30)
    this.#tags[entry] = tag
    this.#ids[entry] = id
    this.#found[2 * entry] = slot
    this.#found[2 * entry + 1] = born
  }

  /** Empties an entry. */
  forget(entry: number): void {
    this.#ids[entry] = undefined
  }
}

/**
 * Returns eight of the id's characters, mixed: those in which ids differ most, above all the last ones. Ids that differ in none
 * of them share a set. If the set has no room for an id, its session is found as it would be without a near cache.
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

/**
 * Returns the two numbers mixed, so that a difference in any bit shows in the low bits, which choose the set. After MurmurHash3's
 * finalizer (A. Appleby, public domain).
 */
function mix(a: number, b: number): number {
  const sum = a ^ Math.imul(b, 0x85ebca6b)
  const mixed = Math.imul(sum ^ (sum >>> 15), 0xc2b2ae35)
  return mixed ^ (mixed >>> 13)
}
