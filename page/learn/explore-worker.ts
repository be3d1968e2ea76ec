/** The entry of the worker that explores a lesson's scenario. It runs the lab's own code only. */
import '../node/globals.ts'
import { explore } from '../../src/explore/explore.ts'
import { replay } from '../../src/explore/replay/replay.ts'
import { findThreadLesson, findVariant } from '../../src/lab/lessons/index.ts'
import type { ExploreReply, ExploreRequest } from './messages.ts'

const reply = globalThis.postMessage.bind(globalThis) as (reply: ExploreReply) => void

addEventListener('message', ({ data }: MessageEvent<ExploreRequest>) => {
  try {
    exploreVariant(data)
  } catch (thrown) {
    reply({ kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) })
  }
})

function exploreVariant({ bug, variant }: ExploreRequest): void {
  const lesson = findThreadLesson(bug)
  const { name } = findVariant(lesson, variant)
  const scenario = lesson.scenario?.(name)
  if (scenario === undefined) return reply({ kind: 'failed', message: `There is no scenario of ${bug} to explore.` })
  const exploration = explore(scenario, {
    variant: name,
    onProgress: (progress) => {
      reply({ kind: 'progress', schedules: progress.exploration.schedules })
      return undefined
    },
  })
  const [failure] = exploration.failures
  if (failure === undefined) return reply({ kind: 'explored', exploration, recording: undefined })
  const { contracts = [] } = exploration
  const replayed = replay(scenario, failure.token, { contracts })
  const recording = replayed.kind === 'replayed' ? replayed.recording : undefined
  reply({ kind: 'explored', exploration, recording })
}
