/** `lab explore <bug | files…>`: explores every interleaving that can matter, or as many as the options allow. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { STRATEGIES } from '../../explore/strategies/strategy.ts'
import { CRITERIA } from '../../scenario.ts'
import { MOST_WORKERS } from './flags.ts'
import type { ExploreFlags } from './flags.ts'
import { SHARED_EXIT_CODES_HELP } from '../../terminal/exit-code.ts'
import { seconds, wholeNumber } from '../../terminal/options.ts'

const MOST = Number.MAX_SAFE_INTEGER

const EXIT_CODES = `
Exit codes:
  0    complete, and no schedule failed; for a bug: every variant did as it is
       declared
  1    a schedule failed; for a bug: a variant did not do as it is declared
  2    the arguments are wrong, or the scenario cannot be explored
  3    inconclusive: no schedule failed, but not every schedule was explored
${SHARED_EXIT_CODES_HELP}`

/** Adds the subcommand to the program. */
export function addExplore(program: Command): void {
  program
    .command('explore')
    .description('Run a scenario in every interleaving that can matter.')
    .argument(
      '<bug|files...>',
      'the name of a bug, or .ts, .js or .mjs files, folders or globs: each scenario that they export is explored',
    )
    .option(
      '--variant <name>',
      'explore only this variant of the bug; for a file, the export of this name (for example default)',
    )
    .addOption(
      new Option(
        '--strategy <name>',
        'how to choose schedules (default: dpor, then pct if dpor does not end in time)',
      ).choices(STRATEGIES),
    )
    .option(
      '--preemptions <n>',
      'explore by brute force all schedules with at most n preemptions',
      wholeNumber(0, MOST),
    )
    .option(
      '--max-schedules <n>',
      'give up after n schedules (default: no limit; 10000 for random strategies)',
      wholeNumber(1, MOST),
    )
    .option('--max-steps <n>', 'cut a schedule off after n steps (default: 10000)', wholeNumber(1, MOST))
    .option(
      '--spin-rounds <n>',
      'follow a spin loop for n more rounds if it changes something from round to round (default: 3)',
      wholeNumber(0, 100_000),
    )
    .option('--timeout <seconds>', 'give up after this time, for each scenario or variant (default: 60)', seconds)
    .option(
      '--workers <n>',
      'search a scenario with actors on n threads; the result is the same (default: the number of cores)',
      wholeNumber(1, MOST_WORKERS),
    )
    .option(
      '--memory <MiB>',
      'give up when the process takes this much memory (default: half of the machine’s, at most 3072)',
      wholeNumber(128, 2 ** 24),
    )
    .option(
      '--seed <n>',
      'seed of the random strategies, and of what actors draw at random (default: 1)',
      wholeNumber(0, 2 ** 32 - 1),
    )
    .option(
      '--seeds <n>',
      'explore with n seeds in turn, until one does not hold (default: 1)',
      wholeNumber(1, 1_000_000),
    )
    .addOption(
      new Option(
        '--criterion <name>',
        'for a scenario with operations: what their histories must be (default: linearizable)',
      ).choices(CRITERIA),
    )
    .option('--all-failures', 'go on after the first failure, and list one failure of each kind and outcome')
    .option('--no-races', 'do not count a data race as a failure')
    .option('--inside', 'explore the calls of racelab’s locks, and of classes with a contract, access by access')
    .option('--prove', 'prove the contracts of the scenario again, also those that are known to hold')
    .option('--watch', 'explore again each time that a source file in the folders of the files changes, until Ctrl-C')
    .option('--json', 'print only a JSON array, with one document per scenario or variant')
    .option('--junit <file>', 'also write the results to a file, as JUnit XML')
    .option('--html <file>', 'also write a report to a file, as one self-contained HTML page')
    .option('--verbose', 'show every access, including those within one call')
    .addHelpText('after', EXIT_CODES)
    .action(async (targets: string[], flags: ExploreFlags) => {
      // The explorer is loaded only here, so that the other commands start faster.
      const { runExplore } = await import('./run-explore.ts')
      if (flags.watch !== true) return runExplore(targets, flags)
      const { workOnChange } = await import('./watching.ts')
      return workOnChange(targets, () => runExplore(targets, flags))
    })
}
