/** The report on an exploration as a test's message: with the shortest failing schedule, without colours. */
import { explore } from './explore.ts'
import type { ExploreOptions } from './search/options.ts'
import { replay } from './replay/replay.ts'
import type { Exploration } from './search/result.ts'
import type { Scenario } from '../scenario.ts'
import { colours } from '../terminal/colours.ts'
import { type ShownFailure, explorationReport } from './report/exploration-report.ts'

export interface Reported {
  readonly exploration: Exploration
  report(): string
}

/** Explores, and keeps the report for when it is asked for: it takes another run with every position noted. */
export function exploreForTest(scenario: Scenario, options: ExploreOptions = {}): Reported {
  const exploration = explore(scenario, options)
  return { exploration, report: () => reportOf(scenario, exploration) }
}

function reportOf(scenario: Scenario, exploration: Exploration): string {
  const shown = exploration.failures.flatMap((failure): ShownFailure[] => {
    const replayed = replay(scenario, failure.token)
    const command = `replay(scenario, '${failure.token}')`
    return replayed.kind === 'replayed' ? [{ failure, recording: replayed.recording, command }] : []
  })
  return explorationReport(exploration, shown, { verbose: false, colours: colours(false) })
}
