/**
 * `explore`: runs schedules of a scenario until one fails, none is left or a bound is hit, and returns the result as
 * data.
 */
import { hasOperations } from '../scenario.ts'
import type { OperationsScenario, Scenario } from '../scenario.ts'
import { coveringOf, NOTHING_COVERED } from './contracts/covering.ts'
import { documentOf, errorOf } from './document.ts'
import type { Context } from './document.ts'
import { exploreClients } from './explore-clients.ts'
import { exploreCrashes } from './explore-crashes.ts'
import type { SearchOne } from './explore-clients.ts'
import { nativeNow } from './model/native.ts'
import { Refusal } from './model/refusal.ts'
import { smallestOf } from './search/failures.ts'
import type { FoundFailure } from './search/minimise.ts'
import { NoReturn } from './search/no-return.ts'
import { boundsOf, checkOptions } from './search/options.ts'
import type { Bounds, ExploreOptions } from './search/options.ts'
import { Pace } from './search/pace.ts'
import type { ProgressListener } from './search/pace.ts'
import type { Exploration } from './search/result.ts'
import type { Schedule } from './model/schedule.ts'
import { NO_HELPERS } from './search/parts/helpers.ts'
import type { Helpers } from './search/parts/helpers.ts'
import { searchInParts } from './search/parts/search-in-parts.ts'
import { searchInPhases } from './search/phases.ts'
import { recordAgain, search, stoppedFor } from './search/search.ts'
import { emptyTally, together } from './search/tally.ts'
import type { Tally } from './search/tally.ts'
import type { Searched } from './search/searched.ts'
import { hasCrashes } from './subject/crashing.ts'
import { ControlledScenario } from './subject/controlled-scenario.ts'
import type { ControlOptions } from './subject/controlled-scenario.ts'
import { refuseFrozenErrors } from './run/frozen-errors.ts'
import { calling } from './run/thrown.ts'
import { checkAnyShape } from './clients/shape.ts'

/**
 * Runs a scenario's actors in every interleaving that can matter, or in as many as the options allow, and returns what
 * it found. If the scenario gives operations and a model, it does so with each client that it makes of them, those with
 * the fewest calls first, until one fails; and it checks the history of each schedule against the model.
 *
 * Guarantees: with `complete` true, every interleaving was run or is equivalent to one that was, under sequential
 * consistency. With `verdict` `pass`, none of them fails. The same scenario and options give the same result, except
 * for its times and for what the time limit cuts off.
 *
 * Throws no error for the code under test: its failures are data in the result. A scenario that cannot be explored, or
 * an invalid option, gives the verdict `error` with the code and the message; so does an error that `onProgress`
 * throws.
 *
 * Cost: one thread, and up to `timeout` seconds (60 by default), during which the caller is blocked. The number of
 * schedules can grow exponentially with the number of dependent steps. The global `Atomics`, the typed-array
 * constructors and some other globals are replaced while it runs and put back before it returns.
 *
 * Source: dynamic partial-order reduction with source sets, after P. Abdulla, S. Aronis, B. Jonsson and K. Sagonas,
 * "Optimal Dynamic Partial Order Reduction", POPL 2014; `StrategyName` lists the other algorithms.
 *
 * @example
 * const result = explore({
 *   name: 'two increments',
 *   memory: () => new Int32Array(new SharedArrayBuffer(4)),
 *   actors: {
 *     alice: (words) => Atomics.store(words, 0, Atomics.load(words, 0) + 1),
 *     bob: (words) => Atomics.store(words, 0, Atomics.load(words, 0) + 1),
 *   },
 *   observe: (words) => Atomics.load(words, 0),
 *   outcomes: { 2: 'acceptable', 1: ['forbidden', 'an increment was lost'] },
 * })
 * result.verdict // 'fail'
 * result.failures[0].message // 'an increment was lost'
 *
 * const { client } = explore({
 *   name: 'a counter in two steps',
 *   memory: () => new Int32Array(new SharedArrayBuffer(4)),
 *   operations: {
 *     next: (words) => Atomics.store(words, 0, Atomics.load(words, 0) + 1),
 *   },
 *   model: {
 *     name: 'counter',
 *     init: () => 0,
 *     step: (count, { output }) => (output === count + 1 ? [count + 1] : []),
 *     equal: (one, other) => one === other,
 *   },
 * })
 * client // { alice: ['next()'], bob: ['next()'] }
 */
export function explore(scenario: Scenario | OperationsScenario, options: ExploreOptions = {}): Exploration {
  return exploreTogether(scenario, options, () => NO_HELPERS)
}

/**
 * Returns the threads that help. They control the scenario as given, with the classes covered that `coveredWith` returns for these
 * contracts of the scenario.
 */
export type HelpersFor = (control: ControlOptions, own: readonly string[] | undefined) => Helpers

/** Explores as `explore` does, with other threads that search parts of a scenario with actors. The result is the same. */
export function exploreTogether(
  scenario: Scenario | OperationsScenario,
  options: ExploreOptions,
  helpersFor: HelpersFor,
): Exploration {
  const began = nativeNow()
  const context: Context = {
    scenario,
    options,
    began,
    bounds: boundsOf({}),
    covering: NOTHING_COVERED,
    covered: new Set(),
    inside: new Map(),
  }
  let tally = emptyTally()
  let smallest: readonly FoundFailure[] = []
  let helpers = NO_HELPERS
  try {
    checkOptions(options)
    refuseFrozenErrors()
    context.bounds = boundsOf(options)
    const { onProgress } = options
    let interruption: string | undefined
    // A reason to stop that was given once stays one.
    const listener: ProgressListener = (current) => {
      const all = context.clients === undefined ? current : together(context.clients.total, current)
      const exploration = documentOf(context, all, [...all.found.values()])
      return (interruption ??= onProgress?.({ exploration, deepest: all.deepest }))
    }
    const pace = new Pace(began, context.bounds.timeoutMs, onProgress && listener)
    const begun = (): void => void (context.declared = scenario.races)
    calling('The scenario', () => checkAnyShape(scenario))
    if (options.inside !== true && !hasCrashes(scenario)) {
      const proving = pace.until(PROOFS_SHARE)
      context.covering = coveringOf(scenario, options.proofs, () => proving.stop(tally) !== undefined)
    }
    helpers = helpersFor(controlOf(context.bounds, options), context.covering.own)
    const one: SearchOne = (subject, bounds, ownPace, how) => {
      const searching = how.given === undefined ? searchingFor(scenario, options, how.helpers) : failing(how.given)
      return searchOne(searching, subject, bounds, context, ownPace, begun)
    }
    const found = exploreAll(context, pace, one, helpers)
    ;({ tally, smallest, note: context.note } = found)
    noteCoverage(context, found)
  } catch (caught) {
    context.error = errorOf(caught)
  } finally {
    helpers.end()
  }
  return documentOf(context, tally, smallest)
}

/** Explores a scenario: with all its clients, if it gives operations, or with all points at which its actors may crash. */
function exploreAll(context: Context, pace: Pace, one: SearchOne, helpers: Helpers): Searched {
  const { scenario, options, bounds } = context
  const how = { isWhole: isWhole(options), helpers: isDivisible(options) ? helpers : NO_HELPERS }
  if (hasOperations(scenario)) {
    const { criterion, allFailures = false } = options
    const clients = { ...how, bounds, criterion, allFailures }
    return exploreClients(scenario, clients, pace, one, (clients) => (context.clients = clients))
  }
  const own = actorBounds(bounds, options)
  if (!hasCrashes(scenario)) return one(scenario, own, pace, { helpers })
  return exploreCrashes(scenario, { ...how, bounds: own }, pace, one, (crashes) => (context.crashes = crashes))
}

/** Contracts that are not proved after this share of the time are not used: to explore a lock inside takes time too. */
const PROOFS_SHARE = 0.5

type Searching = (controlled: ControlledScenario, bounds: Bounds, allFailures: boolean, pace: Pace) => Tally

/** Returns how to search a scenario with actors, or a client: all clients have one budget. */
function searchingFor(scenario: Scenario | OperationsScenario, options: ExploreOptions, helpers: Helpers): Searching {
  if (!isDivisible(options)) return search
  const isOne = !hasOperations(scenario) && !hasCrashes(scenario)
  const searching = isWhole(options) && isOne ? searchInPhases : searchInParts
  return (...how) => searching(...how, { helpers })
}

/** Returns how to search by one schedule only, which another thread has counted, and which fails. */
function failing(schedule: Schedule): Searching {
  return (controlled, _, allFailures) => {
    const tally = emptyTally()
    recordAgain(tally, controlled, schedule, allFailures)
    return stoppedFor(tally, allFailures, '')
  }
}

/** Whether the search can be divided into parts. */
function isDivisible(options: ExploreOptions): boolean {
  const { strategy, preemptions, maxSchedules = Infinity } = options
  return isWhole(options) || (strategy === 'dpor' && preemptions === undefined && maxSchedules === Infinity)
}

/** Whether neither a strategy nor a bound was chosen. */
function isWhole({ strategy, preemptions, maxSchedules }: ExploreOptions): boolean {
  return strategy === undefined && preemptions === undefined && maxSchedules === undefined
}

function controlOf({ maxSteps, seed, spinRounds }: Bounds, { dataRaces }: ExploreOptions): ControlOptions {
  return { maxSteps, seed, spinRounds, dataRaces: dataRaces !== false, contracts: 'units' }
}

/** Searches one scenario with actors, or one client. `begun` is called once it is under control. */
function searchOne(
  searching: Searching,
  scenario: Scenario,
  bounds: Bounds,
  context: Context,
  pace: Pace,
  begun: () => void,
): Searched {
  const { options, covering } = context
  const control = { ...controlOf(bounds, options), covered: covering.classes }
  return ControlledScenario.use(scenario, control, (controlled) => {
    begun()
    const tally = searching(controlled, bounds, options.allFailures === true, pace)
    const covered = [...controlled.engine.coverage.used]
    const inside = [...controlled.engine.coverage.excluded]
    const isTimeUp = (): boolean => pace.stop(tally) !== undefined
    const noReturn = new NoReturn(controlled, isTimeUp)
    const located = (each: FoundFailure): FoundFailure => ({ ...each, inevitable: noReturn.of(each) })
    return {
      tally,
      smallest: smallestOf(controlled, tally.found.values(), isTimeUp).map(located),
      note: controlled.note,
      covered,
      inside,
    }
  })
}

/** Notes which classes were covered. One that is explored inside once counts as such. */
function noteCoverage({ covered, inside }: Context, found: Searched): void {
  for (const [of, why] of found.inside) inside.set(of, why)
  for (const of of found.covered) covered.add(of)
  for (const of of inside.keys()) covered.delete(of)
}

/** Returns the bounds for a scenario with actors. Refuses an option that only a scenario with operations has a use for. */
function actorBounds(bounds: Bounds, { criterion }: ExploreOptions): Bounds {
  if (criterion === undefined) return bounds
  throw new Refusal(
    'The option "criterion" is for a scenario that gives operations and a model; this one has no operations.',
  )
}
