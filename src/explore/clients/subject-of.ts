/** Which scenario with actors a token names, or a task of a thread. */
import { hasOperations } from '../../scenario.ts'
import type { OperationsScenario, Scenario } from '../../scenario.ts'
import { crashingFromText } from '../subject/crashing.ts'
import { clientFromText } from './client.ts'

/**
 * Returns the scenario itself if there is no text, the client that the text names if the scenario gives operations, and else the scenario
 * with the crash that the text names; undefined if there is none. The scenario must have the right shape.
 */
export function subjectOf(scenario: Scenario | OperationsScenario, text: string | undefined): Scenario | undefined {
  if (hasOperations(scenario)) return text === undefined ? undefined : clientFromText(scenario, text)
  return text === undefined ? scenario : crashingFromText(scenario, text)
}
