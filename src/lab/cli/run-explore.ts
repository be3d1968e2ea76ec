/** The action of `lab explore`: explores in a separate process, and prints each scenario's report as soon as it is explored. */
import { RacelabError } from '../../errors.ts'
import { exploredDocument } from '../report/explored-document.ts'
import type { ExploredDocument } from '../report/explored-document.ts'
import { junit } from '../report/junit.ts'
import { exploredExitCode } from './exit-code.ts'
import { exploredReport, exploredVerdicts } from './explored-report.ts'
import type { ExploreFlags } from './flags.ts'
import { exploreInProcess } from './explorer/explore-in-process.ts'
import type { Explored } from './explorer/explore-in-process.ts'
import { defaultMemory } from './explorer/memory-limit.ts'
import { print, writeOut, stdoutColours } from '../../terminal/print.ts'
import { exploringLine } from './exploring-line.ts'
import { InterruptedError } from '../../terminal/stop-cause.ts'

/** Options contradict each other. */
class MisuseError extends RacelabError {
  readonly code = 'ERR_RACELAB_MISUSE'
}

const DEFAULT_TIMEOUT = 60

/** Explores the target and prints the reports. Throws what the command line turns into an error message and an exit code. */
export async function runExplore(target: string, flags: ExploreFlags): Promise<void> {
  if (flags.preemptions !== undefined && flags.strategy !== undefined && flags.strategy !== 'dfs') {
    throw new MisuseError(
      `--preemptions works only with --strategy dfs, not with ${flags.strategy}: with a bound, partial-order reduction would miss schedules.`,
    )
  }
  const { timeout = DEFAULT_TIMEOUT, memory = defaultMemory() } = flags
  const paint = stdoutColours()
  const { columns } = process.stdout
  const line = await exploringLine(flags.json !== true)
  const explored: Explored[] = []
  const { cause, count } = await exploreInProcess(
    { target, flags, timeout },
    {
      memory,
      onProgress: line.say,
      onExplored(each) {
        line.end()
        explored.push(each)
        process.exitCode = exploredExitCode(explored.map(documentOf))
        // The declared races are printed once if they are the same as those of the variant before.
        const declaredRaces = !hasSameRaces(each, explored.at(-2))
        const options = { verbose: flags.verbose === true, colours: paint, columns, declaredRaces }
        if (!flags.json) print(`${exploredReport(each, target, options)}\n`)
      },
    },
  ).finally(line.end)
  const documents = explored.map(documentOf)
  if (flags.json) print(JSON.stringify(documents, null, 2))
  else if (cause === undefined || explored.length > 1) {
    const verdicts = exploredVerdicts(explored, documents, paint, columns)
    if (verdicts !== '') print(verdicts)
  }
  if (flags.junit !== undefined) writeOut(flags.junit, junit(documents))
  if (cause === undefined) return
  throw new InterruptedError(cause, interruption(explored, count))
}

/** Says how many of the scenarios were explored, and of how many there is no result. */
function interruption(explored: readonly Explored[], count: number): string {
  const whole = explored.filter(({ interrupted }) => !interrupted).length
  const left = count - explored.length
  const rest = left === 0 ? '' : `, and ${left} ${left === 1 ? 'was' : 'were'} not begun`
  return `${whole} of ${count} ${count === 1 ? 'scenario was' : 'scenarios were'} explored to the end${rest}.`
}

function hasSameRaces({ exploration }: Explored, before: Explored | undefined): boolean {
  return before?.exploration.declaredRaces?.join() === exploration.declaredRaces?.join()
}

function documentOf({ exploration, sound }: Explored): ExploredDocument {
  return exploredDocument(exploration, sound)
}
