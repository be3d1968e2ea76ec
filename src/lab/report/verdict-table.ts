/** The table of the verdicts on a bug's variants: which ones hold in every schedule. */
import { verdictWords } from '../../explore/report/exploration-report.ts'
import type { Exploration } from '../../explore/search/result.ts'
import type { Colours } from '../../terminal/colours.ts'
import { textTable } from '../../terminal/text-table.ts'
import { widthOf } from '../../terminal/wrapped.ts'

/** The exploration of a variant, and what the variant is declared to be. */
export interface Declared {
  /** Whether the variant is declared sound; undefined if nothing is declared. */
  readonly sound: boolean | undefined
  readonly exploration: Exploration
}

/** Returns a table with a row for each variant. */
export function verdictTable(declared: readonly Declared[], colours: Colours, columns?: number): string {
  const rows = declared.map(({ sound, exploration }) => [
    exploration.variant ?? exploration.scenario,
    sound === undefined ? '' : sound ? 'sound' : 'broken',
    verdictWords(exploration.verdict, colours),
    exploration.schedules.toLocaleString('en-US'),
    firstFailure(exploration),
  ])
  const names = [
    { name: 'variant' },
    { name: 'declared' },
    { name: 'explored' },
    { name: 'schedules', right: true },
    { name: 'failure', text: true },
  ]
  return textTable(names, rows, widthOf(columns))
}

function firstFailure({ failures }: Exploration): string {
  const [first] = failures
  if (first === undefined) return ''
  return `${first.kind}: ${first.message}${failures.length === 1 ? '' : `; and ${failures.length - 1} more`}`
}
