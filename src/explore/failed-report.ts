/**
 * The report on an exploration as the message of a failed test: with the smallest failing schedule, without colours.
 */
import { explore } from './explore.ts'
import type { ExploreOptions } from './search/options.ts'
import { replay } from './replay/replay.ts'
import type { Exploration } from './search/result.ts'
import type { OperationsScenario, Scenario } from '../scenario.ts'
import { colours } from '../terminal/colours.ts'
import { explorationReport } from './report/exploration-report.ts'
import type { ShownFailure } from './report/exploration-report.ts'

/** The result of an exploration, and its report. */
export interface Reported {
  readonly exploration: Exploration
  /** Makes the report, for which each failing schedule is replayed. */
  report(): string
}

/**
 * Explores a scenario. The report is made only when it is asked for, because it needs a replay of each failing
 * schedule.
 */
export function exploreForTest(scenario: Scenario | OperationsScenario, options: ExploreOptions = {}): Reported {
  const exploration = explore(scenario, options)
  return { exploration, report: () => reportOf(scenario, exploration) }
}

function reportOf(scenario: Scenario | OperationsScenario, exploration: Exploration): string {
  const shown = exploration.failures.flatMap((failure): ShownFailure[] => {
    const replayed = replay(scenario, failure.token)
    const command = `replay(scenario, '${failure.token}')`
    return replayed.kind === 'replayed' ? [{ failure, recording: replayed.recording, command }] : []
  })
  return explorationReport(exploration, shown, { verbose: false, colours: colours(false) })
}
