/** Recordings and reports of scenarios, for tests of what is shown. */
import { explore } from '../../../src/explore/index.ts'
import { encodeToken } from '../../../src/explore/replay/token.ts'
import { boundsOf } from '../../../src/explore/search/options.ts'
import type { ExploreOptions } from '../../../src/explore/search/options.ts'
import { Pace } from '../../../src/explore/search/pace.ts'
import { search } from '../../../src/explore/search/search.ts'
import type { Recording } from '../../../src/explore/replay/recording.ts'
import { replay } from '../../../src/explore/replay/replay.ts'
import type { Exploration } from '../../../src/explore/search/result.ts'
import { ControlledScenario } from '../../../src/explore/subject/controlled-scenario.ts'
import { colours } from '../../../src/terminal/colours.ts'
import { explorationReport } from '../../../src/explore/report/exploration-report.ts'
import { interleavingTable } from '../../../src/explore/report/interleaving-table.ts'
import type { Scenario } from '../../../src/scenario.ts'

export const plain = colours(false)

/** The recording of the first failure that an exploration shows. */
export function firstFailure(scenario: Scenario, options: ExploreOptions = {}): Recording {
  const [failure] = explore(scenario, options).failures
  return recordingOf(scenario, failure?.token ?? '')
}

/**
 * The recording of the first schedule that fails, as the search finds it. With many actors it would take seconds to look
 * for a smaller one.
 */
export function firstFound(scenario: Scenario): Recording {
  const bounds = boundsOf({})
  const token = ControlledScenario.use(scenario, { ...bounds, dataRaces: true }, (controlled) => {
    const { found } = search(controlled, bounds, false, new Pace(0, Infinity, undefined))
    return encodeToken([...found.values()][0]!.trace, bounds.seed, '')
  })
  return recordingOf(scenario, token)
}

function recordingOf(scenario: Scenario, token: string): Recording {
  const replayed = replay(scenario, token)
  if (replayed.kind !== 'replayed') throw new Error(replayed.divergence.message)
  return replayed.recording
}

/** The table of it, a row a line. */
export function tableOf(scenario: Scenario): string[] {
  return linesOf(firstFailure(scenario))
}

/** The table of a recording, a row a line. */
export function linesOf(recording: Recording, columns?: number): string[] {
  return interleavingTable(recording, { verbose: false, colours: plain, columns }).split('\n')
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
