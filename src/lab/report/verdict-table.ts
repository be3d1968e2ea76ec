/** The table of the verdicts on a bug's variants, or on the scenarios of files: which ones hold in every schedule. */
import { verdictWords } from '../../explore/report/exploration-report.ts'
import type { Colours } from '../../terminal/colours.ts'
import { textTable } from '../../terminal/text-table.ts'
import { widthOf } from '../../terminal/wrapped.ts'
import type { ExploredDocument } from './explored-document.ts'

/** Returns a table with a row for each exploration. */
export function verdictTable(documents: readonly ExploredDocument[], colours: Colours, columns?: number): string {
  const declares = documents.some(({ declared }) => declared !== undefined)
  const several = new Set(documents.map(({ file }) => file)).size > 1
  const rows = documents.map((document) => [
    ...(several ? [document.file ?? ''] : []),
    nameOf(document),
    ...(declares ? [document.declared ?? ''] : []),
    verdictWords(document.verdict, colours),
    document.schedules.toLocaleString('en-US'),
    firstFailure(document),
  ])
  const names = [
    ...(several ? [{ name: 'file' }] : []),
    { name: declares ? 'variant' : 'scenario' },
    ...(declares ? [{ name: 'declared' }] : []),
    { name: 'explored' },
    { name: 'schedules', right: true },
    { name: 'failure', text: true },
  ]
  return textTable(names, rows, widthOf(columns))
}

/** The variants of a bug share the name of the scenario. */
function nameOf({ scenario, variant, declared }: ExploredDocument): string {
  if (variant === null) return scenario
  return declared === undefined ? `${scenario} (${variant})` : variant
}

function firstFailure({ failures }: ExploredDocument): string {
  const [first] = failures
  if (first === undefined) return ''
  return `${first.kind}: ${first.message}${failures.length === 1 ? '' : `; and ${failures.length - 1} more`}`
}
