#!/usr/bin/env node
/** The command: reads its arguments, runs one subcommand, and turns what is thrown into one line and an exit code. */
import { Command, CommanderError } from 'commander'
import { RacelabError } from '../errors.ts'
import { WorkerFailedError } from '../stress/team.ts'
import { ExitCode } from './exit-code.ts'
import { addExplain } from './explain.ts'
import { addExplore } from './explore.ts'
import { addList } from './list.ts'
import { endQuietlyWhenClosed } from './print.ts'
import { addReplay } from './replay.ts'
import { addRun } from './run.ts'
import { InterruptedError, TimedOutError } from './stop.ts'

const program = new Command('lab')
  .description('Makes the races of a shared-memory session manager happen on real threads, and shows which fixes hold.')
  .showHelpAfterError('(lab --help says what there is)')
  // What stands after a subcommand is its own: it has options of the same names.
  .enablePositionalOptions()
  .exitOverride()

addRun(program)
addList(program)
addExplain(program)
addExplore(program)
addReplay(program)

endQuietlyWhenClosed()
try {
  await program.parseAsync()
} catch (thrown) {
  process.exitCode = exitCodeFor(thrown)
}

function exitCodeFor(thrown: unknown): ExitCode {
  // Commander has said it already; help and version are no errors.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? ExitCode.OK : ExitCode.MISUSE
  if (!(thrown instanceof RacelabError)) throw thrown
  process.stderr.write(`error: ${thrown.message}\n`)
  if (thrown instanceof InterruptedError) return ExitCode.INTERRUPTED
  const noResult = thrown instanceof TimedOutError || thrown instanceof WorkerFailedError
  return noResult ? ExitCode.INCONCLUSIVE : ExitCode.MISUSE
}
