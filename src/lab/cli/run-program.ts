/** Runs the program, and turns an error into one line on stderr and an exit code. */
import { CommanderError } from 'commander'
import type { Command } from 'commander'
import { RacelabError } from '../../errors.ts'
import { WorkerFailedError } from '../../stress/team.ts'
import { ExitCode } from './exit-code.ts'
import { GaveUpError } from './explorer/endings.ts'
import { UnwrittenError, endWhenUnwritable } from './print.ts'
import { InterruptedError } from './stop-cause.ts'
import { TimedOutError } from './stop.ts'

/** Parses the arguments and runs the command. Sets the exit code. */
export async function runProgram(program: Command): Promise<void> {
  endWhenUnwritable()
  try {
    await program.parseAsync()
  } catch (thrown) {
    process.exitCode = exitCodeFor(thrown)
  }
}

function exitCodeFor(thrown: unknown): ExitCode {
  // Commander has printed its errors already. Help is also thrown, with exit code 0.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? ExitCode.OK : ExitCode.MISUSE
  if (!(thrown instanceof RacelabError)) throw thrown
  if (thrown instanceof InterruptedError && thrown.isReported) return thrown.exitCode
  process.stderr.write(`error: ${thrown.message}\n`)
  if (thrown instanceof InterruptedError) return thrown.exitCode
  if (thrown instanceof UnwrittenError) return thrown.full ? ExitCode.UNWRITTEN : ExitCode.MISUSE
  const noResult = [TimedOutError, WorkerFailedError, GaveUpError].some((kind) => thrown instanceof kind)
  return noResult ? ExitCode.INCONCLUSIVE : ExitCode.MISUSE
}
