/** Reads the arguments, runs what they ask for, and turns what is thrown into one line and an exit code. */
import { type Command, CommanderError } from 'commander'
import { RacelabError } from '../../errors.ts'
import { WorkerFailedError } from '../../stress/team.ts'
import { ExitCode } from './exit-code.ts'
import { GaveUpError } from './explorer/endings.ts'
import { UnwrittenError, endWhenUnwritable } from './print.ts'
import { InterruptedError } from './stop-cause.ts'
import { TimedOutError } from './stop.ts'

export async function runProgram(program: Command): Promise<void> {
  endWhenUnwritable()
  try {
    await program.parseAsync()
  } catch (thrown) {
    process.exitCode = exitCodeFor(thrown)
  }
}

function exitCodeFor(thrown: unknown): ExitCode {
  // Commander has said it already; help and version are no errors.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? ExitCode.OK : ExitCode.MISUSE
  if (!(thrown instanceof RacelabError)) throw thrown
  if (thrown instanceof InterruptedError && thrown.told) return thrown.exitCode
  process.stderr.write(`error: ${thrown.message}\n`)
  if (thrown instanceof InterruptedError) return thrown.exitCode
  if (thrown instanceof UnwrittenError) return thrown.full ? ExitCode.UNWRITTEN : ExitCode.MISUSE
  const noResult = [TimedOutError, WorkerFailedError, GaveUpError].some((kind) => thrown instanceof kind)
  return noResult ? ExitCode.INCONCLUSIVE : ExitCode.MISUSE
}
