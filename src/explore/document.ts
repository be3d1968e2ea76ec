/** The result of an exploration as data, also while it goes on. */
import { RacelabError } from '../errors.ts'
import type { OperationsScenario, Scenario } from '../scenario.ts'
import type { Covering } from './contracts/covering.ts'
import type { ClientsSoFar } from './explore-clients.ts'
import type { CrashesSoFar } from './explore-crashes.ts'
import { Kind } from './model/access.ts'
import { nativeNow } from './model/native.ts'
import { preemptionsIn } from './model/schedule.ts'
import { encodeToken } from './replay/token.ts'
import { textOfThrown } from './run/thrown.ts'
import type { FoundFailure } from './search/minimise.ts'
import type { Bounds, ExploreOptions } from './search/options.ts'
import { verdictOn } from './search/result.ts'
import type { Exploration, Failure, OutcomeCount } from './search/result.ts'
import { crashText } from './subject/crashing.ts'
import { bySeverity } from './search/severity.ts'
import type { Tally } from './search/tally.ts'

/** What the result says in addition to what the search found. */
export interface Context {
  readonly scenario: Scenario | OperationsScenario
  readonly options: ExploreOptions
  readonly began: number
  bounds: Bounds
  covering: Covering
  /** The classes whose calls were one step, or few. */
  readonly covered: Set<string>
  /** Why others that have a contract were explored inside. */
  readonly inside: Map<string, string>
  /** The clients so far, if the scenario gives operations. */
  clients?: ClientsSoFar
  /** The points of crashes so far, if the scenario has any. */
  crashes?: CrashesSoFar
  declared?: Scenario['races'] | undefined
  note?: string | undefined
  error?: Exploration['error'] | undefined
}

/** Returns the result of a search, or the result that it would have if it stopped now. */
export function documentOf(context: Context, tally: Tally, found: readonly FoundFailure[]): Exploration {
  const { scenario, options, began, bounds, clients, crashes, declared, note, error } = context
  const complete = tally.complete && error === undefined
  const inside = new Map([...context.covering.unproved, ...context.inside])
  const failures = found
    .map((each) => failureOf(each, bounds, options, clients?.text ?? textOfCrash(crashes)))
    .toSorted(bySeverity)
  return {
    schema: 1,
    scenario: nameOf(scenario),
    variant: textOr(() => options.variant, null),
    strategy: bounds.strategy,
    verdict: verdictOn({ complete, failures, ...(error === undefined ? {} : { error }) }),
    complete,
    ...standing(tally, complete),
    ...(clients === undefined ? {} : { criterion: options.criterion ?? 'linearizable', clients: clients.explored }),
    ...(clients === undefined || failures.length === 0 ? {} : { client: clients.calls }),
    ...(crashes === undefined ? {} : { crashes: crashes.explored }),
    ...(failures.length === 0 ? {} : crashOf(scenario, crashes, found)),
    schedules: tally.schedules,
    // The outcomes of a client that holds are those of one of many.
    outcomes: clients !== undefined && failures.length === 0 ? {} : outcomeCounts(tally),
    failures,
    elapsedMs: Math.round((nativeNow() - began) * 1000) / 1000,
    ...(tally.spins.length === 0 ? {} : { spins: tally.spins }),
    ...(declared === undefined ? {} : { declaredRaces: declared }),
    ...(context.covered.size === 0 ? {} : { contracts: [...context.covered].toSorted() }),
    ...(inside.size === 0 ? {} : { inside: Object.fromEntries(inside) }),
    ...(note === undefined ? {} : { note }),
    ...(tally.stopped === undefined ? {} : { stopped: tally.stopped }),
    ...(error === undefined ? {} : { error }),
  }
}

function textOfCrash(crashes: CrashesSoFar | undefined): string | undefined {
  return crashes?.point && crashText(crashes.point)
}

/** Returns where an actor has crashed in a schedule that fails. In others it may have ended before it came there. */
function crashOf(
  { actors = {} }: Scenario | OperationsScenario,
  crashes: CrashesSoFar | undefined,
  found: readonly FoundFailure[],
): Pick<Exploration, 'crash'> {
  const hasCrashed = found.some(({ trace }) => trace.some(({ access }) => access.kind === Kind.CRASH))
  if (crashes?.point === undefined || !hasCrashed) return {}
  const { actor, after } = crashes.point
  return { crash: { actor: Object.keys(actors)[actor]!, after } }
}

/** Returns what is known of the schedules that were not explored. */
function standing(
  { completeUpTo, estimate }: Tally,
  complete: boolean,
): Pick<Exploration, 'completeUpTo' | 'schedulesUpTo' | 'estimate'> {
  if (complete) return { completeUpTo: null, estimate: null }
  const about = { estimate: estimate === undefined ? null : Math.round(estimate) }
  if (completeUpTo === undefined) return { completeUpTo: null, ...about }
  const { preemptions, schedules } = completeUpTo
  return { completeUpTo: { preemptions }, schedulesUpTo: schedules, ...about }
}

/** Returns the scenario's name, or `(no name)` if it has none or reading it throws. */
export function nameOf(scenario: Scenario | OperationsScenario): string {
  return textOr(() => scenario.name, '(no name)')
}

/** Returns what `read` returns if that is a string, else `other`. The caller may have passed anything as a scenario. */
function textOr<Other>(read: () => unknown, other: Other): string | Other {
  try {
    const text = read()
    return typeof text === 'string' ? text : other
  } catch {
    return other
  }
}

function failureOf(
  { fault, trace, minimal, inevitable, races = [] }: FoundFailure,
  bounds: Bounds,
  options: ExploreOptions,
  client: string | undefined,
): Failure {
  return {
    kind: fault.kind,
    message: fault.message,
    outcome: fault.outcome,
    preemptions: preemptionsIn(trace),
    steps: trace.length,
    minimal: minimal === true,
    inevitable: inevitable ?? null,
    ...(races.length === 0 ? {} : { otherRaces: races.map(({ message }) => message) }),
    token: encodeToken(trace, bounds.seed, options.subject ?? '', client),
  }
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

/**
 * Returns a caught error as data. An error that is not racelab's own was thrown by the scenario or by a defect in
 * racelab.
 */
export function errorOf(caught: unknown): { code: string; message: string } {
  if (caught instanceof RacelabError) return { code: caught.code, message: caught.message }
  return { code: 'ERR_RACELAB_SCENARIO_THREW', message: textOfThrown(caught) }
}
