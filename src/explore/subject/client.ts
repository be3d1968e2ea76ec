/**
 * A client as the explorer controls it: a scenario whose actors make calls of operations. The explorer knows with which
 * step of a schedule each call begins and returns, so a schedule that has ended gives a history of the calls.
 */
import type { OperationsScenario, Scenario } from '../../scenario.ts'

/** What one thread did in a schedule that has ended. */
export interface ThreadCalls {
  readonly name: string
  /** The positions in the schedule of the begin and the return of each call, in turn. */
  readonly events: readonly number[]
  /** What its calls have returned, in their order. */
  readonly outputs: readonly unknown[]
}

/** Judges the history of a schedule. */
export interface HistoryJudge {
  /** Returns why no order of the calls explains what they returned; undefined if an order does. All have returned. */
  faultOf(threads: readonly ThreadCalls[]): string | undefined
  /** Whether the calls that have not returned may wait forever, after those that have. */
  mayHang(threads: readonly ThreadCalls[]): boolean
}

/** What a client is made of, in addition to its scenario. */
export interface ClientParts {
  readonly scenario: OperationsScenario
  /** The threads: each makes its calls, and returns an array of what they returned. */
  readonly actors: Scenario['actors']
  readonly observe: NonNullable<Scenario['observe']>
  readonly history: HistoryJudge
}

/** A client. `clients/` makes it. */
export class Client implements Scenario {
  readonly name: string
  readonly actors: Scenario['actors']
  readonly observe: NonNullable<Scenario['observe']>
  readonly invariant?: NonNullable<Scenario['invariant']>
  readonly names?: NonNullable<Scenario['names']>
  readonly races?: NonNullable<Scenario['races']>
  readonly history: HistoryJudge
  readonly #scenario: OperationsScenario
  /** What the calls of each thread have returned in the last run of its actor. A run may have gone further than now. */
  readonly #outputs: ReadonlyMap<string, readonly unknown[]>

  constructor({ scenario, actors, observe, history }: ClientParts, outputs: ReadonlyMap<string, readonly unknown[]>) {
    const { name, invariant, names, races } = scenario
    this.name = name
    this.actors = actors
    this.observe = observe
    if (invariant !== undefined) {
      this.invariant = (memory, results) => invariant(memory, results as Record<string, readonly unknown[]>)
    }
    if (names !== undefined) this.names = names
    if (races !== undefined) this.races = races
    this.history = history
    this.#scenario = scenario
    this.#outputs = outputs
  }

  memory(): unknown {
    return this.#scenario.memory()
  }

  /** Changes the memory before the first schedule; undefined if the scenario has no such function. */
  get setup(): OperationsScenario['setup'] {
    return this.#scenario.setup
  }

  /** Returns what a thread did, given the positions of its events. */
  callsOf(name: string, events: readonly number[]): ThreadCalls {
    // An actor that was undone to an earlier step has a log that its last run began with, so its first outputs are right.
    const outputs = (this.#outputs.get(name) ?? []).slice(0, Math.floor(events.length / 2))
    return { name, events, outputs }
  }
}
