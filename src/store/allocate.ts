/** A session store's memory: allocated once, and recognised by whoever attaches to it. */
import { LayoutVersionError, NotASessionStoreError, StoreSizeError, StoreTooLargeError } from './errors.ts'
import { HEADER, LAYOUT_VERSION, MAGIC, SIZES, type Sizes, type StoreLayout, storeLayout } from './layout.ts'
import { type Known, checkOptions } from './options.ts'
import { MAX_METADATA_BYTES, MAX_TEXT_BYTES, NAMES } from './session.ts'

export interface StoreOptions {
  /** How many sessions fit, deleted ones that wait for clean-up included: 1 to 4,194,304. Default 10,000. */
  readonly capacity?: number
  /**
   * How many bytes the id, the user id and the user name of a session may take together, each rounded up to four: 12 to 384.
   * Default 384, so that each may be as long as any. A UUID takes 36.
   */
  readonly nameBytes?: number
  /** How many bytes of metadata a session may have in all, rounded down to a multiple of four: 0 to 1,048,576. Default 1,024. */
  readonly metadataBytes?: number
}

const KNOWN: Known<StoreOptions> = { capacity: true, nameBytes: true, metadataBytes: true }
const HEADER_BYTES = 64
const MAX_CAPACITY = 2 ** 22
const MIN_NAME_BYTES = 12
const MAX_NAME_BYTES = NAMES * MAX_TEXT_BYTES

/**
 * Allocates the memory of a session store, all of it, once. Any number of agents may attach to it. Large stores are cheap
 * until they are used: the system commits pages when they are first written.
 *
 * Throws OptionsError for an option that there is not, StoreSizeError when one is out of its range, StoreTooLargeError when
 * together they ask for too much.
 */
export function allocateSessionStore(options: StoreOptions = {}): SharedArrayBuffer {
  checkOptions('allocateSessionStore', options, KNOWN)
  const { capacity = 10_000, nameBytes = MAX_NAME_BYTES, metadataBytes = 1024 } = options
  checkSize('The capacity', capacity, 1, MAX_CAPACITY)
  checkSize('nameBytes', nameBytes, MIN_NAME_BYTES, MAX_NAME_BYTES)
  checkSize('metadataBytes', metadataBytes, 0, MAX_METADATA_BYTES)
  const nameWords = NAMES + Math.floor(nameBytes / 4)
  const layout = storeLayout({ capacity, nameWords, metadataWords: Math.floor(metadataBytes / 4) })
  const most = 2 ** 32
  if (layout.words * 4 > most) throw new StoreTooLargeError(layout.words * 4, most)
  const memory = new SharedArrayBuffer(layout.words * 4)
  const words = new Int32Array(memory)
  for (const name of SIZES) words[HEADER[name]] = layout[name]
  words[HEADER.layoutVersion] = LAYOUT_VERSION
  words[HEADER.magic] = MAGIC
  return memory
}

/** The layout of allocated memory. Throws NotASessionStoreError or LayoutVersionError. */
export function layoutOf(memory: SharedArrayBuffer): StoreLayout {
  if (!(memory instanceof SharedArrayBuffer)) throw new NotASessionStoreError('it is not a SharedArrayBuffer')
  if (memory.byteLength < HEADER_BYTES || memory.byteLength % 4 !== 0)
    throw new NotASessionStoreError('it is too small')
  const words = new Int32Array(memory)
  if (words[HEADER.magic] !== MAGIC) throw new NotASessionStoreError('it does not begin with the mark of one')
  const version = words[HEADER.layoutVersion]!
  if (version !== LAYOUT_VERSION) throw new LayoutVersionError(version, LAYOUT_VERSION)
  const [capacity, nameWords, metadataWords] = SIZES.map((name) => words[HEADER[name]]!)
  const layout = storeLayout({ capacity, nameWords, metadataWords } as Sizes)
  if (layout.words * 4 !== memory.byteLength)
    throw new NotASessionStoreError('its size is not the one it was made with')
  return layout
}

function checkSize(what: string, got: number, least: number, most: number): void {
  if (!Number.isInteger(got) || got < least || got > most) throw new StoreSizeError(what, got, least, most)
}
