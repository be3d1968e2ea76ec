/** `lab stress <bug | files…>`: runs a scenario on real threads, many times, and counts the outcomes. */
import type { Command } from 'commander'
import { SHARED_EXIT_CODES_HELP } from '../../terminal/exit-code.ts'
import { seconds, wholeNumber } from '../../terminal/options.ts'
import type { StressFlags } from './flags.ts'

const EXIT_CODES = `
Exit codes:
  0    samples were made, and none failed; for a bug: every variant did as it is
       declared
  1    a sample failed, or showed what a complete exploration holds impossible;
       for a bug: a variant that is declared sound failed
  2    the arguments are wrong, or a scenario cannot be run
  3    inconclusive: no sample was made; for a bug: a variant that is declared
       broken did not fail
${SHARED_EXIT_CODES_HELP}`

/** Adds the subcommand to the program. */
export function addStress(program: Command): void {
  program
    .command('stress')
    .description('Run a scenario on real threads many times, one actor a thread, and count the outcomes.')
    .argument(
      '<bug|files...>',
      'the name of a bug, or .ts, .js or .mjs files whose default export is a scenario; several are run in turn',
    )
    .option('--variant <name>', 'run only this variant of the bug; for a file, the export of this name')
    .option('--samples <n>', 'end after n samples', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option(
      '--time <seconds>',
      'end after this time, for each scenario or variant (default: 2, or none with --samples)',
      seconds,
    )
    .option('--stuck-after <seconds>', 'an actor that does not end within this time is stuck (default: 2)', seconds)
    .option('--compare', 'explore the scenario too, and show which outcomes are possible, seen, or neither')
    .option('--timeout <seconds>', 'the time for each exploration (default: 10)', seconds)
    .option(
      '--memory <MiB>',
      'give up when the process takes this much memory (default: half of the machine’s, at most 3072)',
      wholeNumber(128, 2 ** 24),
    )
    .option('--json', 'print only a JSON array, with one document per scenario or variant')
    .option('--html <file>', 'also write a report to a file, as one self-contained HTML page')
    .addHelpText('after', EXIT_CODES)
    .action(async (targets: string[], flags: StressFlags) => {
      // Loaded only here, as in explore.ts.
      const { runStress } = await import('./run-stress.ts')
      return runStress(targets, flags)
    })
}
