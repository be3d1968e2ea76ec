/** `lab --bug <name|all> --workers <n>`: runs bugs on real threads and prints the results. */
import { existsSync } from 'node:fs'
import { Option } from 'commander'
import type { Command } from 'commander'
import type { Lesson, RunOption, Variant } from '../lessons/lesson.ts'
import { findLesson, findVariant, lessons } from '../lessons/index.ts'
import type { DatabaseKind } from '../databases/place.ts'
import { RacelabError } from '../../errors.ts'
import { didYouMean } from '../../nearest.ts'
import { runDocument } from '../report/document.ts'
import { machineLine, thisMachine } from '../../terminal/machine.ts'
import type { Machine } from '../../terminal/machine.ts'
import { resultsTable } from '../report/results-table.ts'
import { counted, wrapped } from '../../terminal/wrapped.ts'
import { summaryTable } from '../report/summary-table.ts'
import { timeTable } from '../report/time-table.ts'
import type { Gap } from '../../stress/gap.ts'
import type { LessonResult } from '../run-thread-lesson.ts'
import { runLessons, runsOnThreads } from '../run-lessons.ts'
import { MAX_WORKERS } from '../../stress/team.ts'
import { allThatCanRun } from './all-that-can-run.ts'
import { COMMAND } from './command.ts'
import { EXIT_CODES_HELP, exitCodeOf } from './exit-code.ts'
import { seconds, wholeNumber } from '../../terminal/options.ts'
import { gapText } from './gap-option.ts'
import { htmlFile } from '../html/file.ts'
import { databaseOf } from './run-database.ts'
import { print, stdoutColours } from '../../terminal/print.ts'
import { progressLine } from '../../terminal/progress.ts'
import { untilStopped } from '../../terminal/stop.ts'

interface RunFlags {
  readonly bug?: string
  readonly workers: number
  readonly variant?: string
  readonly iterations?: number
  readonly gap?: Gap
  readonly seed: number
  readonly timeout: number
  readonly database?: DatabaseKind
  readonly check?: true
  readonly json?: true
  readonly html?: string
  readonly quiet?: true
}

/** The command line names no bug and no subcommand. */
class NothingToDoError extends RacelabError {
  readonly code = 'ERR_RACELAB_NOTHING_TO_DO'

  constructor() {
    super(
      'Say which bug to run: --bug <name> or --bug all. ' +
        `"${COMMAND} list" lists the bugs, and "${COMMAND} --help" the commands and options.`,
    )
  }
}

/** The command line begins with a word that is no subcommand. */
class NoCommandError extends RacelabError {
  readonly code = 'ERR_RACELAB_NO_COMMAND'

  constructor(word: string, commands: readonly Command[]) {
    super(lessons.some(({ name }) => name === word) ? bugHint(word) : wordHint(word, commands))
  }
}

function bugHint(bug: string): string {
  const commands = ['--bug', 'explain', 'explore'].map((verb) => `${COMMAND} ${verb} ${bug}`)
  return `${bug} is a bug. Run it: ${commands[0]}. Read about it: ${commands[1]}. Every schedule of it: ${commands[2]}.`
}

function wordHint(word: string, commands: readonly Command[]): string {
  if (existsSync(word)) return `${word} is a file. Explore it: ${COMMAND} explore ${word}`
  const known = [...commands.map((each) => each.name()), ...lessons.map(({ name }) => name)]
  return `There is no command "${word}": ${didYouMean(word, known)}`
}

/** Adds the options and the action of a run to the program itself. */
export function addRun(program: Command): void {
  program
    .option('--bug <name|all>', `which bug to run: a name from "${COMMAND} list", or all`)
    .option('--workers <n>', `how many worker threads, 1 to ${MAX_WORKERS}`, wholeNumber(1, MAX_WORKERS), 8)
    .option('--variant <name>', 'run only this variant')
    .option('--iterations <n>', 'operations per worker', wholeNumber(1, 10_000_000))
    .addOption(
      new Option(
        '--gap <gap>',
        'what an operation does between its read and its write: none, spin:<µs> or sleep:<ms>; with /<n> every nth operation only (default: the bug’s own)',
      ).argParser(gapText),
    )
    .option(
      '--seed <n>',
      'seed that chooses the rows that the database of cleanup-leak refuses to drop',
      wholeNumber(0, 2 ** 31 - 1),
      1,
    )
    .option('--timeout <seconds>', 'give up after this time', seconds, 60)
    .addOption(
      new Option(
        '--database <kind>',
        'the database behind the cache, for bugs that have one (default: the bug’s own)',
      ).choices(['memory', 'sqlite']),
    )
    .option('--check', 'also record the history of each run, and check whether it is linearizable')
    .option('--json', 'print only a JSON array, with one document per bug')
    .option('--html <file>', 'also write a report to a file, as one self-contained HTML page')
    .option('--quiet', 'print only the table of results')
    .addHelpText('after', EXIT_CODES_HELP)
    // An argument that is no subcommand is answered below.
    .allowExcessArguments()
    .action((flags: RunFlags, command: Command) => {
      const [argument] = command.args
      if (argument !== undefined) throw new NoCommandError(argument, program.commands)
      const isGiven = (option: RunOption): boolean => command.getOptionValueSource(option) === 'cli'
      return run(flags, OPTIONAL.filter(isGiven))
    })
}

/** Why an option changes nothing for some lessons. */
const WHY_USELESS: { readonly [Each in RunOption]: string } = {
  gap: 'the requests wait for each other',
  seed: 'nothing is chosen at random',
  database: 'no database is used',
}
const OPTIONAL = Object.keys(WHY_USELESS) as RunOption[]

/** Runs the chosen lessons. `given` are the options on the command line that some lessons ignore. */
async function run(flags: RunFlags, given: readonly RunOption[]): Promise<void> {
  if (flags.bug === undefined) throw new NothingToDoError()
  const lessons = flags.bug === 'all' ? await allThatCanRun() : [findLesson(flags.bug)]
  const chosen = lessons.map((lesson) => ({ lesson, variants: chosenVariants(lesson, flags.variant) }))
  for (const option of given) reportUselessOption(option, lessons)
  if (flags.check) reportUnchecked(lessons)
  const database = databaseOf(flags.database, lessons)
  const printer = await printerOf(flags)
  try {
    await untilStopped(flags.timeout, (signal) => runLessons(chosen, { ...flags, ...printer, database, signal }))
  } finally {
    // Results that are complete are kept, also after Ctrl-C or when the time is up.
    printer.end()
  }
}

/** Returns callbacks that print each result as soon as it is there, and at the end the summary or the JSON. */
async function printerOf(flags: RunFlags) {
  const machine = thisMachine()
  const progress = await progressLine(!flags.quiet && !flags.json)
  const results: LessonResult[] = []
  const runs: { readonly lesson: Lesson; readonly result: LessonResult }[] = []
  const html = await htmlFile(flags.html)
  return {
    onProgress: progress.say,
    onResult(lesson: Lesson, result: LessonResult): void {
      results.push(result)
      runs.push({ lesson, result })
      process.exitCode = exitCodeOf(results)
      if (flags.json) return
      progress.end()
      if (results.length === 1 && !flags.quiet) print(machineLine(machine))
      print(section(lesson, result, flags))
    },
    end(): void {
      progress.end()
      if (flags.json && results.length > 0) print(documentsOf(machine, results))
      if (!flags.json && results.length > 1) print(`\n${summaryTable(results, stdoutColours())}`)
      if (runs.length > 0) html?.write('Bugs on real threads', ({ runsHtml }, heading) => runsHtml(heading, runs))
    },
  }
}

function documentsOf(machine: Machine, results: readonly LessonResult[]): string {
  const documents = results.map((result) => runDocument(machine, result))
  return JSON.stringify(documents, null, 2)
}

function reportUselessOption(option: RunOption, chosen: readonly Lesson[]): void {
  const useless = chosen.filter(({ uses }) => !uses.includes(option)).map(({ name }) => name)
  if (useless.length > 0)
    process.stderr.write(`--${option} changes nothing for ${useless.join(', ')}: ${WHY_USELESS[option]}.\n`)
}

function reportUnchecked(chosen: readonly Lesson[]): void {
  for (const lesson of chosen) {
    const why = runsOnThreads(lesson) ? lesson.history : 'the requests of a server have no clock in common'
    if (typeof why === 'string') process.stderr.write(`--check does not apply to ${lesson.name}: ${why}.\n`)
  }
}

function hasSchedules(lesson: Lesson): boolean {
  return runsOnThreads(lesson) && lesson.scenario !== undefined
}

function chosenVariants(lesson: Lesson, name: string | undefined): readonly Variant[] {
  return name === undefined ? lesson.variants : [findVariant(lesson, name)]
}

function section(lesson: Lesson, result: LessonResult, { quiet }: RunFlags): string {
  const table = resultsTable(lesson, result, stdoutColours(), process.stdout.columns ?? Infinity)
  const note = lesson.columns.note?.(result.variants)
  const title = stdoutColours().bold(
    `${lesson.title}: ${result.threads} ${result.threads === 1 ? 'thread' : 'threads'}`,
  )
  if (quiet) return table
  const parts = [
    title,
    table,
    ...checksOf(result),
    ...(note ? [wrapped(note, process.stdout.columns)] : []),
    witnessOf(lesson, result),
    `Next: ${COMMAND} explain ${lesson.name}${hasSchedules(lesson) ? `\nEvery schedule: ${COMMAND} explore ${lesson.name}` : ''}`,
  ]
  return `\n${parts.join('\n\n')}`
}

/** Returns what the checks of the histories say, a paragraph each. */
function checksOf({ variants }: LessonResult): string[] {
  return variants.flatMap(({ variant, check }) => {
    if (check === undefined) return []
    const left = check.left === 0 ? '' : `${counted(check.left, 'later operation')} had no space and were not checked.`
    const text = [check.message, left].filter((each) => each !== undefined && each !== '').join(' ')
    return text === '' ? [] : [wrapped(`${variant}: ${text}`, process.stdout.columns)]
  })
}

function witnessOf({ agent = 'Thread' }: Lesson, { witness }: LessonResult): string {
  if (witness === null) return 'No failure was recorded in this run, so there is no witness to show.'
  return [
    `One failure of ${witness.variant}, as two ${agent.toLowerCase()}s recorded it in this run:`,
    '',
    timeTable(witness.steps, agent, { colours: stdoutColours(), columns: process.stdout.columns }),
    '',
    wrapped(witness.told, process.stdout.columns),
  ].join('\n')
}
