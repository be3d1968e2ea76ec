/** What `lab explore` does: explores in a process of its own, and prints each scenario's report as it is done. */
import { RacelabError } from '../errors.ts'
import type { Exploration } from '../explore/result.ts'
import { type Colours, colours } from '../report/colours.ts'
import { explorationReport } from '../report/exploration-report.ts'
import { type ExploredDocument, allAsDeclared, exploredDocument } from '../report/explored-document.ts'
import { junit } from '../report/junit.ts'
import { verdictTable } from '../report/verdict-table.ts'
import { wrapped } from '../report/wrapped.ts'
import { COMMAND } from './command.ts'
import { exploredExitCode } from './exit-code.ts'
import type { ExploreFlags } from './explore.ts'
import { type Explored, exploreInProcess } from './explorer/explore-in-process.ts'
import { defaultMemory } from './explorer/memory-limit.ts'
import { print, writeOut } from './print.ts'
import { exploringLine } from './progress.ts'
import { InterruptedError } from './stop-cause.ts'

class MisuseError extends RacelabError {
  readonly code = 'ERR_RACELAB_MISUSE'
}

const DEFAULT_TIMEOUT = 60

export async function runExplore(target: string, flags: ExploreFlags): Promise<void> {
  if (flags.preemptions !== undefined && flags.strategy !== undefined && flags.strategy !== 'dfs') {
    throw new MisuseError(
      `--preemptions goes with --strategy dfs, not ${flags.strategy}: under a bound, reduction would miss schedules.`,
    )
  }
  const { timeout = DEFAULT_TIMEOUT, memory = defaultMemory() } = flags
  const paint = colours(process.stdout.isTTY && !process.env['NO_COLOR'])
  const line = await exploringLine(flags.json !== true)
  const explored: Explored[] = []
  const { cause, count } = await exploreInProcess(
    { kind: 'explore', target, flags, timeout, from: 0 },
    {
      memory,
      onProgress: line.say,
      onExplored(each) {
        line.end()
        explored.push(each)
        process.exitCode = exploredExitCode(explored.map(documentOf))
        if (!flags.json) print(`${reportOf(each, target, flags, paint)}\n`)
      },
    },
  ).finally(line.end)
  const documents = explored.map(documentOf)
  if (flags.json) print(JSON.stringify(documents, null, 2))
  else if (cause === undefined || explored.length > 1) printVerdicts(explored, documents, paint)
  if (flags.junit !== undefined) writeOut(flags.junit, junit(documents))
  if (cause === undefined) return
  const whole = explored.filter(({ interrupted }) => !interrupted).length
  throw new InterruptedError(
    cause,
    `${whole} of ${count} ${count === 1 ? 'scenario was' : 'scenarios were'} explored to the end.`,
  )
}

function documentOf({ exploration, sound }: Explored): ExploredDocument {
  return exploredDocument(exploration, sound)
}

function reportOf({ exploration, failures }: Explored, target: string, flags: ExploreFlags, paint: Colours): string {
  const shown = failures.map((each) => ({ ...each, command: replayCommand(each.failure.token, exploration, target) }))
  const report = explorationReport(exploration, shown, { verbose: flags.verbose === true, colours: paint })
  const tokens = new Set(failures.map(({ failure }) => failure.token))
  // Ended before its schedule could be run again: there is no table of it.
  const bare = exploration.failures.filter(({ token }) => !tokens.has(token))
  return [
    report,
    ...bare.map(
      ({ kind, message, token }) =>
        `${wrapped(`${paint.red(kind)}: ${message}`)}\n\ntoken: ${token}\nreplay: ${replayCommand(token, exploration, target)}`,
    ),
  ].join('\n\n')
}

function replayCommand(token: string, { variant }: Exploration, target: string): string {
  const isFile = /[./\\]/.test(target)
  const where = isFile ? ` ${target}${variant === null ? '' : ` --variant ${variant}`}` : ''
  return `${COMMAND} replay ${token}${where}`
}

function printVerdicts(explored: readonly Explored[], documents: readonly ExploredDocument[], paint: Colours): void {
  if (explored.length > 1) print(verdictTable(explored, paint))
  const whole = allAsDeclared(documents)
  if (whole === undefined) return
  const head = explored.length > 1 ? '\n' : ''
  if (whole) print(`${head}${wrapped(asDeclared(documents, paint))}`)
  else print(`${head}${wrapped(`${paint.red('Not as declared')}: ${documents.flatMap(deviation).join('; ')}.`)}`)
}

function asDeclared(documents: readonly ExploredDocument[], paint: Colours): string {
  const [sound, broken] = (['sound', 'broken'] as const).map((each) =>
    documents.filter(({ declared }) => declared === each).map(({ variant }) => variant),
  ) as [string[], string[]]
  const parts = [
    ...(sound.length > 0 ? [`what is declared sound holds in every schedule (${sound.join(', ')})`] : []),
    ...(broken.length > 0 ? [`what is declared broken fails (${broken.join(', ')})`] : []),
  ]
  return `${paint.green('As declared')}: ${parts.join('; ')}.`
}

function deviation({ variant, declared, asDeclared: is, verdict }: ExploredDocument): string[] {
  if (is !== false) return []
  const what = {
    pass: 'holds in every schedule',
    fail: 'fails',
    inconclusive: 'is inconclusive',
    error: 'cannot be explored',
  }
  return [`${variant ?? ''}, declared ${declared ?? ''}, ${what[verdict]}`]
}
