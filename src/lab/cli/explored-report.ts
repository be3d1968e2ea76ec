/** The text that `lab explore` prints. */
import type { Colours } from '../../terminal/colours.ts'
import { explorationReport } from '../../explore/report/exploration-report.ts'
import type { ReportOptions } from '../../explore/report/exploration-report.ts'
import { asFlag } from '../report/as-flag.ts'
import { allAsDeclared } from '../report/explored-document.ts'
import type { ExploredDocument } from '../report/explored-document.ts'
import { verdictTable } from '../report/verdict-table.ts'
import { wrapped } from '../../terminal/wrapped.ts'
import { COMMAND } from './command.ts'
import type { Explored } from './explorer/explore-in-process.ts'

/** Returns the report on one scenario, with the commands that replay its failures. */
export function exploredReport(explored: Explored, target: string, options: ReportOptions): string {
  const { exploration, failures, sound } = explored
  // A bug is named in the token; a file must be named beside it.
  const { variant } = exploration
  const where = sound === undefined ? ` ${target}${variant === null ? '' : ` --variant ${variant}`}` : ''
  const replayCommand = (token: string): string => `${COMMAND} replay ${token}${where}`
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

/** Returns the results side by side if there are several, and whether the variants of a bug did as they are declared. */
export function exploredVerdicts(documents: readonly ExploredDocument[], paint: Colours, columns?: number): string {
  const table = documents.length > 1 ? [verdictTable(documents, paint, columns)] : []
  const whole = allAsDeclared(documents)
  if (whole === undefined) return table.join('')
  const words = whole
    ? asDeclared(documents, paint)
    : `${paint.red('Not as declared')}: ${documents.flatMap(deviation).join('; ')}.`
  return [...table, wrapped(words, columns)].join('\n\n')
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
