/** `lab --bug <name|all> --workers <n>`: runs bugs on real threads and shows what came of it. */
import { type Command, Option } from 'commander'
import type { Lesson, RunOption, Variant } from '../lessons/bug.ts'
import { findLesson, findVariant, lessons } from '../lessons/index.ts'
import type { DatabaseKind } from '../../store/database/place.ts'
import { RacelabError } from '../../errors.ts'
import { type Colours, colours } from '../../terminal/colours.ts'
import { runDocument } from '../report/document.ts'
import { type Machine, machineLine, thisMachine } from '../../terminal/machine.ts'
import { resultsTable } from '../report/results-table.ts'
import { wrapped } from '../../terminal/wrapped.ts'
import { summaryTable } from '../report/summary-table.ts'
import { timeTable } from '../report/time-table.ts'
import { PackageMissingError, loadPackages } from '../requests/packages.ts'
import type { Gap } from '../../stress/gap.ts'
import type { BugResult } from '../run-bug.ts'
import { runLessons, runsOnThreads } from '../run-lessons.ts'
import { MAX_WORKERS } from '../../stress/team.ts'
import { COMMAND } from './command.ts'
import { EXIT_CODES_HELP, exitCodeOf } from './exit-code.ts'
import { gapText, seconds, wholeNumber } from './options.ts'
import { print } from './print.ts'
import { progressLine } from './progress.ts'
import { untilStopped } from './stop.ts'

interface RunFlags {
  readonly bug?: string
  readonly workers: number
  readonly variant?: string
  readonly iterations?: number
  readonly gap?: Gap
  readonly seed: number
  readonly timeout: number
  readonly database?: DatabaseKind
  readonly json?: true
  readonly quiet?: true
}

class NothingToDoError extends RacelabError {
  readonly code = 'ERR_RACELAB_NOTHING_TO_DO'

  constructor() {
    super(
      'Say which bug to run: --bug <name> or --bug all. ' +
        `"${COMMAND} list" names them, "${COMMAND} --help" says what else there is.`,
    )
  }
}

export function addRun(program: Command): void {
  program
    .option('--bug <name|all>', `which bug to run: a name from "${COMMAND} list", or all`)
    .option('--workers <n>', `how many worker threads, 1 to ${MAX_WORKERS}`, wholeNumber(1, MAX_WORKERS), 8)
    .option('--variant <name>', 'only this variant')
    .option('--iterations <n>', 'operations a worker', wholeNumber(1, 10_000_000))
    .addOption(
      new Option(
        '--gap <gap>',
        'time between an operation’s read and write: none, spin:<µs>, sleep:<ms>; /<n>: each nth',
      )
        .argParser(gapText)
        .default(undefined, 'the bug’s own'),
    )
    .option('--seed <n>', 'which rows the database of cleanup-leak refuses to drop', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--timeout <seconds>', 'give up after so long', seconds, 60)
    .addOption(
      new Option('--database <kind>', 'what lies behind the cache, where a bug has a database')
        .choices(['memory', 'sqlite'])
        .default(undefined, 'the bug’s own'),
    )
    .option('--json', 'print a JSON array, a document a bug, and nothing else')
    .option('--quiet', 'print the table of results only')
    .addHelpText('after', EXIT_CODES_HELP)
    .action((flags: RunFlags, command: Command) => {
      const isGiven = (option: RunOption): boolean => command.getOptionValueSource(option) === 'cli'
      return run(flags, OPTIONAL.filter(isGiven))
    })
}

/** Why a lesson may have no use for an option. */
const WHY_NOT: { readonly [Each in RunOption]: string } = {
  gap: 'the requests wait for each other there',
  seed: 'nothing is chosen at random there',
  database: 'no database lies behind the cache there',
}
const OPTIONAL = Object.keys(WHY_NOT) as RunOption[]

/** `given`: those options that not every lesson has a use for. */
async function run(flags: RunFlags, given: readonly RunOption[]): Promise<void> {
  if (flags.bug === undefined) throw new NothingToDoError()
  const lessons = flags.bug === 'all' ? await allThatCanRun() : [findLesson(flags.bug)]
  const chosen = lessons.map((lesson) => ({ lesson, variants: chosenVariants(lesson, flags.variant) }))
  for (const option of given) sayWhereUseless(option, lessons)
  const printer = await printerOf(flags)
  try {
    await untilStopped(flags.timeout, (signal) => runLessons(chosen, { ...flags, ...printer, signal }))
  } finally {
    // Also after Ctrl-C, or when the time is up: what is done is kept.
    printer.end()
  }
}

/** Prints each result as soon as it is there, and at the end what there is to say of all. */
async function printerOf(flags: RunFlags) {
  const machine = thisMachine()
  const progress = await progressLine(!flags.quiet && !flags.json)
  const results: BugResult[] = []
  return {
    onProgress: progress.say,
    onResult(lesson: Lesson, result: BugResult): void {
      results.push(result)
      process.exitCode = exitCodeOf(results)
      if (flags.json) return
      progress.end()
      if (results.length === 1 && !flags.quiet) print(machineLine(machine))
      print(section(lesson, result, flags))
    },
    end(): void {
      progress.end()
      if (flags.json && results.length > 0) print(documentsOf(machine, results))
      if (!flags.json && results.length > 1) print(`\n${summaryTable(results, paint())}`)
    },
  }
}

function documentsOf(machine: Machine, results: readonly BugResult[]): string {
  const documents = results.map((result) => runDocument(machine, result))
  return JSON.stringify(documents, null, 2)
}

/** All lessons; those that need a package that is not installed are left out, with a word. */
async function allThatCanRun(): Promise<readonly Lesson[]> {
  try {
    await loadPackages()
    return lessons
  } catch (missing) {
    if (!(missing instanceof PackageMissingError)) throw missing
    const [running, left] = [lessons.filter(runsOnThreads), lessons.filter((lesson) => !runsOnThreads(lesson))]
    process.stderr.write(`Left out: ${left.map(({ name }) => name).join(', ')}. ${missing.message}\n`)
    return running
  }
}

function sayWhereUseless(option: RunOption, chosen: readonly Lesson[]): void {
  const useless = chosen.filter(({ uses }) => !uses.includes(option)).map(({ name }) => name)
  if (useless.length > 0)
    process.stderr.write(`--${option} means nothing to ${useless.join(', ')}: ${WHY_NOT[option]}.\n`)
}

function hasSchedules(lesson: Lesson): boolean {
  return runsOnThreads(lesson) && lesson.scenario !== undefined
}

function chosenVariants(lesson: Lesson, name: string | undefined): readonly Variant[] {
  return name === undefined ? lesson.variants : [findVariant(lesson, name)]
}

function section(bug: Lesson, result: BugResult, { quiet }: RunFlags): string {
  const table = resultsTable(bug, result, paint(), process.stdout.columns ?? Infinity)
  const note = bug.columns.note?.(result.variants)
  const title = paint().bold(`${bug.title}: ${result.threads} ${result.threads === 1 ? 'thread' : 'threads'}`)
  if (quiet) return table
  const parts = [
    title,
    table,
    ...(note ? [wrapped(note, process.stdout.columns)] : []),
    witnessOf(bug, result),
    `Next: ${COMMAND} explain ${bug.name}${hasSchedules(bug) ? `\nEvery schedule: ${COMMAND} explore ${bug.name}` : ''}`,
  ]
  return `\n${parts.join('\n\n')}`
}

function paint(): Colours {
  return colours(process.stdout.isTTY && !process.env['NO_COLOR'])
}

function witnessOf({ agent = 'Thread' }: Lesson, { witness }: BugResult): string {
  if (witness === null) return 'No failure was recorded in this run: there is no witness to show.'
  return [
    `One failure of ${witness.variant}, as two ${agent.toLowerCase()}s recorded it in this run:`,
    '',
    timeTable(witness.steps, agent, { colours: paint(), columns: process.stdout.columns }),
    '',
    witness.told,
  ].join('\n')
}
