/** The updates of one thread of the soak, and the check of its values. */
import { randomNumbers } from '../../src/explore/model/random-numbers.ts'
import { SessionManager } from '../../src/store/index.ts'
import type { StoreOptions } from '../../src/store/index.ts'
import type { Mutex } from '../../src/sync/mutex.ts'

/** Sessions that all threads update. */
const SHARED = 1000
/** Sessions that only one thread updates, deletes and creates again. */
const OWN = 20
/** Keys of one thread in a session. */
const KEYS = 2
/** The longest value, in UTF-16 units. */
const LONGEST = 100
/** The number of different values of a thread; the first one is the longest. */
const VALUES = 4096
const WIDE_SHARE = 0.25
/** After this many updates a thread deletes one session and creates it again. */
const CYCLE = 1000

/** The most bytes that a key and its value need in a session: five characters and a wide value (see MAX_TEXT_BYTES). */
const ENTRY_BYTES = 4 + 8 + 4 + 2 * LONGEST

/** Marks a key that has no value. */
const UNSET = -1

export const SHARED_IDS = numbered(SHARED, (number) => `shared ${number}`)

/** Returns the options of a store in which the sessions of `threads` threads fit with all values at their longest. */
export function sizeFor(threads: number): StoreOptions {
  return { capacity: SHARED + threads * OWN, metadataBytes: threads * KEYS * ENTRY_BYTES }
}

/** The updates of one thread. It remembers to which value it last set each of its keys. */
export class Writer {
  updates = 0
  sharedUpdates = 0
  readonly #manager: SessionManager
  readonly #deletion: Mutex
  readonly #random: () => number
  /** The ids of the shared sessions, then of the thread's own. */
  readonly #ids: readonly string[]
  readonly #keys: readonly string[]
  readonly #values: readonly string[]
  /** For each session and key, the index of the value that was set last. */
  readonly #set: Int16Array

  /** A thread holds `deletion` while one of its sessions is deleted. */
  constructor(sessions: SharedArrayBuffer, deletion: Mutex, thread: number, seed: number) {
    this.#manager = new SessionManager(sessions)
    this.#deletion = deletion
    this.#random = randomNumbers(seed + thread)
    this.#ids = [...SHARED_IDS, ...numbered(OWN, (number) => `own ${thread}.${number}`)]
    this.#keys = numbered(KEYS, (number) => `${thread}.${number}`)
    this.#values = drawValues(this.#random)
    this.#set = new Int16Array(this.#ids.length * KEYS).fill(UNSET)
    for (const id of this.#ids.slice(SHARED)) this.#create(id)
  }

  setLongest(): void {
    for (let at = 0; at < this.#set.length; at++) this.#update(at, 0)
  }

  updateUntil(updates: number): void {
    while (this.updates < updates) {
      this.#update(this.#draw(this.#set.length), this.#draw(VALUES))
      if (this.updates % CYCLE === 0) this.#recreate(SHARED + this.#draw(OWN))
    }
  }

  /** Returns how many values differ from the value that was set last. */
  countWrong(): number {
    return this.#ids.flatMap((id, session) => {
      const metadata = this.#manager.getSession(id)?.metadata
      return this.#keys.filter((key, at) => metadata?.get(key) !== this.#values[this.#set[session * KEYS + at]!])
    }).length
  }

  #update(at: number, value: number): void {
    const session = Math.floor(at / KEYS)
    this.#manager.updateSession(this.#ids[session]!, this.#keys[at % KEYS]!, this.#values[value]!)
    this.#set[at] = value
    this.updates++
    if (session < SHARED) this.sharedUpdates++
  }

  #recreate(session: number): void {
    const id = this.#ids[session]!
    this.#deletion.holding(() => {
      this.#manager.deleteSession(id)
      this.#manager.runCleanup()
      this.#create(id)
    })
    this.#set.fill(UNSET, session * KEYS, (session + 1) * KEYS)
  }

  #create(id: string): void {
    this.#manager.createSession('u1', 'alice', { id })
  }

  #draw(sides: number): number {
    return Math.floor(this.#random() * sides)
  }
}

/** Returns values whose lengths are equally likely. Each begins with its number. */
function drawValues(random: () => number): string[] {
  return numbered(VALUES, (number) => {
    if (number === 0) return '語'.repeat(LONGEST)
    const filling = random() < WIDE_SHARE ? '語' : 'x'
    return `${number}`.padEnd(LONGEST, filling).slice(0, Math.floor(random() * (LONGEST + 1)))
  })
}

function numbered(count: number, name: (number: number) => string): string[] {
  return Array.from({ length: count }, (_, number) => name(number))
}
