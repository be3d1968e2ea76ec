/** The report on explorations: the verdict and what it rests on, the outcomes, and each failure with its schedule. */
import type { Recording } from '../explore/replay/recording.ts'
import { adviceFor, cutSpinTexts } from '../explore/report/advice.ts'
import type { WriteOption } from '../explore/report/advice.ts'
import { contractTexts } from '../explore/report/contracts.ts'
import { declaredRacesLine } from '../explore/report/declared-races.ts'
import { crashSentence } from '../explore/report/exploration-report.ts'
import { boundedVerdict, standingLine } from '../explore/report/standing.ts'
import type { Exploration, Failure } from '../explore/search/result.ts'
import { counted } from '../terminal/wrapped.ts'
import { FailureView } from './failure.tsx'
import { Outcomes } from './outcomes.tsx'

/** An exploration, and the schedules of its failures. */
export interface ShownExploration {
  readonly exploration: Exploration
  readonly failures: readonly { readonly failure: Failure; readonly recording: Recording }[]
  /** Whether the variant of a bug is declared sound; undefined if nothing is declared. */
  readonly sound?: boolean | undefined
  /** The scenario's file; undefined for a bug. */
  readonly file?: string | undefined
  /** Returns the command that runs the schedule of a token again. */
  readonly replay?: ((token: string) => string) | undefined
}

/** How much of an exploration is shown. */
export interface Detail {
  /** The largest number of rows of a diagram; 0 for no diagrams. */
  readonly rows: number
  /** The largest number of failures. */
  readonly failures: number
}

interface ExploredProps extends ShownExploration {
  /** The anchor of its section. */
  readonly id: string
  /** How the reader writes an option. */
  readonly writeOption: WriteOption
  readonly detail: Detail
}

export function Explored({ exploration, failures, id, writeOption, replay, detail }: ExploredProps) {
  const { error, client, crash } = exploration
  const recordings = new Map(failures.map(({ failure, recording }) => [failure.token, recording]))
  // Those with a schedule come first.
  const all = exploration.failures.toSorted(
    (one, other) => Number(recordings.has(other.token)) - Number(recordings.has(one.token)),
  )
  return (
    <section id={id}>
      <h2>{nameOf(exploration)}</h2>
      <p>
        <Verdict exploration={exploration} />: {sizeOf(exploration)}.
      </p>
      {textsOf(exploration, writeOption).map((text) => (
        <p key={text} class="prose">
          {text}
        </p>
      ))}
      {error === undefined ? undefined : <p class="bad">{error.message}</p>}
      {client === undefined ? undefined : <Client client={client} />}
      {crash === undefined ? undefined : <p class="prose">{crashSentence(crash)}</p>}
      {Object.keys(exploration.outcomes).length === 0 ? undefined : <Outcomes outcomes={exploration.outcomes} />}
      {all.slice(0, detail.failures).map((failure, index) => (
        <FailureView
          key={index}
          failure={failure}
          recording={recordings.get(failure.token)}
          replay={replay}
          most={detail.rows}
        />
      ))}
      {all.length > detail.failures ? (
        <p>… and {counted(all.length - detail.failures, 'more failure')}, which the command prints.</p>
      ) : undefined}
    </section>
  )
}

/** Returns the name of the scenario, with the variant if it has one. */
export function nameOf({ scenario, variant }: Pick<Exploration, 'scenario' | 'variant'>): string {
  return variant === null ? scenario : `${scenario} (${variant})`
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
function textsOf(exploration: Exploration, writeOption: WriteOption): string[] {
  const declared = declaredRacesLine(exploration, Infinity)
  return [
    standingLine(exploration),
    ...contractTexts(exploration),
    declared === '' ? undefined : declared,
    exploration.note,
    ...cutSpinTexts(exploration, writeOption),
    adviceFor(exploration, writeOption),
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
