/** `lab replay <token> [file]`: runs the schedule of a token again. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { SHARED_EXIT_CODES_HELP } from '../../terminal/exit-code.ts'
import type { ReplayFlags } from './flags.ts'
import { seconds, wholeNumber } from '../../terminal/options.ts'

/** Adds the subcommand to the program. */
export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('Run the schedule of a token again, step by step.')
    .argument('<token>', 'the token that explore printed: rl1.…')
    .argument('[file]', 'the scenario’s file; not needed for a bug of the lab: the token names it')
    .addOption(new Option('--on <what>', 'what runs the schedule').choices(['explorer', 'threads']).default('explorer'))
    .option('--variant <name>', 'replay the export of this name instead of the default export')
    .option('--timeout <seconds>', 'give up after this time (default: 60)', seconds)
    .option(
      '--memory <MiB>',
      'give up when the process takes this much memory (default: half of the machine’s, at most 3072)',
      wholeNumber(128, 2 ** 24),
    )
    .option('--json', 'print only the recording, as JSON')
    .option('--verbose', 'show every access, including those within one call')
    .addHelpText(
      'after',
      `
Exit codes:
  0    the schedule did not fail
  1    the schedule failed
  2    the arguments are wrong, or the token does not fit the scenario
  3    inconclusive: the schedule did not end in time
${SHARED_EXIT_CODES_HELP}`,
    )
    .action(async (token: string, file: string | undefined, flags: ReplayFlags) => {
      // Loaded only here, as in explore.ts.
      const { runReplay } = await import('./run-replay.ts')
      return runReplay(token, file, flags)
    })
}
