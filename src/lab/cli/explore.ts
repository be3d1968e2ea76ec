/** `lab explore <bug | file>`: every interleaving that can matter, or as many as the options allow. */
import { type Command, Option } from 'commander'
import { STRATEGIES, type StrategyName } from '../../explore/strategies/strategy.ts'
import { ENDED_EARLY_HELP } from './exit-code.ts'
import { seconds, wholeNumber } from './options.ts'

export interface ExploreFlags {
  readonly variant?: string
  readonly strategy?: StrategyName
  readonly preemptions?: number
  readonly maxSchedules?: number
  readonly maxSteps?: number
  readonly spinRounds?: number
  readonly timeout?: number
  readonly memory?: number
  readonly seed?: number
  readonly allFailures?: true
  readonly races: boolean
  readonly json?: true
  readonly junit?: string
  readonly verbose?: true
}

const MOST = Number.MAX_SAFE_INTEGER

const EXIT_CODES = `
Exit codes:
  0    complete, and nothing failed; of a bug: every variant did as it is declared
  1    a schedule failed; of a bug: a variant did not do as it is declared
  2    the command was not understood, or the scenario cannot be explored
  3    inconclusive: nothing failed, but not every schedule was explored
${ENDED_EARLY_HELP}`

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
    .option(
      '--spin-rounds <n>',
      'follow a spin loop that carries something for so many more rounds (default: 3)',
      wholeNumber(0, 100_000),
    )
    .option('--timeout <seconds>', 'give up after so long, for each scenario or variant (default: 60)', seconds)
    .option(
      '--memory <MiB>',
      'give up at so much memory (default: half of the machine’s, at most 3072)',
      wholeNumber(128, 2 ** 24),
    )
    .option('--seed <n>', 'for what is drawn by lot (default: 1)', wholeNumber(0, 2 ** 32 - 1))
    .option('--all-failures', 'go on after the first failure; list one of each kind and outcome')
    .option('--no-races', 'do not take a data race for a failure')
    .option('--json', 'print a JSON array, a document a scenario or variant, and nothing else')
    .option('--junit <file>', 'write the result as JUnit XML too')
    .option('--verbose', 'show every access, also those within one call')
    .addHelpText('after', EXIT_CODES)
    .action(async (target: string, flags: ExploreFlags) => {
      // The explorer is loaded when it is asked for: the other commands begin sooner without it.
      const { runExplore } = await import('./run-explore.ts')
      return runExplore(target, flags)
    })
}
