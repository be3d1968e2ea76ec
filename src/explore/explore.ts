/**
 * Explores a scenario: runs schedule after schedule until one fails, none is left, or a bound is hit.
 */
import { RacelabError } from '../errors.ts'
import type { Scenario } from '../scenario.ts'
import { nativeNow } from './control/native.ts'
import { smallestOf } from './failures.ts'
import type { Found } from './minimise.ts'
import { boundsOf } from './options.ts'
import type { Bounds, ExploreOptions } from './options.ts'
import { Pace } from './pace.ts'
import type { Pulse } from './pace.ts'
import { Refusal } from './refusal.ts'
import type { Exploration, Failure, OutcomeCount, Verdict } from './result.ts'
import { preemptionsIn } from './schedule.ts'
import { emptyTally, search } from './search.ts'
import type { Tally } from './search.ts'
import { bySeverity } from './severity.ts'
import { Subject } from './subject.ts'
import { encodeToken } from './token.ts'

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
  const bounds = boundsOf(options)
  const document = documents(scenario, bounds, options, began)
  const { onProgress } = options
  const pulse: Pulse = (tally) =>
    onProgress?.({ soFar: document(tally, [...tally.found.values()]), deepest: tally.deepest })
  const pace = new Pace(began, bounds.timeoutMs, onProgress && pulse)
  let tally = emptyTally()
  let smallest: Found[] = []
  let error: Exploration['error']
  try {
    const subjectOptions = { ...bounds, dataRaces: options.dataRaces !== false }
    Subject.control(scenario, subjectOptions, (subject) => {
      tally = search(subject, bounds, options.allFailures === true, pace)
      const isLate = (): boolean => pace.stop(tally) !== undefined
      smallest = smallestOf(subject, tally.found.values(), isLate)
    })
  } catch (caught) {
    error = errorOf(caught)
  }
  return document(tally, smallest, error)
}

type MakeDocument = (tally: Tally, found: readonly Found[], error?: Exploration['error']) => Exploration

/** Makes the document of a tally: the result, or what it would be if the search ended now. */
function documents(scenario: Scenario, bounds: Bounds, options: ExploreOptions, began: number): MakeDocument {
  return (tally, found, error) => ({
    schema: 1,
    scenario: nameOf(scenario),
    variant: options.variant ?? null,
    strategy: bounds.strategy,
    verdict: error === undefined ? verdictOf(tally) : 'error',
    complete: tally.complete && error === undefined,
    schedules: tally.schedules,
    outcomes: outcomeCounts(tally),
    failures: found.map((each) => describe(each, bounds, options)).toSorted(bySeverity),
    elapsedMs: Math.round((nativeNow() - began) * 1000) / 1000,
    ...declaredRacesOf(scenario),
    ...(tally.stopped === undefined ? {} : { stopped: tally.stopped }),
    ...(error === undefined ? {} : { error }),
  })
}

/** A scenario's name, also of one whose name cannot be read. */
export function nameOf(scenario: Scenario): string {
  try {
    const name: unknown = scenario.name
    return String(name)
  } catch {
    return 'a scenario without a name'
  }
}

function declaredRacesOf(scenario: Scenario): { readonly declaredRaces?: readonly string[] } {
  try {
    return scenario.races === undefined ? {} : { declaredRaces: scenario.races }
  } catch {
    return {}
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

/** Whatever went wrong that is not a failure of the code under test: the scenario's own functions may throw as well. */
function errorOf(caught: unknown): { code: string; message: string } {
  if (caught instanceof RacelabError) return { code: caught.code, message: caught.message }
  if (caught instanceof Error)
    return { code: 'ERR_RACELAB_SCENARIO_THREW', message: `${caught.name}: ${caught.message}` }
  return { code: new Refusal('').code, message: String(caught) }
}
