/** The text that `lab explore` prints. */
import type { Colours } from '../../terminal/colours.ts'
import { explorationReport } from '../../explore/report/exploration-report.ts'
import type { ReportOptions } from '../../explore/report/exploration-report.ts'
import { asFlag } from '../report/as-flag.ts'
import { allAsDeclared } from '../report/explored-document.ts'
import type { ExploredDocument } from '../report/explored-document.ts'
import { verdictTable } from '../report/verdict-table.ts'
import { wrapped } from '../../terminal/wrapped.ts'
import type { ShownExploration } from '../../html/explored.tsx'
import { COMMAND } from './command.ts'
import type { Explored } from './explorer/explore-in-process.ts'

/** Returns the report on one scenario, with the commands that replay its failures. */
export function exploredReport(explored: Explored, target: string, options: ReportOptions): string {
  const { exploration, failures, sound } = explored
  const replayCommand = replayCommandOf({ target, variant: exploration.variant, sound })
  const shown = failures.map((each) => ({ ...each, command: replayCommand(each.failure.token) }))
  const report = explorationReport(exploration, shown, { ...options, writeOption: asFlag })
  const tokens = new Set(failures.map(({ failure }) => failure.token))
  // Failures without a table: the exploration ended before their schedules could be run again.
  const bare = exploration.failures.filter(({ token }) => !tokens.has(token))
  return [
    report,
    ...bare.map(
      ({ kind, message, token }) =>
        `${wrapped(`${options.colours.red(kind)}: ${message}`, options.columns)}\n\ntoken: ${token}\nreplay: ${replayCommand(token)}`,
    ),
  ].join('\n\n')
}

/** Returns a function that returns the command which runs the schedule of a token again. */
export function replayCommandOf({
  target,
  variant,
  sound,
}: {
  readonly target: string
  readonly variant: string | null
  readonly sound: boolean | undefined
}): (token: string) => string {
  // A bug is named in the token; a file must be named beside it.
  const where = sound === undefined ? ` ${target}${variant === null ? '' : ` --variant ${variant}`}` : ''
  return (token) => `${COMMAND} replay ${token}${where}`
}

/** Returns what a page shows of an exploration. */
export function exploredShown(explored: Explored, target: string): ShownExploration {
  const { exploration, sound } = explored
  const replay = replayCommandOf({ target, variant: exploration.variant, sound })
  return { ...explored, replay, ...(sound === undefined ? { file: target } : {}) }
}

/** Returns the results side by side if there are several, and whether the variants of a bug did as they are declared. */
export function exploredVerdicts(documents: readonly ExploredDocument[], paint: Colours, columns?: number): string {
  const table = documents.length > 1 ? [verdictTable(documents, paint, columns)] : []
  const words = declaredVerdict(documents, paint)
  return words === undefined ? table.join('') : [...table, wrapped(words, columns)].join('\n\n')
}

/** Returns whether the variants of a bug did as they are declared, in a sentence; undefined if nothing is declared. */
export function declaredVerdict(documents: readonly ExploredDocument[], paint: Colours): string | undefined {
  const whole = allAsDeclared(documents)
  if (whole === undefined) return undefined
  return whole
    ? asDeclared(documents, paint)
    : `${paint.red('Not as declared')}: ${documents.flatMap(deviation).join('; ')}.`
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
