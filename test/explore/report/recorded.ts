/** Recordings and reports of scenarios, for tests of what is shown. */
import { explore } from '../../../src/explore/index.ts'
import type { ExploreOptions } from '../../../src/explore/search/options.ts'
import type { Recording } from '../../../src/explore/replay/recording.ts'
import { replay } from '../../../src/explore/replay/replay.ts'
import type { Exploration } from '../../../src/explore/search/result.ts'
import { colours } from '../../../src/terminal/colours.ts'
import { explorationReport } from '../../../src/explore/report/exploration-report.ts'
import { interleavingTable } from '../../../src/explore/report/interleaving-table.ts'
import type { Scenario } from '../../../src/scenario.ts'

export const plain = colours(false)

/** The recording of the first failure that an exploration shows. */
export function firstFailure(scenario: Scenario, options: ExploreOptions = {}): Recording {
  const [failure] = explore(scenario, options).failures
  const replayed = replay(scenario, failure?.token ?? '')
  if (replayed.kind !== 'replayed') throw new Error(replayed.divergence.message)
  return replayed.recording
}

/** The table of it, a row a line. */
export function tableOf(scenario: Scenario, columns?: number): string[] {
  return interleavingTable(firstFailure(scenario), { verbose: false, colours: plain, columns }).split('\n')
}

/** The lines of a table that have this text, without the source. */
export function cellsWith(lines: readonly string[], text: string): string[] {
  return lines.filter((line) => line.includes(text)).map((line) => line.replace(/ {2}\S+:\d+$/, '').trim())
}

/** The report on an exploration, with the schedules of its failures. */
export function reportOf(scenario: Scenario, exploration: Exploration, columns?: number): string {
  const shown = exploration.failures.flatMap((failure) => {
    const replayed = replay(scenario, failure.token)
    return replayed.kind === 'replayed' ? [{ failure, recording: replayed.recording, command: 'replay it' }] : []
  })
  return explorationReport(exploration, shown, { verbose: false, colours: plain, columns })
}
