/** `lab check <files…> --model <name | file>`: checks recorded histories. */
import type { Command } from 'commander'
import type { CheckFlags } from './flags.ts'
import { SHARED_EXIT_CODES_HELP } from '../../terminal/exit-code.ts'
import { seconds, wholeNumber } from '../../terminal/options.ts'

const EXIT_CODES = `
Exit codes:
  0    every history is linearizable
  1    a history is not linearizable
  2    the arguments are wrong, or a file has no history of this model
  3    unknown: a limit was reached
${SHARED_EXIT_CODES_HELP}`

/** Adds the subcommand to the program. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description('Check whether recorded histories of operations are linearizable.')
    .argument('<files...>', 'histories as JSON lines, one event a line; - is stdin')
    .requiredOption(
      '--model <name|file>',
      'what the object does if its operations come one after another: register, cas-register, counter, set, map, queue, stack, mutex, semaphore, or a file whose default export is a model',
    )
    .option('--timeout <seconds>', 'give up after this time, for each file', seconds, 60)
    .option(
      '--memory <MiB>',
      'give up when a check takes this much memory (default: half of the machine’s, at most 3072)',
      wholeNumber(128, 2 ** 24),
    )
    .option('--json', 'print only a JSON array, with one document per file')
    .option('--html <file>', 'also write a report to a file, as one self-contained HTML page')
    .addHelpText('after', EXIT_CODES)
    .action(async (files: string[], flags: CheckFlags) => {
      // The models and the checker are loaded only here, so that the other commands start faster.
      const { runCheck } = await import('./run-check.ts')
      return runCheck(files, flags)
    })
}
