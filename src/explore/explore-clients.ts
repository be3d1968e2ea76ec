/**
 * Explores the clients of a scenario that gives operations, those with the fewest calls first, until one fails or none is
 * left. So the client that fails is the smallest. If the reduction does not end in time, those that are left follow with at most 0, 1,
 * 2 … preemptions, as for a scenario with actors.
 */
import { callsOf, isClientOf } from './clients/calls.ts'
import { callTexts, clientText, makeClient } from './clients/client.ts'
import { checkOperationsShape } from './clients/shape.ts'
import { sizesOf } from './clients/sizes.ts'
import type { Size, Threads } from './clients/sizes.ts'
import { withGlobalsReplaced } from './globals/install.ts'
import { ClientsAhead } from './clients-ahead.ts'
import type { ClientAhead } from './clients-ahead.ts'
import { calling } from './run/thrown.ts'
import type { Schedule } from './model/schedule.ts'
import { NO_HELPERS } from './search/parts/helpers.ts'
import type { Helpers } from './search/parts/helpers.ts'
import type { PartBounds } from './search/parts/search-part.ts'
import type { Searched } from './search/searched.ts'
import type { Bounds } from './search/options.ts'
import type { Pace } from './search/pace.ts'
import { schedulesLeft, searchInRounds, whySpent } from './search/rounds.ts'
import type { Round } from './search/rounds.ts'
import { emptyTally, gaveUp, together } from './search/tally.ts'
import type { Tally } from './search/tally.ts'
import { drawsAtRandom } from './strategies/strategy.ts'
import type { Criterion, OperationsScenario, Scenario } from '../scenario.ts'
import { counted } from '../terminal/wrapped.ts'

/** Which calls are covered before any client has been explored. */
const AT_FIRST = { isActive: false, excluded: [] }

/** Searches one scenario with actors, or one client. */
export type SearchOne = (scenario: Scenario, bounds: Bounds, pace: Pace, how: SearchedHow) => Searched

/** How to search a client: with the help of threads, or only this schedule of it, which is known to fail. */
export interface SearchedHow {
  readonly helpers: Helpers
  readonly given?: Schedule
}

/** How far the exploration of the clients has come. */
export interface ClientsSoFar {
  /** The number of clients that were explored, with the present one. */
  readonly explored: number
  /** The tally of the clients before the present one. */
  readonly total: Tally
  /** The present client, as `clientText` and as `callTexts` return it. */
  readonly text: string
  readonly calls: Readonly<Record<string, readonly string[]>>
}

/** How to explore clients. */
export interface ClientOptions {
  readonly bounds: Bounds
  readonly criterion: Criterion | undefined
  /** Whether nobody has chosen a strategy or a bound. */
  readonly isWhole: boolean
  readonly allFailures: boolean
  /** Threads that help. */
  readonly helpers: Helpers
}

/** Explores the clients. `report` is told of each before it is explored. Throws Refusal for a scenario of a wrong shape. */
export function exploreClients(
  scenario: OperationsScenario,
  options: ClientOptions,
  pace: Pace,
  searchOne: SearchOne,
  report: (clients: ClientsSoFar) => void,
): Searched {
  calling('The scenario', () => checkOperationsShape(scenario))
  return withGlobalsReplaced(() => new Clients(scenario, options, searchOne, report).explore(pace))
}

/** What came of exploring the clients one after the other. */
interface ClientRound extends Round {
  /** How many clients, from the first one on, are known not to fail in any schedule. */
  readonly hold: number
}

class Clients {
  readonly #scenario: OperationsScenario
  readonly #options: ClientOptions
  readonly #criterion: Criterion
  readonly #searchOne: SearchOne
  readonly #report: (clients: ClientsSoFar) => void
  readonly #sizes: readonly Size[]
  readonly #covered = new Set<string>()
  readonly #inside = new Map<string, string>()
  /** How many clients have been explored, in whatever way. */
  #explored = 0

  constructor(
    scenario: OperationsScenario,
    options: ClientOptions,
    searchOne: SearchOne,
    report: (clients: ClientsSoFar) => void,
  ) {
    const { threads = 2, calls: each = 2 } = scenario
    const isClient = isClientOf(scenario)
    const bounds = { calls: callsOf(scenario).length, threads, each, ...(isClient && { isClient }) }
    this.#scenario = scenario
    this.#options = options
    this.#criterion = options.criterion ?? 'linearizable'
    this.#searchOne = searchOne
    this.#report = report
    this.#sizes = sizesOf(bounds, options.bounds.seed)
  }

  /** Explores all clients; under bounds on preemptions those that may still fail, if the reduction does not end in time. */
  explore(pace: Pace): Searched {
    const { bounds, isWhole } = this.#options
    return searchInRounds<ClientRound>(bounds, isWhole, pace, (within, time, before, reduced) =>
      this.#round(within, time, before, reduced?.hold ?? 0),
    )
  }

  /** Explores all clients but the first `from`. The tally has what `before` has. */
  #round(bounds: Bounds, pace: Pace, before: Tally, from: number): ClientRound {
    let total: Tally = { ...before, complete: true, stopped: undefined }
    let hold = from
    let isBounded = false
    let isFull = !this.#sizes.some((size) => size.drawn)
    let note: string | undefined
    const end = (tally: Tally, isOver: boolean): ClientRound => {
      const coverage = { covered: [...this.#covered], inside: [...this.#inside] }
      return { tally, smallest: [], note, ...coverage, hold, isOver, isBounded, isFull }
    }
    const failed = ({ text, calls }: ClientAhead, found: Searched, explored?: number): ClientRound => {
      total = together(total, found.tally)
      this.#report({ explored: this.#explored, total, text, calls })
      this.#noteCoverage(found)
      return { ...end(withFailed(total, explored, this.#sizes), false), smallest: found.smallest, note: found.note }
    }
    this.#report({ explored: this.#explored, total, text: '', calls: {} })
    const why = (): string | undefined => pace.stopped ?? pace.stop(emptyTally())
    const clients = this.#clientsFrom(from, bounds, pace, () => total)
    const ahead = new ClientsAhead(this.#helpersFor(bounds), clients, () => why() !== undefined)
    for (let index = from; ahead.has(index - from); index++) {
      const stopped = schedulesLeft(bounds, total) <= 0 ? gaveUp(total) : why()
      const found = stopped === undefined ? ahead.take(index - from) : undefined
      if (found === undefined) {
        const { tallies, failing } = ahead.stop()
        this.#explored = Math.max(this.#explored, index + tallies.filter(({ complete }) => complete).length)
        total = { ...tallies.reduce(together, total), complete: false, stopped: stopped ?? why() }
        return failing === undefined ? end(total, false) : failed(ahead.client(failing.number), failing.searched)
      }
      this.#explored = Math.max(this.#explored, index + 1)
      if (found.smallest.length > 0) return failed(ahead.client(index - from), found, index + 1)
      const { text, calls } = ahead.client(index - from)
      total = together(total, found.tally)
      this.#report({ explored: this.#explored, total, text, calls })
      this.#noteCoverage(found)
      if (found.tally.complete && hold === index) hold = index + 1
      isBounded ||= found.tally.isBounded
      isFull &&= found.tally.complete || found.tally.completeUpTo !== undefined
      // A client whose calls touch no memory shows nothing; it matters only if all are so.
      note = index === 0 ? found.note : note && found.note
    }
    return end(ended(total, this.#sizes, bounds), true)
  }

  #noteCoverage({ covered, inside }: Searched): void {
    for (const of of covered) this.#covered.add(of)
    for (const [of, why] of inside) this.#inside.set(of, why)
  }

  /** Returns the clients but the first `from`, to be explored within these bounds. `total`: what has been found so far. */
  *#clientsFrom(from: number, bounds: Bounds, pace: Pace, total: () => Tally): Generator<ClientAhead> {
    let index = 0
    for (const members of this.#members()) {
      const own = ++index
      if (own <= from) continue
      const text = clientText(members, this.#criterion)
      const calls = callTexts(this.#scenario, members)
      const search = (how: SearchedHow): Searched => {
        this.#report({ explored: Math.max(this.#explored, own), total: total(), text, calls })
        const client = makeClient(this.#scenario, members, this.#criterion)
        const maxSchedules = Math.min(schedulesLeft(bounds, total()), shareOf(bounds, this.#sizes))
        return this.#searchOne(client, { ...bounds, maxSchedules }, pace, how)
      }
      const explore = (helpers: Helpers): Searched => search({ helpers })
      const fail = (given: Schedule): Searched => search({ helpers: NO_HELPERS, given })
      yield { text, calls, explore, fail }
    }
  }

  #helpersFor(bounds: Bounds): readonly [Helpers, PartBounds] {
    const { helpers, allFailures } = this.#options
    return [helpers, { bounds, allFailures, scope: AT_FIRST, most: Infinity }]
  }

  *#members(): Iterable<Threads> {
    for (const size of this.#sizes) yield* size.members()
  }
}

/** Returns how many schedules of one client are run: of strategies that never end by themselves, each gets its share. */
function shareOf({ strategy, maxSchedules }: Bounds, sizes: readonly Size[]): number {
  const clients = sizes.reduce((sum, { explored }) => sum + explored, 0)
  return drawsAtRandom(strategy) ? Math.ceil(maxSchedules / clients) : Infinity
}

/** Returns the tally of clients of which the last has failed: it is complete only if no client is left. */
function withFailed(total: Tally, explored: number | undefined, sizes: readonly Size[]): Tally {
  const isLast = explored === sizes.reduce((sum, size) => sum + size.explored, 0) && !sizes.some(({ drawn }) => drawn)
  return total.complete && !isLast ? { ...total, complete: false, stopped: 'a client failed' } : total
}

/** Returns the tally of clients of which none has failed. */
function ended(total: Tally, sizes: readonly Size[], bounds: Bounds): Tally {
  const drawn = sizes.find((size) => size.drawn)
  const sampled = drawn && sampleText(drawn)
  const stopped = whySpent(total, bounds) ?? total.stopped ?? sampled
  return {
    ...total,
    complete: total.complete && drawn === undefined,
    ...(stopped === undefined ? {} : { stopped }),
  }
}

function sampleText({ clients, calls, explored }: Size): string {
  const all = clients === undefined ? 'clients' : counted(clients, 'client')
  return `of the ${all} with ${calls} calls, ${explored.toLocaleString('en-US')} were drawn at random`
}
