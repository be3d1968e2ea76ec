/** `lab replay <token> [file]`: the schedule of a token once more. */
import { type Command, Option } from 'commander'
import { ENDED_EARLY_HELP } from './exit-code.ts'
import { seconds, wholeNumber } from './options.ts'

export interface ReplayFlags {
  readonly on: 'explorer' | 'threads'
  readonly variant?: string
  readonly timeout?: number
  readonly memory?: number
  readonly json?: true
  readonly verbose?: true
}

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('Run the schedule of a token again, step by step.')
    .argument('<token>', 'as explore printed it: rl1.…')
    .argument('[file]', 'the scenario’s file; not needed for a bug of the lab, which the token names')
    .addOption(new Option('--on <what>', 'what runs it').choices(['explorer', 'threads']).default('explorer'))
    .option('--variant <name>', 'the export of this name, instead of the default export')
    .option('--timeout <seconds>', 'give up after so long (default: 60)', seconds)
    .option(
      '--memory <MiB>',
      'give up at so much memory (default: half of the machine’s, at most 3072)',
      wholeNumber(128, 2 ** 24),
    )
    .option('--json', 'print the recording as JSON, and nothing else')
    .option('--verbose', 'show every access, also those within one call')
    .addHelpText(
      'after',
      `
Exit codes:
  0    the schedule ends well
  1    it fails
  2    the command was not understood, or the token does not fit the scenario
  3    inconclusive: it did not come to its end in time
${ENDED_EARLY_HELP}`,
    )
    .action(async (token: string, file: string | undefined, flags: ReplayFlags) => {
      // As `explore`: loaded when it is asked for.
      const { runReplay } = await import('./run-replay.ts')
      return runReplay(token, file, flags)
    })
}
