/**
 * Explores a scenario: runs schedule after schedule until one fails, none is left, or a bound is hit.
 */
import { RacelabError } from '../errors.ts'
import type { Scenario } from '../scenario.ts'
import { nativeNow } from './control/native.ts'
import type { Fault, Outcome } from './judge.ts'
import { minimise } from './minimise.ts'
import type { Found } from './minimise.ts'
import { boundsOf } from './options.ts'
import type { Bounds, ExploreOptions } from './options.ts'
import { Refusal } from './refusal.ts'
import type { Exploration, Failure, OutcomeCount, Verdict } from './result.ts'
import { preemptionsIn } from './schedule.ts'
import { makeStrategy } from './strategies/index.ts'
import { Subject } from './subject.ts'
import { encodeToken } from './token.ts'

/** The first schedules are checked more closely, and then one in so many. */
const AUDITED = 16
const AUDIT_EVERY = 4096
/** How many schedules to run between two looks at the clock. */
const CLOCK_EVERY = 64

interface Tally {
  schedules: number
  complete: boolean
  stopped: string | undefined
  readonly outcomes: Map<string, { outcome: Outcome; count: number }>
  readonly found: Map<string, Found>
}

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
export function explore<Memory, Results extends Record<string, unknown>>(
  scenario: Scenario<Memory, Results>,
  options: ExploreOptions = {},
): Exploration {
  // Inside, what the actors' memory and results are does not matter.
  const untyped = scenario as unknown as Scenario
  const began = nativeNow()
  const bounds = boundsOf(options)
  let tally = emptyTally()
  let failures: Failure[] = []
  let error: Exploration['error']
  try {
    const subjectOptions = { ...bounds, dataRaces: options.dataRaces !== false }
    Subject.control(untyped, subjectOptions, (subject) => {
      tally = search(subject, bounds, options, began)
      failures = [...tally.found.values()].map((found) => describe(minimise(subject, found), bounds, options))
    })
  } catch (caught) {
    error = errorOf(caught)
  }
  return {
    schema: 1,
    scenario: scenario.name,
    variant: options.variant ?? null,
    strategy: bounds.strategy,
    verdict: error === undefined ? verdictOf(tally) : 'error',
    complete: tally.complete && error === undefined,
    schedules: tally.schedules,
    outcomes: outcomeCounts(tally),
    failures,
    elapsedMs: Math.round((nativeNow() - began) * 1000) / 1000,
    ...(tally.stopped === undefined ? {} : { stopped: tally.stopped }),
    ...(error === undefined ? {} : { error }),
  }
}

function emptyTally(): Tally {
  return { schedules: 0, complete: false, stopped: undefined, outcomes: new Map(), found: new Map() }
}

function search(subject: Subject, bounds: Bounds, options: ExploreOptions, began: number): Tally {
  const { engine } = subject
  const tally = emptyTally()
  const strategy = makeStrategy(engine.world, bounds)
  const choose = (enabled: number): number => strategy.choose(enabled)
  const deadline = began + bounds.timeoutMs
  let tooLong = 0
  for (let runs = 1; ; runs++) {
    const depth = strategy.next()
    if (depth === undefined) break
    if (tally.schedules >= bounds.maxSchedules)
      return { ...tally, stopped: `gave up after ${tally.schedules} schedules` }
    if (runs % CLOCK_EVERY === 0 && nativeNow() > deadline) {
      return { ...tally, stopped: `gave up after ${bounds.timeoutMs / 1000} s` }
    }
    engine.undoTo(depth)
    const end = engine.run(choose)
    // A loop that was cut as endless is not: what was explored on that assumption does not count.
    if (engine.misjudged) return again(subject, bounds, options, began)
    if (end === 'pruned') continue
    tally.schedules++
    if (end === 'too-long') {
      tooLong++
      continue
    }
    if (runs <= AUDITED || runs % AUDIT_EVERY === 0) subject.audit()
    record(tally, subject, subject.judge(end, depth))
    if (tally.found.size > 0 && options.allFailures !== true) return { ...tally, stopped: 'a schedule failed' }
  }
  if (tooLong > 0) return { ...tally, stopped: `${tooLong} schedules were cut off after ${bounds.maxSteps} steps` }
  if (!strategy.complete)
    return { ...tally, stopped: `no schedule with more than ${bounds.preemptions} preemptions was tried` }
  return { ...tally, complete: true }
}

function again(subject: Subject, bounds: Bounds, options: ExploreOptions, began: number): Tally {
  subject.engine.misjudged = false
  subject.engine.undoTo(0)
  return search(subject, bounds, options, began)
}

function record(
  tally: Tally,
  subject: Subject,
  { outcome, faults }: { outcome: Outcome | undefined; faults: readonly Fault[] },
): void {
  if (outcome !== undefined) {
    const counted = tally.outcomes.get(outcome.key)
    if (counted === undefined) tally.outcomes.set(outcome.key, { outcome, count: 1 })
    else counted.count++
  }
  for (const fault of faults) {
    if (!tally.found.has(fault.identity))
      tally.found.set(fault.identity, { fault, trace: [...subject.engine.world.trace] })
  }
}

function describe({ fault, trace }: Found, bounds: Bounds, options: ExploreOptions): Failure {
  return {
    kind: fault.kind,
    message: fault.message,
    outcome: fault.outcome,
    preemptions: preemptionsIn(trace),
    steps: trace.length,
    token: encodeToken(trace, bounds.seed, options.subject ?? ''),
  }
}

function verdictOf(tally: Tally): Verdict {
  if (tally.found.size > 0) return 'fail'
  return tally.complete ? 'pass' : 'inconclusive'
}

function outcomeCounts(tally: Tally): Record<string, OutcomeCount> {
  const counts = [...tally.outcomes].map(([key, { outcome, count }]): [string, OutcomeCount] => {
    const { grade, description } = outcome
    return [key, { count, grade, ...(description === undefined ? {} : { description }) }]
  })
  return Object.fromEntries(counts)
}

/** Whatever went wrong that is not a failure of the code under test: the scenario's own functions may throw as well. */
function errorOf(caught: unknown): { code: string; message: string } {
  if (caught instanceof RacelabError) return { code: caught.code, message: caught.message }
  if (caught instanceof Error) return { code: 'SCENARIO_THREW', message: `${caught.name}: ${caught.message}` }
  return { code: new Refusal('').code, message: String(caught) }
}
