/** The verdicts on a bug's variants side by side: which hold in every schedule, and which do not. */
import type { Exploration } from '../explore/result.ts'
import type { Colours } from './colours.ts'
import { textTable } from './text-table.ts'

export interface Declared {
  /** Whether the variant is declared to hold. */
  readonly sound: boolean | undefined
  readonly exploration: Exploration
}

export function verdictTable(declared: readonly Declared[], colours: Colours): string {
  const rows = declared.map(({ sound, exploration }) => [
    exploration.variant ?? exploration.scenario,
    sound === undefined ? '' : sound ? 'holds' : 'broken',
    verdictWords(exploration, colours),
    exploration.schedules.toLocaleString('en-US'),
    shortened(exploration.failures.map(({ kind, message }) => `${kind}: ${message}`).join('; ')),
  ])
  const columns = [
    { name: 'variant' },
    { name: 'declared' },
    { name: 'explored' },
    { name: 'schedules', right: true },
    { name: 'failure' },
  ]
  return textTable(columns, rows)
}

function verdictWords({ verdict, complete }: Exploration, colours: Colours): string {
  if (verdict === 'pass') return colours.green('holds in every schedule')
  if (verdict === 'fail') return colours.red(complete ? 'fails' : 'fails, here is how')
  return verdict === 'error' ? colours.red('cannot be explored') : colours.magenta('inconclusive')
}

/** What is left of 100 columns. The whole message stands above, with its schedule. */
function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`
}

const LONGEST = 36
