/** How a schedule ended: who is stuck and where, and what is wrong with it. */
import type { Recording } from '../../explore/replay/recording.ts'
import { counted, shortened } from '../../terminal/wrapped.ts'

const MOST_PRINTED = 12
const MOST_CHARACTERS = 400

export function Ending({ recording }: { readonly recording: Recording }) {
  const { actors, stuck, judgement, printed } = recording
  const { outcome, faults } = judgement
  return (
    <div class="ending">
      {printed.slice(0, MOST_PRINTED).map(({ actor, after, text }, index) => (
        <p key={index}>
          {actors[actor]} printed {after === null ? 'before its first step' : `after step ${after + 1}`}:{' '}
          <q>{shortened(text, MOST_CHARACTERS)}</q>
        </p>
      ))}
      {printed.length > MOST_PRINTED ? <p>… and {counted(printed.length - MOST_PRINTED, 'more text')}.</p> : undefined}
      {stuck.map(({ actor, how, location, value }) => (
        <p key={actor}>
          {actors[actor]} is {how === 'asleep' ? 'asleep' : 'spinning'} at {location} = {value} forever.
        </p>
      ))}
      {outcome === undefined ? undefined : (
        <p>
          The outcome is <code>{shortened(outcome.key, MOST_CHARACTERS)}</code>
          {outcome.description === undefined ? '' : `: ${outcome.description}`}.
        </p>
      )}
      {faults.map(({ kind, message }) => (
        <p key={message} class="bad">
          <strong>✗ {kind}</strong>: {shortened(message, MOST_CHARACTERS)}.
        </p>
      ))}
      {faults.length === 0 && (outcome !== undefined || stuck.length > 0) ? <p class="good">✓ It held.</p> : undefined}
    </div>
  )
}
