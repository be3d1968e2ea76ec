/** The exit codes of runs and of explorations. */
import type { ExploredDocument } from '../report/explored-document.ts'
import type { StressDocument } from '../../sampling/stress-document.ts'
import { SHARED_EXIT_CODES_HELP, ExitCode } from '../../terminal/exit-code.ts'
import type { LessonResult } from '../run-thread-lesson.ts'

/** The help on the exit codes of a run. */
export const EXIT_CODES_HELP = `
Exit codes:
  0    every sound variant holds, and every broken one fails
  1    a variant that is declared sound fails
  2    the arguments are wrong, or the command cannot do what they ask for
  3    inconclusive: a broken variant did not fail, the time ran out, or a
       worker failed
${SHARED_EXIT_CODES_HELP}`

/** Returns the exit code of a run. A variant that failed outweighs an inconclusive one. */
export function exitCodeOf(results: readonly LessonResult[]): ExitCode {
  const verdicts = new Set(results.flatMap(({ variants }) => variants.map(({ verdict }) => verdict)))
  if (verdicts.has('failed')) return ExitCode.FAILED
  return verdicts.has('inconclusive') ? ExitCode.INCONCLUSIVE : ExitCode.OK
}

/**
 * Returns the exit code of an exploration: an error outweighs a failure, and a failure an inconclusive result. A variant
 * that did as declared is OK.
 */
export function exploredExitCode(documents: readonly ExploredDocument[]): ExitCode {
  const verdicts = new Set(documents.filter(({ asDeclared }) => asDeclared !== true).map(verdictOn))
  if (verdicts.has('error')) return ExitCode.MISUSE
  if (verdicts.has('fail')) return ExitCode.FAILED
  return verdicts.has('inconclusive') ? ExitCode.INCONCLUSIVE : ExitCode.OK
}

/** Returns the verdict for the exit code: a variant that is declared broken and holds in every schedule counts as a failure. */
function verdictOn({ verdict, declared }: ExploredDocument): ExploredDocument['verdict'] {
  return verdict === 'pass' && declared === 'broken' ? 'fail' : verdict
}

/**
 * Returns the exit code of samples. A variant that is declared broken and did not fail is inconclusive: threads may have missed
 * the failure.
 */
export function stressExitCode(documents: readonly StressDocument[]): ExitCode {
  const codes = new Set(documents.map(stressedCode))
  if (codes.has(ExitCode.FAILED)) return ExitCode.FAILED
  return codes.has(ExitCode.INCONCLUSIVE) ? ExitCode.INCONCLUSIVE : ExitCode.OK
}

function stressedCode({ verdict, declared, impossible }: StressDocument): ExitCode {
  if (impossible.length > 0) return ExitCode.FAILED
  if (verdict === 'inconclusive') return ExitCode.INCONCLUSIVE
  if (declared === 'broken') return verdict === 'fail' ? ExitCode.OK : ExitCode.INCONCLUSIVE
  return verdict === 'fail' ? ExitCode.FAILED : ExitCode.OK
}
