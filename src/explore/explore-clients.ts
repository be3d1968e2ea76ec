/**
 * Explores the clients of a scenario that gives operations, those with the fewest calls first, until one fails or none is
 * left. So the client that fails is the smallest.
 */
import { callsOf, isClientOf } from './clients/calls.ts'
import { callTexts, clientText, makeClient } from './clients/client.ts'
import { checkOperationsShape } from './clients/shape.ts'
import { sizesOf } from './clients/sizes.ts'
import type { Size } from './clients/sizes.ts'
import { withGlobalsReplaced } from './globals/install.ts'
import { calling } from './run/thrown.ts'
import type { FoundFailure } from './search/minimise.ts'
import type { Bounds } from './search/options.ts'
import type { Pace } from './search/pace.ts'
import { emptyTally, together } from './search/tally.ts'
import type { Tally } from './search/tally.ts'
import { drawsAtRandom } from './strategies/strategy.ts'
import type { Criterion, OperationsScenario, Scenario } from '../scenario.ts'
import { counted } from '../terminal/wrapped.ts'

/** What a search has found. */
export interface Searched {
  readonly tally: Tally
  /** The failures, each with its smallest schedule. */
  readonly smallest: readonly FoundFailure[]
  readonly note: string | undefined
}

/** Searches one scenario with actors, or one client. */
export type SearchOne = (scenario: Scenario, bounds: Bounds) => Searched

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
  return withGlobalsReplaced(() => exploreAll(scenario, options, pace, searchOne, report))
}

function exploreAll(
  scenario: OperationsScenario,
  { bounds, criterion = 'linearizable' }: ClientOptions,
  pace: Pace,
  searchOne: SearchOne,
  report: (clients: ClientsSoFar) => void,
): Searched {
  const { threads = 2, calls: each = 2 } = scenario
  const isClient = isClientOf(scenario)
  const sizes = sizesOf({ calls: callsOf(scenario).length, threads, each, ...(isClient && { isClient }) }, bounds.seed)
  const share = shareOf(bounds, sizes)
  let total: Tally = { ...emptyTally(), complete: true }
  let explored = 0
  let note: string | undefined
  report({ explored, total, text: '', calls: {} })
  for (const size of sizes) {
    for (const members of size.members()) {
      const left = bounds.maxSchedules - total.schedules - total.redundant
      const stopped = left <= 0 ? gaveUp(total) : (pace.stopped ?? pace.stop(emptyTally()))
      if (stopped !== undefined) return { tally: { ...total, complete: false, stopped }, smallest: [], note }
      explored++
      report({ explored, total, text: clientText(members, criterion), calls: callTexts(scenario, members) })
      const client = makeClient(scenario, members, criterion)
      const found = searchOne(client, { ...bounds, maxSchedules: Math.min(left, share) })
      total = together(total, found.tally)
      if (found.smallest.length > 0) {
        return { tally: failed(total, explored, sizes), smallest: found.smallest, note: found.note }
      }
      // A client whose calls touch no memory shows nothing; it matters only if all are so.
      note = explored === 1 ? found.note : note && found.note
    }
  }
  return { tally: ended(total, sizes, bounds), smallest: [], note }
}

/** Returns how many schedules of one client are run: of strategies that never end by themselves, each gets its share. */
function shareOf({ strategy, maxSchedules }: Bounds, sizes: readonly Size[]): number {
  const clients = sizes.reduce((sum, { explored }) => sum + explored, 0)
  return drawsAtRandom(strategy) ? Math.ceil(maxSchedules / clients) : Infinity
}

/** Returns the tally of clients of which the last has failed: it is complete only if no client is left. */
function failed(total: Tally, explored: number, sizes: readonly Size[]): Tally {
  const isLast = explored === sizes.reduce((sum, size) => sum + size.explored, 0) && !sizes.some(({ drawn }) => drawn)
  return total.complete && !isLast ? { ...total, complete: false, stopped: 'a client failed' } : total
}

/** Returns the tally of clients of which none has failed. */
function ended(total: Tally, sizes: readonly Size[], bounds: Bounds): Tally {
  const drawn = sizes.find((size) => size.drawn)
  const sampled = drawn && sampleText(drawn)
  const isSpent = !total.complete && total.schedules + total.redundant >= bounds.maxSchedules
  const stopped = isSpent || drawsAtRandom(bounds.strategy) ? gaveUp(total) : (total.stopped ?? sampled)
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

function gaveUp({ schedules }: Tally): string {
  return `gave up after ${counted(schedules, 'schedule')}`
}
