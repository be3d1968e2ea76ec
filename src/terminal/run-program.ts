/** Runs the program, and turns an error into one line on stderr and an exit code. */
import { CommanderError } from 'commander'
import type { Command } from 'commander'
import { RacelabError } from '../errors.ts'
import { ExitCode } from './exit-code.ts'
import { UnwrittenError, endWhenUnwritable } from './print.ts'
import { InterruptedError } from './stop-cause.ts'
import { TimedOutError } from './stop.ts'

type ErrorClass = abstract new (...args: never[]) => RacelabError

/**
 * Parses the arguments and runs the command. Sets the exit code. `noResult` are the errors after which there is no result, though
 * the arguments were right.
 */
export async function runProgram(program: Command, noResult: readonly ErrorClass[]): Promise<void> {
  endWhenUnwritable()
  try {
    await program.parseAsync()
  } catch (thrown) {
    process.exitCode = exitCodeFor(thrown, noResult)
  }
}

function exitCodeFor(thrown: unknown, noResult: readonly ErrorClass[]): ExitCode {
  // Commander has printed its errors already. Help is also thrown, with exit code 0.
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? ExitCode.OK : ExitCode.MISUSE
  if (!(thrown instanceof RacelabError)) throw thrown
  if (thrown instanceof InterruptedError && thrown.isReported) return thrown.exitCode
  process.stderr.write(`error: ${thrown.message}\n`)
  if (thrown instanceof InterruptedError) return thrown.exitCode
  if (thrown instanceof UnwrittenError) return thrown.full ? ExitCode.UNWRITTEN : ExitCode.MISUSE
  const kinds = [TimedOutError, ...noResult]
  return kinds.some((kind) => thrown instanceof kind) ? ExitCode.INCONCLUSIVE : ExitCode.MISUSE
}
