/** What `lab explore`, `lab stress` and `lab replay` run, and the errors of a target that gives nothing to run. */
import { RacelabError } from '../../errors.ts'
import type { OperationsScenario, Scenario } from '../../scenario.ts'
import type { ScenarioSource } from '../load-source.ts'

/** A scenario to explore or to replay. */
export interface Subject {
  readonly scenario: Scenario | OperationsScenario
  readonly variant: string | null
  /** The name of the bug and the variant in a token; empty for a file, which the user names beside the token. */
  readonly id: string
  /** Where the threads of a replay find the scenario. */
  readonly source: ScenarioSource
  /** Whether the variant is declared sound; undefined for a file, which declares nothing. */
  readonly sound: boolean | undefined
}

/** The code of NoScenarioError, which comes from the explorer's process as text. */
export const NO_SCENARIO = 'ERR_RACELAB_NO_SCENARIO'

/** The target's file cannot be loaded. */
export class LoadError extends RacelabError {
  readonly code = 'ERR_RACELAB_LOAD'
}

/** The target has no scenario. */
export class NoScenarioError extends RacelabError {
  readonly code = NO_SCENARIO
}
