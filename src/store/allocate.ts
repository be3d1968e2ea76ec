/** Allocates the memory of a session store, and checks that memory is one before an agent attaches to it. */
import { LayoutVersionError, NotASessionStoreError, StoreSizeError, StoreTooLargeError } from './errors.ts'
import { HEADER, LAYOUT_VERSION, MAGIC, SIZES, storeLayout } from './layout.ts'
import type { Sizes, StoreLayout } from './layout.ts'
import { checkOptions } from './options.ts'
import type { Known } from './options.ts'
import { MAX_METADATA_BYTES, MAX_TEXT_BYTES, NAMES } from './session.ts'

/** The sizes of a session store. They are fixed when it is allocated. `MAX_TEXT_BYTES` says how many bytes a text takes. */
export interface StoreOptions {
  /**
   * How many sessions the store holds at most, from 1 to 4,194,304. Deleted sessions that wait for clean-up and dead letters are
   * counted as well. Default 10,000.
   */
  readonly capacity?: number
  /**
   * How many bytes the id, the user id and the user name of a session may take together, each rounded up to a multiple of four:
   * from 12 to 384. Default 384, so that each of them may have its full 128 bytes.
   */
  readonly nameBytes?: number
  /**
   * How many bytes the metadata of a session may take, from 0 to 1,048,576; rounded down to a multiple of four. Each key and each
   * value takes its bytes, rounded up to a multiple of four, and four bytes more. Default 1,024.
   */
  readonly metadataBytes?: number
  /**
   * How many threads may use the store at a time and be recovered if they are killed, from 0 to 4,096. Threads beyond them use it as
   * well, but what they leave when they are killed is not mended. Default 64.
   */
  readonly agents?: number
}

const KNOWN: Known<StoreOptions> = { capacity: true, nameBytes: true, metadataBytes: true, agents: true }
const HEADER_BYTES = 64
const MAX_CAPACITY = 2 ** 22
const MAX_AGENTS = 4096
const MIN_NAME_BYTES = 12
const MAX_NAME_BYTES = NAMES * MAX_TEXT_BYTES

/** The sizes that a store may be allocated with, as its header has them. */
const LEAST: Sizes = { capacity: 1, nameWords: NAMES + MIN_NAME_BYTES / 4, metadataWords: 0, agents: 0 }
const MOST: Sizes = {
  capacity: MAX_CAPACITY,
  nameWords: NAMES + MAX_NAME_BYTES / 4,
  metadataWords: MAX_METADATA_BYTES / 4,
  agents: MAX_AGENTS,
}

/**
 * Returns the memory of a new, empty session store. Send it to every thread; each makes its own `SessionManager` over it. The
 * memory never grows.
 *
 * The store has one and a half slots for each session of its capacity. With the default sizes that makes about 2.3 KB per session.
 * The operating system commits memory page by page when it is first written, so a large store costs little until it is filled.
 *
 * Throws OptionsError for an unknown option, StoreSizeError for a size that is out of range, and StoreTooLargeError if the
 * sizes together need more than 4 GiB.
 *
 * @example
 * const memory = allocateSessionStore({ capacity: 1000, metadataBytes: 256 })
 * memory instanceof SharedArrayBuffer // true
 * new SessionManager(memory).getStats().capacity // 1000
 */
export function allocateSessionStore(options: StoreOptions = {}): SharedArrayBuffer {
  checkOptions('allocateSessionStore', options, KNOWN)
  const { capacity = 10_000, nameBytes = MAX_NAME_BYTES, metadataBytes = 1024, agents = 64 } = options
  checkSize('The capacity', capacity, 1, MAX_CAPACITY)
  checkSize('nameBytes', nameBytes, MIN_NAME_BYTES, MAX_NAME_BYTES)
  checkSize('metadataBytes', metadataBytes, 0, MAX_METADATA_BYTES)
  checkSize('The number of agents', agents, 0, MAX_AGENTS)
  const nameWords = NAMES + Math.floor(nameBytes / 4)
  const layout = storeLayout({ capacity, nameWords, metadataWords: Math.floor(metadataBytes / 4), agents })
  const most = 2 ** 32
  if (layout.words * 4 > most) throw new StoreTooLargeError(layout.words * 4, most)
  const memory = new SharedArrayBuffer(layout.words * 4)
  const words = new Int32Array(memory)
  for (const name of SIZES) words[HEADER[name]] = layout[name]
  words[HEADER.layoutVersion] = LAYOUT_VERSION
  words[HEADER.magic] = MAGIC
  return memory
}

/** Returns the layout of a store's memory. Throws NotASessionStoreError or LayoutVersionError. */
export function layoutOf(memory: SharedArrayBuffer): StoreLayout {
  if (!(memory instanceof SharedArrayBuffer)) throw new NotASessionStoreError('it is not a SharedArrayBuffer')
  if (memory.byteLength < HEADER_BYTES || memory.byteLength % 4 !== 0)
    throw new NotASessionStoreError('it is too small')
  const words = new Int32Array(memory)
  if (words[HEADER.magic] !== MAGIC) throw new NotASessionStoreError('it does not begin with the mark of a store')
  const version = words[HEADER.layoutVersion]!
  if (version !== LAYOUT_VERSION) throw new LayoutVersionError(version, LAYOUT_VERSION)
  const sizes = sizesIn(words)
  if (SIZES.some((name) => sizes[name] < LEAST[name] || sizes[name] > MOST[name]))
    throw new NotASessionStoreError('its header has sizes that no store is allocated with')
  const layout = storeLayout(sizes)
  if (layout.words * 4 !== memory.byteLength)
    throw new NotASessionStoreError('its size is not the size that it was allocated with')
  return layout
}

/** Returns the sizes in the header of a store's words. */
export function sizesIn(words: Int32Array): Sizes {
  const [capacity, nameWords, metadataWords, agents] = SIZES.map((name) => words[HEADER[name]]!)
  return { capacity, nameWords, metadataWords, agents } as Sizes
}

function checkSize(what: string, got: number, least: number, most: number): void {
  if (!Number.isInteger(got) || got < least || got > most) throw new StoreSizeError(what, got, least, most)
}
