/** Looks at a run while it goes on. */
import type { Live, LessonSetting } from '../../../src/lab/lessons/lesson.ts'
import { readProgress } from '../../../src/stress/progress.ts'
import type { Running } from '../../../src/stress/run-load.ts'
import type { Look } from './messages.ts'

/** The time between two looks, in milliseconds: some for each frame of the page, also in a run that is over after a few frames. */
const INTERVAL = 4

/**
 * Reports a look whenever the run has gone on, until the caller calls what it returns, which looks for the last time. It only loads from
 * the memory, so it holds up no worker.
 */
export function watchRun(
  live: Live,
  { memory, progress }: Running,
  setting: LessonSetting,
  report: (look: Look) => void,
): () => void {
  const countNow = live.watch(memory, setting)
  let [began, seen] = [performance.now(), 0]
  const look = (): void => {
    const time = performance.now()
    // First the operations, so that those that end in between are not taken for lost.
    const now = readProgress(progress)
    if (now.operations === seen) {
      if (seen === 0) began = time
      return
    }
    seen = now.operations
    report({ time: time - began, operations: seen, count: Math.max(0, countNow(now)) })
  }
  const timer = setInterval(look, INTERVAL)
  return () => {
    clearInterval(timer)
    seen = -1
    look()
  }
}
