/** The report on explorations: the verdict and what it rests on, the outcomes, and each failure with its schedule. */
import type { Recording } from '../explore/replay/recording.ts'
import { adviceFor, asProperty, cutSpinTexts } from '../explore/report/advice.ts'
import { contractTexts } from '../explore/report/contracts.ts'
import { declaredRacesLine } from '../explore/report/declared-races.ts'
import { noReturnText } from '../explore/report/exploration-report.ts'
import { lostUpdates } from '../explore/report/lost-updates.ts'
import { boundedVerdict, standingLine } from '../explore/report/standing.ts'
import type { Exploration, Failure, OutcomeCount } from '../explore/search/result.ts'
import { counted } from '../terminal/wrapped.ts'
import { SteppedDiagram } from './stepped.tsx'
import { Wide } from './wide.tsx'

/** An exploration, and the schedules of its failures. */
export interface ShownExploration {
  readonly exploration: Exploration
  readonly failures: readonly { readonly failure: Failure; readonly recording: Recording }[]
}

export function Explored({ exploration, failures }: ShownExploration) {
  const { scenario, variant, error, client } = exploration
  const shown = new Set(failures.map(({ failure }) => failure.token))
  const bare = exploration.failures.filter(({ token }) => !shown.has(token))
  return (
    <section>
      <h2>{variant === null ? scenario : `${scenario} (${variant})`}</h2>
      <p>
        <Verdict exploration={exploration} />: {sizeOf(exploration)}.
      </p>
      {textsOf(exploration).map((text) => (
        <p key={text} class="prose">
          {text}
        </p>
      ))}
      {error === undefined ? undefined : <p class="bad">{error.message}</p>}
      {client === undefined ? undefined : <Client client={client} />}
      {Object.keys(exploration.outcomes).length === 0 ? undefined : <Outcomes outcomes={exploration.outcomes} />}
      {failures.map(({ failure, recording }) => (
        <FailureView key={failure.token} failure={failure} recording={recording} />
      ))}
      {bare.map((failure) => (
        <FailureView key={failure.token} failure={failure} recording={undefined} />
      ))}
    </section>
  )
}

/** The verdict in the words of the command, coloured and with a sign. */
export function Verdict({ exploration }: { readonly exploration: Exploration }) {
  const { verdict } = exploration
  if (verdict === 'pass') return <strong class="good">✓ holds</strong>
  if (verdict === 'fail') return <strong class="bad">✗ fails</strong>
  if (verdict === 'error') return <strong class="bad">cannot be explored</strong>
  return <strong class="odd">? {boundedVerdict(exploration) ?? 'inconclusive'}</strong>
}

function sizeOf({ complete, schedules, clients, crashes, strategy, stopped, declaredRaces = [] }: Exploration): string {
  const of = clients === undefined ? '' : `${counted(clients, 'client')}, `
  const withCrashes = crashes === undefined ? '' : ` with a crash at ${counted(crashes, 'point')} or none`
  const count = `${of}${counted(schedules, 'schedule')}${withCrashes} (${strategy})`
  if (!complete) return `${count}, not complete${stopped === undefined ? '' : `: ${stopped}`}`
  return `complete${declaredRaces.length > 0 ? ', given the declared races' : ''}: ${count}, all that can matter`
}

/** Returns what is assumed, bounded or advised, a paragraph each. */
function textsOf(exploration: Exploration): string[] {
  const declared = declaredRacesLine(exploration, Infinity)
  return [
    standingLine(exploration),
    ...contractTexts(exploration),
    declared === '' ? undefined : declared,
    exploration.note,
    ...cutSpinTexts(exploration, asProperty),
    adviceFor(exploration, asProperty),
  ].filter((text) => text !== undefined)
}

function Client({ client }: { readonly client: NonNullable<Exploration['client']> }) {
  return (
    <>
      <h3>The smallest client that was found to fail</h3>
      <ul>
        {Object.entries(client).map(([thread, calls]) => (
          <li key={thread}>
            {thread}: <code>{calls.join(', ')}</code>
          </li>
        ))}
      </ul>
    </>
  )
}

const PAINT = { acceptable: 'good', interesting: 'odd', forbidden: 'bad' } as const

export function Outcomes({ outcomes }: { readonly outcomes: { readonly [key: string]: OutcomeCount } }) {
  const rows = Object.entries(outcomes).toSorted(([, one], [, other]) => other.count - one.count)
  return (
    <Wide label="Outcomes">
      <table>
        <thead>
          <tr>
            <th scope="col">outcome</th>
            <th scope="col" class="figure">
              schedules
            </th>
            <th scope="col">grade</th>
            <th scope="col">description</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([key, { count, grade, description, broken }]) => (
            <tr key={key}>
              <td>
                <code>{key}</code>
              </td>
              <td class="figure">{count.toLocaleString('en-US')}</td>
              <td class={PAINT[grade]}>{grade}</td>
              <td>{[description, broken === undefined ? '' : `${broken} broken`].filter(Boolean).join('; ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}

interface FailureProps {
  readonly failure: Failure
  readonly recording: Recording | undefined
}

function FailureView({ failure, recording }: FailureProps) {
  const { kind, message, steps, preemptions, minimal, inevitable, otherRaces = [], token } = failure
  const losses = recording === undefined || kind === 'data-race' ? [] : lostUpdates(recording)
  const size = `${counted(steps, 'step')}, ${counted(preemptions, 'preemption')}: the fewest${minimal ? '' : ' found'}`
  return (
    <section>
      <h3 class="bad">
        {kind}: {message}
      </h3>
      <p>{size}.</p>
      {[...losses, ...otherRaces].map((text) => (
        <p key={text} class="prose">
          {text}
        </p>
      ))}
      {inevitable === null ? undefined : <p class="prose">{noReturnText(inevitable)}</p>}
      {recording === undefined ? undefined : <SteppedDiagram recording={recording} noReturn={inevitable?.step} />}
      <p class="faint">
        Token: <code class="token">{token}</code>
      </p>
    </section>
  )
}
