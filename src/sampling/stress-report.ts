/** The text that `lab stress` prints on a scenario. */
import { verdictWords } from '../explore/report/exploration-report.ts'
import type { Exploration } from '../explore/search/result.ts'
import type { Comparison } from '../stress/samples/compare.ts'
import type { SampleResult, SampledOutcome } from '../stress/samples/result.ts'
import type { Colours } from '../terminal/colours.ts'
import { textTable } from '../terminal/text-table.ts'
import { counted, indented, shortened, widthOf, wrapped } from '../terminal/wrapped.ts'
import type { StressDocument, StressFailure } from './stress-document.ts'

/** How to lay out the report. */
export interface StressReportOptions {
  readonly colours: Colours
  readonly columns: number | undefined
  /** The command that explores the scenario. */
  readonly exploreCommand: string
  /** The exploration of the scenario; undefined if it was not explored. */
  readonly exploration: Exploration | undefined
}

const MOST_ROWS = 30
/** The part of the width that an outcome's key may have. */
const KEY_SHARE = 0.3

/** Returns the report on a sampled scenario, without the explorer's schedules. */
export function stressReport(
  document: StressDocument,
  comparison: Comparison | undefined,
  options: StressReportOptions,
): string {
  const { columns } = options
  const others = document.failures.filter(({ kind }) => kind !== 'outcome')
  return [
    titleOf(document, options),
    ...(document.note === undefined ? [] : [wrapped(document.note, columns)]),
    ...(Object.keys(document.outcomes).length === 0 ? [] : [outcomeTable(document, options)]),
    ...others.map((failure) => failureText(failure, options)),
    ...(comparison === undefined ? [] : [comparisonText(document, comparison, options)]),
    ...conclusions(document, options).map((text) => wrapped(text, columns)),
  ].join('\n\n')
}

function titleOf(document: StressDocument, { colours, columns }: StressReportOptions): string {
  const { scenario, variant, verdict, samples, threads, elapsedMs, stopped } = document
  const name = variant === null ? scenario : `${scenario} (${variant})`
  const rate = elapsedMs === 0 ? '' : `, ${Math.round((1000 * samples) / elapsedMs).toLocaleString('en-US')} a second`
  const why = stopped === undefined ? '' : `: ${stopped}`
  const size = `${counted(samples, 'sample')} on ${counted(threads, 'thread')} in ${(elapsedMs / 1000).toFixed(1)} s${rate}${why}`
  return `${colours.bold(name)}: ${verdictWords(verdict, colours)}\n${wrapped(size, columns)}`
}

function outcomeTable({ outcomes }: SampleResult, { colours, columns }: StressReportOptions): string {
  const width = widthOf(columns)
  const paint = { acceptable: colours.green, interesting: colours.yellow, forbidden: colours.red }
  const all = Object.entries(outcomes).toSorted(([, one], [, other]) => other.count - one.count)
  const rows = all
    .slice(0, MOST_ROWS)
    .map(([key, outcome]) => [
      shortened(key, Math.floor(width * KEY_SHARE)),
      outcome.count.toLocaleString('en-US'),
      percent(outcome.share),
      `${percent(outcome.low)} to ${percent(outcome.high)}`,
      paint[outcome.grade](outcome.grade),
      descriptionOf(outcome),
    ])
  const described = rows.some((row) => row.at(-1) !== '')
  const names = [
    { name: 'outcome' },
    { name: 'samples', right: true },
    { name: 'share', right: true },
    { name: '95 % interval', right: true },
    { name: 'grade' },
    ...(described ? [{ name: 'description', text: true }] : []),
  ]
  const table = textTable(names, described ? rows : rows.map((row) => row.slice(0, -1)), width)
  return all.length > MOST_ROWS ? `${table}\n… and ${all.length - MOST_ROWS} more` : table
}

function descriptionOf({ description = '', broken = 0, count }: SampledOutcome): string {
  if (broken === 0) return description
  const words = broken === count ? 'broke the invariant' : `${broken.toLocaleString('en-US')} broke the invariant`
  return description === '' ? words : `${description}; ${words}`
}

/** Returns a share as text in percent, with at least two significant digits. */
export function percent(share: number): string {
  const value = 100 * share
  if (value === 0 || value === 100) return `${value} %`
  // Near 100 the digits of the rest count.
  const rest = Math.min(value, 100 - value)
  const digits = Math.max(1, Math.min(12, 1 - Math.floor(Math.log10(rest))))
  return `${value.toFixed(digits)} %`
}

function failureText(
  { kind, message, count, where = [] }: StressFailure,
  { colours, columns }: StressReportOptions,
): string {
  const head = wrapped(`${colours.red(kind)}: ${message} (${counted(count, 'sample')})`, columns)
  return [head, ...where.flatMap((each) => indented(each, 4, columns))].join('\n')
}

function comparisonText(
  { outcomes, compared }: StressDocument,
  { seen, unseen, impossible, unpredicted, doubt }: Comparison,
  { colours, columns, exploration }: StressReportOptions,
): string {
  const { complete = false, schedules = 0 } = compared ?? {}
  const paint = { acceptable: colours.green, interesting: colours.yellow, forbidden: colours.red }
  const gradeOf = (end: string): string => {
    const graded: { readonly [key: string]: { readonly grade: SampledOutcome['grade'] } } = {
      ...exploration?.outcomes,
      ...outcomes,
    }
    const grade = Object.hasOwn(graded, end) ? graded[end]?.grade : 'forbidden'
    return grade === undefined ? '' : paint[grade](grade)
  }
  const countOf = (end: string): string =>
    Object.hasOwn(outcomes, end) ? `${outcomes[end]?.count.toLocaleString('en-US')}` : 'seen'
  const foundWord = complete ? 'possible' : 'found'
  const nameOf = (end: string): string => shortened(end, Math.floor(widthOf(columns) * KEY_SHARE))
  const all = [
    ...impossible.map((end) => [
      nameOf(end),
      colours.red('impossible'),
      countOf(end),
      gradeOf(end),
      colours.red('SEEN AND HELD IMPOSSIBLE'),
    ]),
    ...unpredicted.map((end) => [nameOf(end), 'not predicted', countOf(end), gradeOf(end), '']),
    ...seen.map((end) => [nameOf(end), foundWord, countOf(end), gradeOf(end), '']),
    ...unseen.map((end) => [nameOf(end), foundWord, 'never seen', gradeOf(end), '']),
  ]
  const rows = all.slice(0, MOST_ROWS)
  const remarks = rows.some((row) => row.at(-1) !== '')
  const names = [
    { name: 'outcome' },
    { name: 'explorer' },
    { name: 'threads', right: true },
    { name: 'grade' },
    ...(remarks ? [{ name: '' }] : []),
  ]
  const table = textTable(names, remarks ? rows : rows.map((row) => row.slice(0, -1)), widthOf(columns))
  const size = `Compared with ${counted(schedules, 'schedule')} of the explorer, ${complete ? 'complete' : 'not complete'}:`
  const why = doubt === undefined ? [] : [wrapped(`The explorer holds nothing impossible here: ${doubt}.`, columns)]
  const more = all.length > MOST_ROWS ? [`… and ${all.length - MOST_ROWS} more`] : []
  return [size, '', table, ...more, ...(why.length === 0 ? [] : ['', ...why])].join('\n')
}

function conclusions(
  { verdict, impossible }: StressDocument,
  { colours, exploreCommand, exploration }: StressReportOptions,
): string[] {
  const loud =
    impossible.length === 0
      ? []
      : [
          `${colours.red('Seen and held impossible')}: ${impossible.join(', ')}. No schedule of the explorer ends so. Either an access is a data race, whose ` +
            'effects go beyond the order of accesses, or an actor depends on more than the memory, or the explorer is wrong.',
        ]
  if (verdict === 'inconclusive') return [...loud, 'No sample was made. Allow more time (--time).']
  if (verdict === 'fail') return loud
  const [found] = exploration?.failures ?? []
  if (found !== undefined) {
    const what = `${found.kind}: ${found.message}`
    return [
      ...loud,
      `No sample failed, but the explorer found a schedule that fails (${what}). To see it: ${exploreCommand}`,
    ]
  }
  return [
    ...loud,
    `No sample failed. That is no proof, because a schedule that did not come up may fail. To try every schedule: ${exploreCommand}`,
  ]
}

/** Returns the results side by side, and whether the variants of a bug did as they are declared. */
export function stressSummary(
  documents: readonly StressDocument[],
  { colours, columns }: Pick<StressReportOptions, 'colours' | 'columns'>,
): string {
  const declares = documents.some(({ declared }) => declared !== undefined)
  const rows = documents.map(({ scenario, variant, declared = '', verdict, samples, failures }) => [
    variant === null ? scenario : `${scenario} (${variant})`,
    ...(declares ? [declared] : []),
    verdictWords(verdict, colours),
    samples.toLocaleString('en-US'),
    failures[0] === undefined ? '' : `${failures[0].kind}: ${failures[0].message}`,
  ])
  const names = [
    { name: 'scenario' },
    ...(declares ? [{ name: 'declared' }] : []),
    { name: 'on threads' },
    { name: 'samples', right: true },
    { name: 'failure', text: true },
  ]
  const table = textTable(names, rows, widthOf(columns))
  if (!declares) return table
  const deviations = documents.flatMap(deviation)
  const words =
    deviations.length === 0
      ? `${colours.green('As declared')}: what is declared sound did not fail in these samples, and what is declared broken failed.`
      : `${colours.red('Not as declared')}: ${deviations.join('; ')}.`
  return `${table}\n\n${wrapped(words, columns)}`
}

function deviation({ variant, declared, asDeclared, verdict }: StressDocument): string[] {
  if (asDeclared !== false) return []
  const what = { pass: 'did not fail in these samples', fail: 'failed', inconclusive: 'was not sampled' }
  return [`${variant ?? ''}, declared ${declared ?? ''}, ${what[verdict]}`]
}
