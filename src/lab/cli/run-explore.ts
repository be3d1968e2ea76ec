/** The action of `lab explore`: explores in separate processes, and prints each scenario's report as soon as it is explored. */
import { availableParallelism } from 'node:os'
import { RacelabError } from '../../errors.ts'
import { colours } from '../../terminal/colours.ts'
import { ExitCode } from '../../terminal/exit-code.ts'
import { print, writeOut, stdoutColours } from '../../terminal/print.ts'
import { InterruptedError } from '../../terminal/stop-cause.ts'
import type { StopCause } from '../../terminal/stop-cause.ts'
import { counted, wrapped } from '../../terminal/wrapped.ts'
import { annotations } from '../report/annotations.ts'
import { exploredDocument } from '../report/explored-document.ts'
import type { ExploredDocument } from '../report/explored-document.ts'
import { junit } from '../report/junit.ts'
import { exploredExitCode } from './exit-code.ts'
import { declaredVerdict, exploredReport, exploredShown, exploredVerdicts } from './explored-report.ts'
import { GaveUpError } from './explorer/endings.ts'
import { exploreInProcess } from './explorer/explore-in-process.ts'
import type { Explored } from './explorer/explore-in-process.ts'
import { defaultMemory } from './explorer/memory-limit.ts'
import { htmlFile } from '../html/file.ts'
import type { HtmlFile } from '../html/file.ts'
import { exploringLine } from './exploring-line.ts'
import type { ExploringLine } from './exploring-line.ts'
import { MOST_WORKERS } from './flags.ts'
import type { ExploreFlags } from './flags.ts'
import { NO_SCENARIO, NoScenarioError } from './subject.ts'
import { targetsOf } from './targets.ts'
import type { Target } from './targets.ts'

/** Options contradict each other. */
class MisuseError extends RacelabError {
  readonly code = 'ERR_RACELAB_MISUSE'
}

const DEFAULT_TIMEOUT = 60

/** The number of cores that this process may use, up to the most that the option takes. */
function defaultWorkers(): number {
  return Math.min(MOST_WORKERS, availableParallelism())
}

/** What was explored so far, and what could not be. */
interface Run {
  readonly flags: ExploreFlags
  readonly line: ExploringLine
  readonly html: HtmlFile | undefined
  readonly explored: Explored[]
  /** The target of each. */
  readonly targets: string[]
  readonly documents: ExploredDocument[]
  readonly errors: RacelabError[]
  /** The files of folders that export no scenario. */
  readonly leftOut: string[]
  /** How many scenarios there are in the targets that were begun. */
  count: number
}

/**
 * Explores the targets in turn and prints the reports. A target that cannot be explored does not keep the others from being
 * explored. Throws what the command line turns into an error message and an exit code.
 */
export async function runExplore(args: readonly string[], flags: ExploreFlags): Promise<void> {
  refuseContradiction(flags)
  const targets = await targetsOf(args)
  const html = await htmlFile(flags.html)
  const line = await exploringLine(flags.json !== true)
  const run: Run = { flags, line, html, explored: [], targets: [], documents: [], errors: [], leftOut: [], count: 0 }
  let cause: StopCause | undefined
  try {
    for (const target of targets) {
      cause = await exploreTarget(run, target).catch((error: unknown) => keep(run, target, error))
      if (cause !== undefined) break
    }
  } finally {
    line.end()
    printEnd(run, cause)
  }
  if (cause !== undefined) throw new InterruptedError(cause, interruption(run))
  if (run.leftOut.length === targets.length)
    throw new NoScenarioError(`No file in ${args.join(', ')} exports a scenario.`)
  if (targets.length === 1 && run.errors[0] !== undefined) throw run.errors[0]
  for (const error of run.errors) process.stderr.write(`error: ${error.message}\n`)
  process.exitCode = exitCodeOf(run)
}

function refuseContradiction({ preemptions, strategy }: ExploreFlags): void {
  if (preemptions === undefined || strategy === undefined || strategy === 'dfs') return
  throw new MisuseError(
    `--preemptions works only with --strategy dfs, not with ${strategy}: with a bound, partial-order reduction would miss schedules.`,
  )
}

/** Explores one target; returns what stopped the command meanwhile. */
async function exploreTarget(run: Run, { name }: Target): Promise<StopCause | undefined> {
  const { flags, line } = run
  const { timeout = DEFAULT_TIMEOUT, memory = defaultMemory(), workers = defaultWorkers() } = flags
  const options = { memory, onProgress: line.say, onExplored: (each: Explored) => note(run, name, each) }
  const { cause, count } = await exploreInProcess({ target: name, flags, timeout, workers }, options)
  run.count += count
  return cause
}

function note(run: Run, target: string, explored: Explored): void {
  const { flags, line, documents } = run
  line.end()
  // The declared races are printed once if they are the same as those of the scenario before.
  const declaredRaces = !hasSameRaces(explored, run.explored.at(-1))
  run.explored.push(explored)
  run.targets.push(target)
  documents.push(documentOf(explored, target))
  process.exitCode = exitCodeOf(run)
  const shown = { verbose: flags.verbose === true, colours: stdoutColours(), columns: process.stdout.columns }
  if (!flags.json) print(`${exploredReport(explored, target, { ...shown, declaredRaces })}\n`)
}

/** Keeps an error of one target, so that the others are explored. Throws an error that ends the command. */
function keep({ errors, leftOut }: Run, { name, isNamed }: Target, error: unknown): undefined {
  if (!(error instanceof RacelabError) || error instanceof InterruptedError) throw error
  if (!isNamed && error.code === NO_SCENARIO) leftOut.push(name)
  else errors.push(error)
  return undefined
}

/** Prints what follows the reports: the table of the verdicts, the JSON documents, the files for other programs. */
function printEnd(run: Run, cause: StopCause | undefined): void {
  const { flags, html, explored, documents, leftOut } = run
  if (flags.json && documents.length > 0) print(JSON.stringify(documents, null, 2))
  else if (cause === undefined || explored.length > 1) {
    const verdicts = exploredVerdicts(documents, stdoutColours(), process.stdout.columns)
    if (verdicts !== '') print(verdicts)
  }
  if (!flags.json && leftOut.length > 0 && explored.length > 0)
    print(wrapped(`Left out, without a scenario: ${leftOut.join(', ')}`, process.stdout.columns))
  if (flags.junit !== undefined) writeOut(flags.junit, junit(documents))
  if (explored.length > 0) {
    const shown = explored.map((each, index) => exploredShown(each, run.targets[index]!))
    const verdict = declaredVerdict(documents, colours(false))
    html?.write('Every schedule', ({ exploredHtml }, heading) => exploredHtml(heading, { explored: shown, verdict }))
  }
  if (process.env['GITHUB_ACTIONS'] === 'true') {
    const lines = annotations(documents).map((each) => `${each}\n`)
    ;(flags.json ? process.stderr : process.stdout).write(lines.join(''))
  }
}

function exitCodeOf({ documents, errors }: Run): ExitCode {
  if (errors.some((error) => !(error instanceof GaveUpError))) return ExitCode.MISUSE
  const code = exploredExitCode(documents)
  return code === ExitCode.OK && (errors.length > 0 || documents.length === 0) ? ExitCode.INCONCLUSIVE : code
}

/** Says how many of the scenarios were not interrupted, and of how many there is no result. */
function interruption({ explored, count }: Run): string {
  const whole = explored.filter(({ interrupted }) => !interrupted).length
  const left = count - explored.length
  const rest = left === 0 ? '' : `, and ${left} ${left === 1 ? 'was' : 'were'} not begun`
  return `${whole} of ${counted(count, 'scenario')} ${count === 1 ? 'was' : 'were'} done${rest}.`
}

function hasSameRaces({ exploration }: Explored, before: Explored | undefined): boolean {
  return before?.exploration.declaredRaces?.join() === exploration.declaredRaces?.join()
}

function documentOf({ exploration, sound, failures }: Explored, target: string): ExploredDocument {
  const recordings = new Map(failures.map(({ failure, recording }) => [failure.token, recording]))
  return exploredDocument(exploration, { sound, recordings, file: sound === undefined ? target : undefined })
}
