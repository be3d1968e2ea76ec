/** What the command's exit code says. */
import type { BugResult } from '../stress/run-bug.ts'

export const ExitCode = {
  /** Every sound variant held, and every broken one broke. */
  OK: 0,
  /** A variant that is declared sound failed. */
  FAILED: 1,
  /** The command was not understood, or cannot be carried out. */
  MISUSE: 2,
  /** A broken variant did not break, time ran out, or a worker failed. */
  INCONCLUSIVE: 3,
  /** Interrupted: Ctrl-C. */
  INTERRUPTED: 130,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

export const EXIT_CODES_HELP = `
Exit codes:
  0    every sound variant held, and every broken one broke
  1    a variant that is declared sound failed
  2    the command was not understood, or cannot be carried out
  3    inconclusive: a broken variant did not break, time ran out, or a worker failed
  130  interrupted`

export function exitCodeOf(results: readonly BugResult[]): ExitCode {
  const verdicts = new Set(results.flatMap(({ variants }) => variants.map(({ verdict }) => verdict)))
  if (verdicts.has('failed')) return ExitCode.FAILED
  return verdicts.has('inconclusive') ? ExitCode.INCONCLUSIVE : ExitCode.OK
}
