/**
 * Explores a scenario: runs schedule after schedule until one fails, none is left, or a bound is hit.
 */
import { RacelabError } from '../errors.ts'
import type { Scenario } from '../scenario.ts'
import { nativeNow } from './model/native.ts'
import { smallestOf } from './search/failures.ts'
import type { Found } from './search/minimise.ts'
import { boundsOf, checkOptions } from './search/options.ts'
import type { Bounds, ExploreOptions } from './search/options.ts'
import { Pace } from './search/pace.ts'
import type { Pulse } from './search/pace.ts'
import type { Exploration, Failure, OutcomeCount, Verdict } from './search/result.ts'
import { preemptionsIn } from './model/schedule.ts'
import { emptyTally, search } from './search/search.ts'
import type { Tally } from './search/search.ts'
import { bySeverity } from './search/severity.ts'
import { ControlledScenario } from './subject/controlled-scenario.ts'
import { textOfThrown } from './run/thrown.ts'
import { encodeToken } from './replay/token.ts'

/**
 * Runs a scenario's actors in every interleaving that can matter, or in as many as the options allow.
 *
 * Failures of the code under test are data in the result, never exceptions. What cannot be explored gives the verdict
 * `error`. Costs no threads; the globals are replaced while it runs, so do not run it beside other code of this thread.
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
 */
export function explore(scenario: Scenario, options: ExploreOptions = {}): Exploration {
  const began = nativeNow()
  const known: Known = { scenario, options, began, bounds: boundsOf({}) }
  let tally = emptyTally()
  let smallest: Found[] = []
  try {
    checkOptions(options)
    known.bounds = boundsOf(options)
    const { onProgress } = options
    const pulse: Pulse = (soFar) =>
      onProgress?.({ soFar: documentOf(known, soFar, [...soFar.found.values()]), deepest: soFar.deepest })
    const pace = new Pace(began, known.bounds.timeoutMs, onProgress && pulse)
    const controlOptions = { ...known.bounds, dataRaces: options.dataRaces !== false }
    ControlledScenario.control(scenario, controlOptions, (controlled) => {
      known.declared = scenario.races
      tally = search(controlled, known.bounds, options.allFailures === true, pace)
      known.note = controlled.note
      const isLate = (): boolean => pace.stop(tally) !== undefined
      smallest = smallestOf(controlled, tally.found.values(), isLate)
    })
  } catch (caught) {
    known.error = errorOf(caught)
  }
  return documentOf(known, tally, smallest)
}

/** What a document says beside what the search found. */
interface Known {
  readonly scenario: Scenario
  readonly options: ExploreOptions
  readonly began: number
  bounds: Bounds
  declared?: Scenario['races'] | undefined
  note?: string | undefined
  error?: Exploration['error'] | undefined
}

/** The document of a tally: the result, or what it would be if the search ended now. */
function documentOf(known: Known, tally: Tally, found: readonly Found[]): Exploration {
  const { scenario, options, began, bounds, declared, note, error } = known
  return {
    schema: 1,
    scenario: nameOf(scenario),
    variant: textOr(() => options.variant, null),
    strategy: bounds.strategy,
    verdict: error === undefined ? verdictOf(tally) : 'error',
    complete: tally.complete && error === undefined,
    schedules: tally.schedules,
    outcomes: outcomeCounts(tally),
    failures: found.map((each) => describe(each, bounds, options)).toSorted(bySeverity),
    elapsedMs: Math.round((nativeNow() - began) * 1000) / 1000,
    ...(tally.spins.length === 0 ? {} : { spins: tally.spins }),
    ...(declared === undefined ? {} : { declaredRaces: declared }),
    ...(note === undefined ? {} : { note }),
    ...(tally.stopped === undefined ? {} : { stopped: tally.stopped }),
    ...(error === undefined ? {} : { error }),
  }
}

/** A scenario's name, also of one whose name cannot be read. */
export function nameOf(scenario: Scenario): string {
  return textOr(() => scenario.name, '(no name)')
}

/** What `read` returns, if that is text: what is explored may be anything at all. */
function textOr<Other>(read: () => unknown, other: Other): string | Other {
  try {
    const text = read()
    return typeof text === 'string' ? text : other
  } catch {
    return other
  }
}

function describe({ fault, trace, fewest, races = [] }: Found, bounds: Bounds, options: ExploreOptions): Failure {
  return {
    kind: fault.kind,
    message: fault.message,
    outcome: fault.outcome,
    preemptions: preemptionsIn(trace),
    steps: trace.length,
    fewest: fewest === true,
    ...(races.length === 0 ? {} : { otherRaces: races.map(({ message }) => message) }),
    token: encodeToken(trace, bounds.seed, options.subject ?? ''),
  }
}

function verdictOf(tally: Tally): Verdict {
  if (tally.found.size > 0) return 'fail'
  return tally.complete ? 'pass' : 'inconclusive'
}

function outcomeCounts(tally: Tally): Record<string, OutcomeCount> {
  const counts = [...tally.outcomes].map(([key, { outcome, count, broken }]): [string, OutcomeCount] => {
    const { description } = outcome
    const grade = broken === count ? 'forbidden' : outcome.grade
    return [
      key,
      { count, grade, ...(description === undefined ? {} : { description }), ...(broken === 0 ? {} : { broken }) },
    ]
  })
  return Object.fromEntries(counts)
}

/** Whatever stood in the way. What is no error of ours went wrong in the explorer itself. */
function errorOf(caught: unknown): { code: string; message: string } {
  if (caught instanceof RacelabError) return { code: caught.code, message: caught.message }
  return { code: 'ERR_RACELAB_SCENARIO_THREW', message: textOfThrown(caught) }
}
