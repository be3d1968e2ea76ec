/** What one thread of the soak does, and what its keys must be by then. */
import { randomNumbers } from '../../src/explore/model/random-numbers.ts'
import { SessionManager, type StoreOptions } from '../../src/store/index.ts'
import { Mutex } from '../../src/sync/mutex.ts'

/** That all threads update. */
const SHARED = 1000
/** That one thread updates, deletes and creates again. */
const OWN = 20
/** Keys that a thread has in a session. */
const KEYS = 2
/** UTF-16 units of a value at most. */
const LONGEST = 100
/** Values that a thread sets; the first is the longest. */
const VALUES = 4096
const WIDE_SHARE = 0.25
/** A session goes and comes back after so many updates. */
const CYCLE = 1000

/** What a key takes in a session at most: five characters, and a wide value (see MAX_TEXT_BYTES). */
const ENTRY_BYTES = 4 + 8 + 4 + 2 * LONGEST

/** No value has this number: what is to be found then is undefined. */
const UNSET = -1

export const SHARED_IDS = numbered(SHARED, (number) => `shared ${number}`)

/** A store in which all sessions of so many threads fit, and all values at their longest. */
export function sizeFor(threads: number): StoreOptions {
  return { capacity: SHARED + threads * OWN, metadataBytes: threads * KEYS * ENTRY_BYTES }
}

/** One thread, which knows what each of its keys was last set to. */
export class Writer {
  updates = 0
  sharedUpdates = 0
  readonly #manager: SessionManager
  readonly #turn: Mutex
  readonly #random: () => number
  /** Of shared sessions, then of its own. */
  readonly #ids: readonly string[]
  readonly #keys: readonly string[]
  readonly #values: readonly string[]
  /** Of each session's keys, which value was set last. */
  readonly #set: Int16Array

  /** The turn is held by who has a session deleted. */
  constructor(sessions: SharedArrayBuffer, turn: Mutex, thread: number, seed: number) {
    this.#manager = new SessionManager(sessions)
    this.#turn = turn
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

  /** How many values are not what they must be. */
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
    this.#turn.holding(() => {
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

/** Values of all lengths alike, each with its number in front. */
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
