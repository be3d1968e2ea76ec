/** Every schedule of a lesson's smallest scenario, explored when the reader asks for it, and the one that fails as a diagram. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Recording } from '../../src/explore/replay/recording.ts'
import type { Exploration } from '../../src/explore/search/result.ts'
import type { ThreadLesson } from '../../src/lab/lessons/lesson.ts'
import { counted } from '../../src/terminal/wrapped.ts'
import { Lanes } from '../lanes/lanes.tsx'
import { exploreLesson } from './explore-lesson.ts'
import type { ExploreReply } from './messages.ts'
import { decisiveRows } from './decisive-rows.ts'

export function Interleaving({ lesson: { name, variants } }: { readonly lesson: ThreadLesson }) {
  const [variant, setVariant] = useState(variants[0]!.name)
  const [reply, setReply] = useState<ExploreReply>()
  const stop = useRef(() => {})
  useEffect(() => () => stop.current(), [])
  const explore = (): void => {
    stop.current()
    setReply({ kind: 'progress', schedules: 0 })
    stop.current = exploreLesson({ bug: name, variant }, setReply)
  }
  const choose = (chosen: string): void => {
    stop.current()
    setVariant(chosen)
    setReply(undefined)
  }
  return (
    <section class="every" aria-labelledby="every">
      <h2 id="every">Every schedule</h2>
      <p>
        The explorer runs the smallest instance of this bug in every order of its steps that can matter, and shows the
        first order that fails.
      </p>
      {globalThis.crossOriginIsolated ? (
        <p class="ways">
          <label>
            Variant{' '}
            <select value={variant} onChange={({ currentTarget }) => choose(currentTarget.value)}>
              {variants.map((each) => (
                <option value={each.name}>{each.name}</option>
              ))}
            </select>
          </label>
          <button type="button" onClick={explore}>
            Explore here
          </button>
        </p>
      ) : (
        <p class="faint">
          This needs shared memory. In a terminal: <code>npx racelab explore {name}</code>
        </p>
      )}
      <div role="status">{reply === undefined ? undefined : <p>{wordsOn(reply)}</p>}</div>
      {reply?.kind === 'explored' && reply.recording !== undefined ? (
        <Schedule exploration={reply.exploration} recording={reply.recording} />
      ) : undefined}
    </section>
  )
}

function wordsOn(reply: ExploreReply): string {
  if (reply.kind === 'failed') return `It could not be explored. ${reply.message}`
  if (reply.kind === 'progress') return `${counted(reply.schedules, 'schedule')} so far …`
  const { verdict, schedules, failures, stopped = '', error } = reply.exploration
  if (verdict === 'pass') return `It holds: ${counted(schedules, 'schedule')}, one of each kind, and none fails.`
  const [failure] = failures
  if (failure === undefined) return `It is not known whether it holds. ${error?.message ?? stopped}`
  const preemptions = counted(failure.preemptions, 'preemption')
  return `It fails, after ${counted(schedules, 'schedule')}: ${failure.message}. The schedule has ${preemptions}.`
}

interface ScheduleProps {
  readonly exploration: Exploration
  readonly recording: Recording
}

function Schedule({ exploration: { failures }, recording }: ScheduleProps) {
  const rows = decisiveRows(recording)
  const step = failures[0]?.inevitable?.step
  const after = step === undefined ? -1 : rows.findLastIndex((row) => row.step <= step)
  return (
    <>
      <Lanes
        caption="The schedule that fails, as it was explored"
        agents={recording.actors}
        rows={rows}
        noReturn={
          after < 0 ? undefined : { row: after, words: `No return: from step ${step} on, every continuation fails.` }
        }
      />
      <p class="faint">
        {rows.length} of {counted(recording.steps.length, 'step')}: those on words that one actor changed and the other
        used as well.{step === 0 ? ' Every schedule of this variant fails.' : ''}
      </p>
    </>
  )
}
