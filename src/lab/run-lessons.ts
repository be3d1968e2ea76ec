/** Runs lessons: those with a load on one team of threads, the others behind a real server. The results are data. */
import type { DatabaseKind } from '../store/database/place.ts'
import type { Gap } from '../stress/gap.ts'
import type { Team } from '../stress/team.ts'
import { unlessAborted, withTeam } from '../stress/with-team.ts'
import type { Bug, Lesson, Variant } from './lessons/bug.ts'
import { runRequests } from './requests/run-requests.ts'
import { type BugResult, runBug } from './run-bug.ts'

/** A lesson, and which of its variants to run. */
export interface Chosen {
  readonly lesson: Lesson
  readonly variants: readonly Variant[]
}

export interface RunOptions {
  readonly workers: number
  readonly seed: number
  /** Operations per worker. Left out, this, the gap and the database are each lesson's own. */
  readonly iterations?: number | undefined
  readonly gap?: Gap | undefined
  readonly database?: DatabaseKind | undefined
  /** Ends the run: it rejects with the signal's reason once its threads have ended. */
  readonly signal: AbortSignal
  /** Called before each part of the run, with what it is. */
  onProgress(doing: string): void
  /** Called with each result as soon as it is there: also of a run that is ended before its end. */
  onResult(lesson: Lesson, result: BugResult): void
}

/** Runs the lessons one after the other and returns their results. Throws as `Team.start` and `Team.run` do. */
export async function runLessons(chosen: readonly Chosen[], options: RunOptions): Promise<BugResult[]> {
  const { workers, signal, onProgress } = options
  if (!chosen.some(({ lesson }) => runsOnThreads(lesson))) return unlessAborted(signal, runEach(chosen, options))
  onProgress(`starting ${workers} threads`)
  // Recording a witness takes two threads, also in a run on one.
  return withTeam({ size: Math.max(2, workers), signal }, (team) => runEach(chosen, options, team))
}

/** Whether a lesson has a load for threads. */
export function runsOnThreads(lesson: Lesson): lesson is Bug {
  return 'load' in lesson
}

async function runEach(chosen: readonly Chosen[], options: RunOptions, team?: Team): Promise<BugResult[]> {
  const results: BugResult[] = []
  for (const { lesson, variants } of chosen) {
    const given = { ...options, variants }
    const onThreads = team !== undefined && runsOnThreads(lesson)
    const result = onThreads ? await runBug(team, lesson, given) : await runRequests(lesson, given)
    results.push(result)
    options.onResult(lesson, result)
  }
  return results
}
