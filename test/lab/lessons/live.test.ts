/** What a reader sees of a run while it goes on: at the end of the run it is what the run's result says. */
import { expect, test } from 'vitest'
import { threadLessons } from '../../../src/lab/lessons/index.ts'
import { figure } from '../../../src/lab/lessons/metrics.ts'
import { runThreadLesson } from '../../../src/lab/run-thread-lesson.ts'
import type { VariantResult } from '../../../src/lab/run-thread-lesson.ts'
import { readProgress } from '../../../src/stress/progress.ts'
import { withTeam } from '../../../src/stress/with-team.ts'
import { workerFile } from '../../../src/stress/worker-file.ts'

/** The figure of the result that the live count must reach. */
const REACHES: Readonly<Record<string, (result: VariantResult) => number>> = {
  'lost-update': ({ expected, actual }) => expected! - actual!,
  'stale-overwrite': ({ metrics }) => figure(metrics, 'vanished'),
  'cleanup-leak': ({ metrics }) => figure(metrics, 'left'),
  'phantom-session': ({ metrics }) => figure(metrics, 'disagreed'),
  'auth-bypass': ({ metrics }) => figure(metrics, 'granted'),
  'rate-limit-bypass': ({ metrics }) => figure(metrics, 'overLimit'),
  'session-fixation': ({ metrics }) => figure(metrics, 'tooEarly'),
}

/** An edit that is lost in the last refresh is found only when the result is judged, by the last worker that looks. */
const FOUND_LATER = 4

test.each(threadLessons.map((lesson) => [lesson.name, lesson] as const))(
  'the live count of %s ends with what its result says, in each variant',
  async (name, lesson) => {
    const counts: (() => number)[] = []
    const { signal } = new AbortController()
    const { variants } = await withTeam({ size: 4, signal, file: await workerFile('stress') }, (team) =>
      runThreadLesson(team, lesson, {
        workers: 4,
        seed: 1,
        database: 'memory',
        onStart(_, setting, { memory, progress }) {
          const count = lesson.load.live!.watch(memory, setting)
          counts.push(() => count(readProgress(progress)))
        },
        onVariant(result) {
          const [reached, seen] = [REACHES[name]!(result), counts.at(-1)!()]
          expect(reached - seen, result.variant).toBeGreaterThanOrEqual(0)
          expect(reached - seen, result.variant).toBeLessThanOrEqual(name === 'stale-overwrite' ? FOUND_LATER : 0)
        },
      }),
    )
    expect(counts).toHaveLength(variants.length)
    // It counts something: in the broken variant there is something to see.
    expect(counts[0]!()).toBeGreaterThan(0)
  },
)
