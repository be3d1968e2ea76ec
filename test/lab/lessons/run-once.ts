/** Runs a lesson for a test as the lab does: on a team of its own, with the load's own gap by default. */
import type { ThreadLesson } from '../../../src/lab/lessons/lesson.ts'
import { runThreadLesson } from '../../../src/lab/run-thread-lesson.ts'
import type { LessonResult, ThreadLessonOptions, VariantResult } from '../../../src/lab/run-thread-lesson.ts'
import { Team } from '../../../src/stress/team.ts'
import { parseGap } from '../../../src/stress/gap.ts'
import { workerFile } from '../../../src/stress/worker-file.ts'

export interface Options extends Pick<ThreadLessonOptions, 'iterations' | 'database' | 'check'> {
  readonly gap?: string
}

/** Runs the lesson on `workers` threads and returns the result. */
export async function runOnce(
  lesson: ThreadLesson,
  workers: number,
  { gap, ...options }: Options = {},
): Promise<LessonResult> {
  const team = await Team.start(workers, await workerFile('stress'))
  try {
    return await runThreadLesson(team, lesson, {
      ...options,
      workers,
      gap: gap === undefined ? undefined : parseGap(gap),
      seed: 1,
    })
  } finally {
    await team.close()
  }
}

/** Returns the result of a variant. */
export function variantOf(result: LessonResult, name: string): VariantResult {
  const found = result.variants.find(({ variant }) => variant === name)
  if (!found) throw new Error(`The run has no variant ${name}`)
  return found
}

/** Returns the verdicts by variant. */
export function verdictsOf({ variants }: LessonResult): Record<string, string> {
  return Object.fromEntries(variants.map(({ variant, verdict }) => [variant, verdict]))
}
