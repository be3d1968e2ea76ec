/** The report on sampled scenarios: how often each outcome was seen, and what that says. */
import type { Failure } from '../explore/search/result.ts'
import type { Recording } from '../explore/replay/recording.ts'
import type { StressDocument } from '../sampling/stress-document.ts'
import { counted } from '../terminal/wrapped.ts'
import { nameOf } from './explored.tsx'
import type { Detail } from './explored.tsx'
import { Command } from './failure.tsx'
import { Left, MOST_OUTCOMES, OutcomeKey, PAINT } from './outcomes.tsx'
import { SteppedDiagram } from './stepped.tsx'
import { Wide } from './wide.tsx'

/** A sampled scenario, and a schedule in which the explorer found the same failure. */
export interface ShownSample {
  readonly document: StressDocument
  readonly found?: { readonly failure: Failure; readonly recording: Recording } | undefined
  /** Says why there is no such schedule; undefined if none was looked for. */
  readonly none?: string | undefined
  /** Returns the command that runs the schedule of a token again. */
  readonly replay: (token: string) => string
}

interface StressedProps extends ShownSample {
  readonly detail: Detail
}

export function Stressed({ document, found, none, replay, detail }: StressedProps) {
  const { samples, threads, elapsedMs, stopped, note, failures, compared } = document
  const size = `${counted(samples, 'sample')} on ${counted(threads, 'thread')} in ${(elapsedMs / 1000).toFixed(1)} s`
  return (
    <section>
      <h2>{nameOf(document)}</h2>
      <p>
        <SampleVerdict document={document} />: {size}
        {stopped === undefined ? '' : `: ${stopped}`}.
      </p>
      {note === undefined ? undefined : <p class="prose">{note}</p>}
      <SampledOutcomes document={document} />
      {failures
        .filter(({ kind }) => kind !== 'outcome')
        .map(({ kind, message, count, where = [] }) => (
          <p key={message} class="bad">
            {kind}: {message} ({counted(count, 'sample')}). {where.join(' ')}
          </p>
        ))}
      {compared === undefined ? undefined : <Compared document={document} />}
      {found === undefined ? undefined : (
        <>
          <h3>The explorer found a schedule that fails like this</h3>
          {detail.rows === 0 ? undefined : (
            <SteppedDiagram recording={found.recording} noReturn={found.failure.inevitable?.step} most={detail.rows} />
          )}
          <p class="faint">To run this schedule again:</p>
          <Command text={replay(found.failure.token)} />
        </>
      )}
      {none === undefined ? undefined : <p class="prose">{none}</p>}
    </section>
  )
}

function SampleVerdict({ document: { verdict } }: { readonly document: StressDocument }) {
  if (verdict === 'pass') return <strong class="good">✓ no sample failed, which is evidence and no proof</strong>
  return verdict === 'fail' ? <strong class="bad">✗ fails</strong> : <strong class="odd">? inconclusive</strong>
}

function SampledOutcomes({ document: { outcomes } }: { readonly document: StressDocument }) {
  const rows = Object.entries(outcomes).toSorted(([, one], [, other]) => other.count - one.count)
  return (
    <>
      <Wide label="Outcomes">
        <table>
          <thead>
            <tr>
              <th scope="col">outcome</th>
              <th scope="col" class="figure">
                samples
              </th>
              <th scope="col" class="figure">
                share
              </th>
              <th scope="col" class="figure">
                95 % interval
              </th>
              <th scope="col">grade</th>
              <th scope="col">description</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST_OUTCOMES).map(([key, { count, share, low, high, grade, description = '' }]) => (
              <tr key={key}>
                <td>
                  <OutcomeKey name={key} />
                </td>
                <td class="figure">{count.toLocaleString('en-US')}</td>
                <td class="figure">{percent(share)}</td>
                <td class="figure">
                  {percent(low)} to {percent(high)}
                </td>
                <td class={PAINT[grade]}>{grade}</td>
                <td>{description}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <Left count={rows.length - MOST_OUTCOMES} />
    </>
  )
}

function percent(share: number): string {
  return `${(100 * share).toPrecision(3)} %`
}

function Compared({ document: { compared, impossible } }: { readonly document: StressDocument }) {
  const { complete, schedules, unseen, doubt } = compared!
  return (
    <>
      <p class="prose">
        Compared with an exploration of {counted(schedules, 'schedule')}, {complete ? 'complete' : 'not complete'}
        {doubt === undefined ? '' : `: ${doubt}`}.
      </p>
      {unseen.length === 0 ? undefined : <p>Possible, and not seen: {unseen.join(', ')}.</p>}
      {impossible.length === 0 ? undefined : <p class="bad">Seen, and impossible: {impossible.join(', ')}.</p>}
    </>
  )
}
