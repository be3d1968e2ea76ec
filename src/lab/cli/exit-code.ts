/** What the command's exit code says. */
import type { ExploredDocument } from '../../explore/report/explored-document.ts'
import type { BugResult } from '../run-bug.ts'

export const ExitCode = {
  /** Every sound variant held, and every broken one broke. */
  OK: 0,
  /** A variant that is declared sound failed. */
  FAILED: 1,
  /** The command was not understood, or cannot be carried out. */
  MISUSE: 2,
  /** A broken variant did not break, time ran out, or a worker failed. */
  INCONCLUSIVE: 3,
  /** The results could not be written: a full disk. */
  UNWRITTEN: 4,
  /** Ended by SIGHUP, as when a terminal is closed. */
  HUNG_UP: 129,
  /** Ended by SIGINT: Ctrl-C. */
  INTERRUPTED: 130,
  /** Whoever read the output went away before there was a result, as SIGPIPE ends other commands. */
  CLOSED_PIPE: 141,
  /** Ended by SIGTERM. */
  TERMINATED: 143,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** The exit codes that all commands have in common. */
export const ENDED_EARLY_HELP = `  4    the results could not be written: the disk is full
  129  ended by SIGHUP: the terminal was closed
  130  ended by SIGINT: Ctrl-C
  141  the reader of the output went away before the end: a closed pipe
  143  ended by SIGTERM`

export const EXIT_CODES_HELP = `
Exit codes:
  0    every sound variant held, and every broken one broke
  1    a variant that is declared sound failed
  2    the command was not understood, or cannot be carried out
  3    inconclusive: a broken variant did not break, time ran out, or a worker failed
${ENDED_EARLY_HELP}`

export function exitCodeOf(results: readonly BugResult[]): ExitCode {
  const verdicts = new Set(results.flatMap(({ variants }) => variants.map(({ verdict }) => verdict)))
  if (verdicts.has('failed')) return ExitCode.FAILED
  return verdicts.has('inconclusive') ? ExitCode.INCONCLUSIVE : ExitCode.OK
}

/** The worst of all: an error hides a failure, which hides what is inconclusive. A variant that does as it is declared is none of them. */
export function exploredExitCode(documents: readonly ExploredDocument[]): ExitCode {
  const verdicts = new Set(documents.filter(({ asDeclared }) => asDeclared !== true).map(verdictOn))
  if (verdicts.has('error')) return ExitCode.MISUSE
  if (verdicts.has('fail')) return ExitCode.FAILED
  return verdicts.has('inconclusive') ? ExitCode.INCONCLUSIVE : ExitCode.OK
}

/** A broken variant that holds in every schedule is as wrong as a sound one that fails. */
function verdictOn({ verdict, declared }: ExploredDocument): ExploredDocument['verdict'] {
  return verdict === 'pass' && declared === 'broken' ? 'fail' : verdict
}
