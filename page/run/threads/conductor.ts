/**
 * The entry of the worker that conducts a run: it starts the threads, runs the lesson on them with the code of the command, and looks at
 * the memory meanwhile. A page may not block, and so all that waits is here or below. Ending this worker ends its threads.
 */
import '../../node/globals.ts'
import { findThreadLesson, findVariant } from '../../../src/lab/lessons/index.ts'
import { runThreadLesson } from '../../../src/lab/run-thread-lesson.ts'
import type { LessonResult } from '../../../src/lab/run-thread-lesson.ts'
import type { Report, RunRequest } from './messages.ts'
import { watchRun } from './watch-run.ts'
import { WebTeam } from './web-team.ts'

const report = globalThis.postMessage.bind(globalThis) as (report: Report) => void

addEventListener('message', ({ data }: MessageEvent<RunRequest>) => void conduct(data))

async function conduct(request: RunRequest): Promise<void> {
  try {
    report({ kind: 'done', result: await run(request) })
  } catch (thrown) {
    report({ kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) })
  }
}

async function run({ bug, variants, workers, iterations, gap }: RunRequest): Promise<LessonResult> {
  const lesson = findThreadLesson(bug)
  report({ kind: 'doing', doing: `starting ${workers} threads` })
  // Recording a witness takes two threads, even in a run on one thread.
  const team = await WebTeam.start(Math.max(2, workers))
  let endLooks: (() => void) | undefined
  return runThreadLesson(team, lesson, {
    variants: variants.map((name) => findVariant(lesson, name)),
    workers,
    iterations,
    gap,
    seed: 1,
    // A browser has no SQLite.
    database: 'memory',
    onProgress: (doing) => report({ kind: 'doing', doing }),
    onStart(variant, setting, running) {
      report({ kind: 'started', variant: variant.name })
      const { live } = lesson.load
      if (live !== undefined) endLooks = watchRun(live, running, setting, (look) => report({ kind: 'look', look }))
    },
    onVariant(result) {
      endLooks?.()
      report({ kind: 'variant', result })
    },
  })
}
