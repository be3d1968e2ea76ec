/** Runs lessons: those with a load on one team of threads, the others on a real server. The results are data. */
import type { Team } from '../stress/team.ts'
import { unlessAborted, withTeam } from '../stress/with-team.ts'
import { workerFile } from '../stress/worker-file.ts'
import type { ThreadLesson, Lesson, Variant } from './lessons/lesson.ts'
import { runRequests } from './requests/run-requests.ts'
import { runThreadLesson } from './run-thread-lesson.ts'
import type { LessonResult, ThreadLessonOptions } from './run-thread-lesson.ts'

/** A lesson, and the variants of it to run. */
export interface Chosen {
  readonly lesson: Lesson
  readonly variants: readonly Variant[]
}

export interface RunLessonsOptions extends Omit<ThreadLessonOptions, 'variants'> {
  /** Aborting it ends the run, which rejects with the signal's reason once its threads have ended. */
  readonly signal: AbortSignal
  /** Called before each part of the run, with a text that names the part. */
  onProgress(doing: string): void
  /** Called with each lesson's result as soon as the lesson is done, also if the run is stopped later. */
  onResult(lesson: Lesson, result: LessonResult): void
}

/** Runs the lessons one after the other and returns their results. Throws as `Team.start` and `Team.run` do. */
export async function runLessons(chosen: readonly Chosen[], options: RunLessonsOptions): Promise<LessonResult[]> {
  const { workers, signal, onProgress } = options
  if (!chosen.some(({ lesson }) => runsOnThreads(lesson))) return unlessAborted(signal, runEach(chosen, options))
  onProgress(`starting ${workers} threads`)
  // Recording a witness takes two threads, even in a run on one thread.
  const file = await workerFile('stress')
  return withTeam({ size: Math.max(2, workers), signal, file }, (team) => runEach(chosen, options, team))
}

/** Returns whether the lesson's agents are threads. */
export function runsOnThreads(lesson: Lesson): lesson is ThreadLesson {
  return 'load' in lesson
}

async function runEach(chosen: readonly Chosen[], options: RunLessonsOptions, team?: Team): Promise<LessonResult[]> {
  const results: LessonResult[] = []
  for (const { lesson, variants } of chosen) {
    const lessonOptions = { ...options, variants }
    const onThreads = team !== undefined && runsOnThreads(lesson)
    const result = onThreads
      ? await runThreadLesson(team, lesson, lessonOptions)
      : await runRequests(lesson, lessonOptions)
    results.push(result)
    options.onResult(lesson, result)
  }
  return results
}
