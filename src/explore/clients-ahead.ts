/**
 * Explores clients on several threads: while this thread explores one, others explore the next ones. Clients do not depend on each
 * other, so what comes of one is the same on each thread. A client that fails is explored again here.
 */
import { nativeNow } from './model/native.ts'
import type { Helpers } from './search/parts/helpers.ts'
import type { PartBounds } from './search/parts/search-part.ts'
import type { Searched } from './search/searched.ts'

/** Milliseconds after which other threads help: to start them takes longer than to explore a few clients. */
const ALONE_MS = 500
/** How many clients beyond the first one that is not done may be given to threads. */
const AHEAD = 64
const WAIT_MS = 20
/** After this many waits, a thread that has not reported is not waited for. */
const MOST_WAITS = 50

export interface ClientAhead {
  /** The client, as `clientText` and as `callTexts` return it. */
  readonly text: string
  readonly calls: Readonly<Record<string, readonly string[]>>
  /** Explores it on this thread. */
  explore(): Searched
}

export class ClientsAhead {
  readonly #helpers: Helpers
  readonly #bounds: PartBounds
  readonly #clients: Iterator<ClientAhead>
  readonly #isOver: () => boolean
  readonly #alone: number
  readonly #began = nativeNow()
  /** By number, those that have been read from the iterator and not been taken. */
  readonly #known: (ClientAhead | undefined)[] = []
  /** Each returns what came of a client, or throws what it threw. */
  readonly #results = new Map<number, () => Searched>()
  /** The clients that threads are exploring, in their present search. */
  readonly #given = new Set<number>()
  /** Those that this thread has to explore. */
  readonly #own = new Set<number>()
  #search = -1
  /** No client after this one matters: it fails or throws. */
  #last = Infinity

  /** `isOver`: whether the exploration has to stop. Tests alone set other milliseconds after which threads help. */
  constructor(
    [helpers, bounds]: readonly [Helpers, PartBounds],
    clients: Iterator<ClientAhead>,
    isOver: () => boolean,
    alone = ALONE_MS,
  ) {
    this.#helpers = helpers
    this.#bounds = bounds
    this.#clients = clients
    this.#isOver = isOver
    this.#alone = alone
  }

  /** Whether there is a client with this number. */
  has(number: number): boolean {
    while (this.#known.length <= number) if (!this.#read()) return false
    return true
  }

  /** The client with this number, which must not be less than the last one that was taken. */
  client(number: number): ClientAhead {
    return this.#known[number]!
  }

  /**
   * Returns what comes of the client with this number; undefined if the exploration has to stop. There must be such a client, and each
   * is asked for in turn.
   */
  take(number: number): Searched | undefined {
    for (let waits = 0; ;) {
      this.#tend(number)
      const result = this.#results.get(number)
      if (result !== undefined) return this.#taken(number, result)
      if (this.#isOver()) return undefined
      const next = this.#next(number) ?? (waits++ < MOST_WAITS ? undefined : number)
      if (next === undefined) this.#helpers.wait(WAIT_MS)
      else this.#explore(next, number)
    }
  }

  #taken(number: number, result: () => Searched): Searched {
    this.#results.delete(number)
    this.#known[number - 1] = undefined
    return result()
  }

  /** Explores a client here. If the exploration had to stop, what came of it counts only if it is the first one. */
  #explore(number: number, first: number): void {
    try {
      const found = this.#known[number]!.explore()
      if (number !== first && this.#isOver()) return
      this.#results.set(number, () => found)
      if (found.smallest.length === 0) return
    } catch (error) {
      this.#results.set(number, () => {
        throw error
      })
    }
    this.#last = Math.min(this.#last, number)
  }

  /** Returns the client that this thread explores now; undefined if others explore all that may be explored. */
  #next(first: number): number | undefined {
    if (!this.#areHelping) return first
    for (let number = first; number < this.#end(first); number++)
      if (!this.#given.has(number) && !this.#results.has(number)) return number
    return undefined
  }

  /** Hears what the other threads report, and gives them further clients. */
  #tend(first: number): void {
    if (nativeNow() - this.#began < this.#alone) return
    if (this.#search !== this.#helpers.search) {
      this.#given.clear()
      this.#helpers.begin(this.#bounds)
      this.#search = this.#helpers.search
    }
    for (const [number, report] of this.#helpers.reports()) {
      this.#given.delete(number)
      if (report === 'again') this.#own.add(number)
      else if ('whole' in report && number >= first)
        this.#results.set(number, () => ({ ...report.whole, smallest: [] }))
    }
    // This thread explores the first one that is left.
    let isFirst = true
    for (let number = first; number < this.#end(first); number++) {
      if (this.#given.has(number) || this.#results.has(number) || this.#own.has(number)) continue
      if (!isFirst && !this.#give(number)) return
      isFirst = false
    }
  }

  #give(number: number): boolean {
    const isGiven = this.#helpers.give({ number, client: this.#known[number]!.text })
    if (isGiven) this.#given.add(number)
    return isGiven
  }

  get #areHelping(): boolean {
    return this.#search !== -1 && this.#helpers.areReady
  }

  /** The number after the last client that may be explored now. */
  #end(first: number): number {
    while (this.#known.length < first + AHEAD && this.#read());
    return Math.min(this.#known.length, first + AHEAD, this.#last + 1)
  }

  #read(): boolean {
    const { done, value } = this.#clients.next()
    if (done !== true) this.#known.push(value)
    return done !== true
  }
}
