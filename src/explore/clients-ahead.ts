/**
 * Explores clients on several threads: while this thread explores one, others explore the next ones. Clients do not depend on each
 * other, so what comes of one is the same on each thread. A client that fails is explored again here. Where no further client is
 * left for the other threads, they search parts of the one that this thread explores.
 */
import { nativeNow } from './model/native.ts'
import type { Schedule } from './model/schedule.ts'
import { named } from './search/parts/helpers.ts'
import type { ClientReport, Helpers, Reported } from './search/parts/helpers.ts'
import type { PartBounds } from './search/parts/search-part.ts'
import type { Searched } from './search/searched.ts'
import type { Tally } from './search/tally.ts'

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
  /** Explores it on this thread. Others may help with parts of it. */
  explore(helpers: Helpers): Searched
  /** Takes one schedule, which has failed on another thread. */
  fail(schedule: Schedule): Searched
}

/** What has been found out of clients that were not taken. */
export interface Untaken {
  /** Of each client, as far as it was searched; without that of `failing`. */
  readonly tallies: readonly Tally[]
  /** The first client that has failed. */
  readonly failing: { readonly number: number; readonly searched: Searched } | undefined
}

/** What came of a client. */
type Result = { readonly searched: Searched } | { readonly error: unknown }

export class ClientsAhead {
  readonly #helpers: Helpers
  readonly #bounds: PartBounds
  readonly #clients: Iterator<ClientAhead>
  readonly #isOver: () => boolean
  readonly #alone: number
  readonly #began = nativeNow()
  /** By number, those that have been read from the iterator and not been taken. */
  readonly #known: (ClientAhead | undefined)[] = []
  readonly #results = new Map<number, Result>()
  /** The clients that threads are exploring, in their present search. */
  readonly #given = new Set<number>()
  /** Those that this thread has to explore, and what another one has found out of them. */
  readonly #own = new Map<number, ClientReport | undefined>()
  #search = -1
  /** The client that is to be taken. */
  #first = 0
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
    this.#first = number
    for (let waits = 0; ;) {
      this.#tend()
      const result = this.#results.get(number)
      if (result !== undefined) return this.#taken(number, result)
      if (this.#isOver()) return undefined
      const next = this.#next() ?? (waits++ < MOST_WAITS ? undefined : this.#takeBack(number))
      if (next === undefined) this.#helpers.wait(WAIT_MS)
      else this.#explore(next)
    }
  }

  /** Takes back a client from a thread. If no thread explores another one, they all search parts of it now. */
  #takeBack(number: number): number {
    if (this.#given.size === 1) this.#begin()
    return number
  }

  /** Ends the exploration, and returns what has been found out of clients that were not taken. */
  stop(): Untaken {
    if (this.#search === this.#helpers.search) this.#hear(this.#helpers.halt())
    const searched = [...this.#results].flatMap(([number, result]) =>
      'error' in result ? [] : { number, searched: result.searched },
    )
    const failed = searched.filter((each) => each.searched.smallest.length > 0)
    const own = [...this.#own].flatMap(([number, report]) => (report === undefined ? [] : { number, report }))
    const [first] = [...failed, ...own].toSorted((one, other) => one.number - other.number)
    const others = searched.filter((each) => each !== first)
    const tallies = [...others.map((each) => each.searched.tally), ...own.map(({ report }) => report.whole.tally)]
    if (first === undefined) return { tallies, failing: undefined }
    const { number } = first
    return {
      tallies,
      failing: 'searched' in first ? first : { number, searched: this.#known[number]!.fail(first.report.failing!) },
    }
  }

  #taken(number: number, result: Result): Searched {
    this.#results.delete(number)
    this.#known[number - 1] = undefined
    if ('error' in result) throw result.error
    return result.searched
  }

  /** Explores a client here. If the exploration had to stop, what came of it counts only if it is the first one. */
  #explore(number: number): void {
    const { text, explore } = this.#known[number]!
    try {
      const searched = explore(named(this.#helpers, text, () => this.#areIdle))
      if (number !== this.#first && this.#isOver()) return
      this.#results.set(number, { searched })
      if (searched.smallest.length === 0) return
    } catch (error) {
      this.#results.set(number, { error })
    }
    this.#last = Math.min(this.#last, number)
  }

  /** Returns the client that this thread explores now; undefined if others explore all that may be explored. */
  #next(): number | undefined {
    if (!this.#areHelping) return this.#first
    for (let number = this.#first; number < this.#end(); number++)
      if (!this.#given.has(number) && !this.#results.has(number)) return number
    return undefined
  }

  /** Hears what the other threads report, and gives them further clients. */
  #tend(): void {
    if (nativeNow() - this.#began < this.#alone) return
    if (this.#search !== this.#helpers.search) this.#begin()
    this.#hear(this.#helpers.reports())
    // This thread explores the first one that is left, and then the last one: no thread is to keep that in store.
    const [, ...others] = this.#left()
    for (const number of others) {
      const isLast = number === others.at(-1)
      if ((isLast && this.#given.size > 0) || !this.#give(number)) return
    }
  }

  /** Begins to explore clients with the threads. What they have been doing is lost. */
  #begin(): void {
    this.#given.clear()
    this.#helpers.begin(this.#bounds)
    this.#search = this.#helpers.search
  }

  /** Returns the clients of which nothing has come yet, and which no thread explores. */
  #left(): number[] {
    const left: number[] = []
    for (let number = this.#first; number < this.#end(); number++)
      if (!this.#given.has(number) && !this.#results.has(number) && !this.#own.has(number)) left.push(number)
    return left
  }

  #hear(reports: readonly Reported[]): void {
    for (const [number, report] of reports) {
      this.#given.delete(number)
      if (report === 'again') this.#own.set(number, undefined)
      else if ('whole' in report && report.failing !== undefined) {
        this.#own.set(number, report)
        this.#last = Math.min(this.#last, number)
      } else if ('whole' in report && number >= this.#first)
        this.#results.set(number, { searched: { ...report.whole, smallest: [] } })
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

  /** Whether the other threads have no client to explore, while this one explores one. */
  get #areIdle(): boolean {
    this.#tend()
    return this.#areHelping && this.#given.size === 0
  }

  /** The number after the last client that may be explored now. */
  #end(): number {
    while (this.#known.length < this.#first + AHEAD && this.#read());
    return Math.min(this.#known.length, this.#first + AHEAD, this.#last + 1)
  }

  #read(): boolean {
    const { done, value } = this.#clients.next()
    if (done !== true) this.#known.push(value)
    return done !== true
  }
}
