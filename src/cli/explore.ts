/** `lab explore <bug | file>`: every interleaving that can matter, or as many as the options allow. */
import { writeFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { RacelabError } from '../errors.ts'
import { explore } from '../explore/explore.ts'
import type { ExploreOptions } from '../explore/options.ts'
import { replay } from '../explore/replay.ts'
import type { Exploration, Verdict } from '../explore/result.ts'
import { STRATEGIES, type StrategyName } from '../explore/strategies/strategy.ts'
import { colours } from '../report/colours.ts'
import { type ShownFailure, explorationReport } from '../report/exploration-report.ts'
import { junit } from '../report/junit.ts'
import { verdictTable } from '../report/verdict-table.ts'
import { COMMAND } from './command.ts'
import { seconds, wholeNumber } from './options.ts'
import { print } from './print.ts'
import { type Subject, withSubjects } from './subjects.ts'

interface ExploreFlags {
  readonly variant?: string
  readonly strategy?: StrategyName
  readonly preemptions?: number
  readonly maxSchedules?: number
  readonly maxSteps?: number
  readonly timeout?: number
  readonly seed?: number
  readonly allFailures?: true
  readonly races: boolean
  readonly json?: true
  readonly junit?: string
  readonly verbose?: true
}

class MisuseError extends RacelabError {
  readonly code = 'ERR_RACELAB_MISUSE'
}

const MOST = Number.MAX_SAFE_INTEGER
/** Schedules by PCT after a reduction that did not come to its end. */
const SECOND_LOOK = 500

export const EXPLORE_EXIT_CODES = `
Exit codes:
  0    complete, and nothing failed
  1    a schedule failed
  2    the command was not understood, or the scenario cannot be explored
  3    inconclusive: nothing failed, but not every schedule was explored`

export function addExplore(program: Command): void {
  program
    .command('explore')
    .description('Run a scenario in every interleaving that can matter, on one thread.')
    .argument('<bug|file>', 'a bug of the lab, or a .ts, .js or .mjs file whose default export is a scenario')
    .option('--variant <name>', 'only this variant of a bug; for a file, the export of this name')
    .addOption(
      new Option(
        '--strategy <name>',
        'how to choose schedules (default: dpor, and pct if that does not end in time)',
      ).choices(STRATEGIES),
    )
    .option('--preemptions <n>', 'at most so many preemptions in a schedule, by brute force', wholeNumber(0, MOST))
    .option('--max-schedules <n>', 'give up after so many (default: none, or 10000 by lot)', wholeNumber(1, MOST))
    .option('--max-steps <n>', 'cut a schedule off after so many steps (default: 10000)', wholeNumber(1, MOST))
    .option('--timeout <seconds>', 'give up after so long (default: 60)', seconds)
    .option('--seed <n>', 'for what is drawn by lot (default: 1)', wholeNumber(0, 2 ** 32 - 1))
    .option('--all-failures', 'go on after the first failure; list one of each kind and outcome')
    .option('--no-races', 'do not take a data race for a failure')
    .option('--json', 'print a JSON array, a document a scenario or variant, and nothing else')
    .option('--junit <file>', 'write the result as JUnit XML too')
    .option('--verbose', 'show every access, also those within one call')
    .addHelpText('after', EXPLORE_EXIT_CODES)
    .action((target: string, flags: ExploreFlags) => run(target, flags))
}

async function run(target: string, flags: ExploreFlags): Promise<void> {
  if (flags.preemptions !== undefined && flags.strategy !== undefined && flags.strategy !== 'dfs') {
    throw new MisuseError(
      `--preemptions goes with --strategy dfs, not ${flags.strategy}: under a bound, reduction would miss schedules.`,
    )
  }
  await withSubjects(target, flags.variant, (subjects) => {
    const explored = subjects.map((subject) => ({
      subject,
      exploration: exploreSubject(subject, flags),
    }))
    const explorations = explored.map(({ exploration }) => exploration)
    if (flags.junit !== undefined) write(flags.junit, junit(explorations))
    process.exitCode = exitCodeOf(explorations)
    if (flags.json) return print(JSON.stringify(explorations, null, 2))
    const paint = colours(process.stdout.isTTY && !process.env['NO_COLOR'])
    for (const { subject, exploration } of explored) {
      const failures = exploration.failures.map((failure): ShownFailure => shown(subject, failure, target))
      print(`${explorationReport(exploration, failures, { verbose: flags.verbose === true, colours: paint })}\n`)
    }
    const declared = explored.map(({ subject: { sound }, exploration }) => ({ sound, exploration }))
    if (explored.length > 1) print(verdictTable(declared, paint))
  })
}

/**
 * A reduction that cannot come to its end in time has looked at one corner of the space only. Then, unless a strategy was
 * asked for, PCT has a go: it finds most bugs within a few schedules, and passes nothing.
 */
function exploreSubject(subject: Subject, flags: ExploreFlags): Exploration {
  const options = optionsFor(subject, flags)
  const exploration = explore(subject.scenario, options)
  const chosen = flags.strategy !== undefined || flags.preemptions !== undefined || flags.maxSchedules !== undefined
  if (exploration.verdict !== 'inconclusive' || chosen) return exploration
  const drawn = explore(subject.scenario, { ...options, strategy: 'pct', maxSchedules: SECOND_LOOK })
  return drawn.verdict === 'fail' ? drawn : exploration
}

function optionsFor(subject: Subject, flags: ExploreFlags): ExploreOptions {
  const { strategy, preemptions, maxSchedules, maxSteps, timeout, seed, allFailures, races } = flags
  const given = { strategy, preemptions, maxSchedules, maxSteps, timeout, seed, allFailures }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as ExploreOptions
  return {
    ...set,
    dataRaces: races,
    subject: subject.id,
    ...(subject.variant === null ? {} : { variant: subject.variant }),
  }
}

function shown({ scenario, variant, id }: Subject, failure: ShownFailure['failure'], target: string): ShownFailure {
  const replayed = replay(scenario, failure.token)
  // Made a moment ago, by the same process, of the same functions.
  if (replayed.kind === 'diverged')
    throw new MisuseError(`The scenario changes as it runs: ${replayed.divergence.message}`)
  const where = id === '' ? ` ${target}${variant === null ? '' : ` --variant ${variant}`}` : ''
  return { failure, recording: replayed.recording, command: `${COMMAND} replay ${failure.token}${where}` }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new MisuseError(`${file} cannot be written: ${(error as Error).message}`, { cause: error })
  }
}

/** The worst of all: an error hides a failure, which hides what is inconclusive. */
function exitCodeOf(explorations: readonly Exploration[]): number {
  const codes: { readonly [Each in Verdict]: number } = { error: 2, fail: 1, inconclusive: 3, pass: 0 }
  const order: readonly Verdict[] = ['error', 'fail', 'inconclusive']
  const worst = order.find((verdict) => explorations.some((each) => each.verdict === verdict))
  return worst === undefined ? 0 : codes[worst]
}
