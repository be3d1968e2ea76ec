/** The report on one failure: what is wrong, the schedule that shows it, and how to run that schedule again. */
import type { Recording } from '../explore/replay/recording.ts'
import { detailsOf, headline, lossesIn, noReturnText, sizeOf } from '../explore/report/exploration-report.ts'
import type { Failure } from '../explore/search/result.ts'
import { shortened } from '../terminal/wrapped.ts'
import { SteppedDiagram } from './stepped.tsx'

interface FailureProps {
  readonly failure: Failure
  /** The schedule; undefined if it was not run again. */
  readonly recording: Recording | undefined
  /** Returns the command that runs the schedule of a token again. */
  readonly replay?: ((token: string) => string) | undefined
  /** The largest number of rows of the diagram; 0 for none. */
  readonly most: number
}

/** The width of what is shown as the terminal has it. */
const COLUMNS = 110
const MOST_CHARACTERS = 400

export function FailureView({ failure, recording, replay, most }: FailureProps) {
  const { inevitable, token } = failure
  return (
    <section>
      <h3 class="bad">
        ✗{' '}
        {shortened(
          headline(failure, (kind) => kind),
          MOST_CHARACTERS,
        )}
      </h3>
      <p>{sizeOf(failure)}.</p>
      {recording === undefined ? undefined : <Schedule {...{ failure, recording, most }} />}
      {inevitable === null ? undefined : <p class="prose">{noReturnText(inevitable)}</p>}
      {replay === undefined ? undefined : <p class="faint">To run this schedule again:</p>}
      <Command text={replay === undefined ? `token: ${token}` : replay(token)} />
    </section>
  )
}

function Schedule({ failure, recording, most }: FailureProps & { readonly recording: Recording }) {
  return (
    <>
      {lossesIn(failure, recording).map((text) => (
        <p key={text} class="prose">
          {text}.
        </p>
      ))}
      {most === 0 ? (
        <p class="faint">The diagram is left out, so that the report stays small.</p>
      ) : (
        <SteppedDiagram recording={recording} noReturn={failure.inevitable?.step} most={most} />
      )}
      {detailsOf(failure, recording, COLUMNS).map((text) => (
        <pre key={text} role="group" aria-label="Details" tabIndex={0}>
          {text}
        </pre>
      ))}
    </>
  )
}

/** A command, or a token: it is selected as a whole, and breaks anywhere. */
export function Command({ text }: { readonly text: string }) {
  return <code class="command">{text}</code>
}
