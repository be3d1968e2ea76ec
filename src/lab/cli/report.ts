/** `lab report`: runs the whole lab, and writes one report. */
import type { Command } from 'commander'
import { SHARED_EXIT_CODES_HELP } from '../../terminal/exit-code.ts'
import { seconds, wholeNumber } from '../../terminal/options.ts'
import { MAX_WORKERS } from '../../stress/team.ts'
import type { ReportFlags } from './flags.ts'

const EXIT_CODES = `
Exit codes:
  0    every bug did as it is declared, on threads and in every schedule
  1    a variant that is declared sound fails
  2    the arguments are wrong, or the report cannot be written
  3    inconclusive: a broken variant did not fail, or the time ran out
${SHARED_EXIT_CODES_HELP}`

/** Adds the subcommand to the program. */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('Run every bug on real threads and in every schedule, and write one HTML page with all of it.')
    .option('--html <file>', 'the file to write', 'racelab-report.html')
    .option('--workers <n>', `how many worker threads, 1 to ${MAX_WORKERS}`, wholeNumber(1, MAX_WORKERS), 8)
    .option('--timeout <seconds>', 'give up after this time', seconds, 600)
    .option('--quick', 'a tenth of the operations of each bug')
    .addHelpText('after', EXIT_CODES)
    .action(async (_: unknown, command: Command) => {
      // Loaded only here, as in explore.ts. The program itself has options of the same names.
      const { runReport } = await import('./run-report.ts')
      return runReport(command.opts<ReportFlags>())
    })
}
