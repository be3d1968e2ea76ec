/** How a schedule ended: who is stuck and where, and what is wrong with it. */
import type { Recording } from '../../explore/replay/recording.ts'

export function Ending({ recording }: { readonly recording: Recording }) {
  const { actors, stuck, judgement } = recording
  const { outcome, faults } = judgement
  return (
    <div class="ending">
      {stuck.map(({ actor, how, location, value }) => (
        <p key={actor}>
          {actors[actor]} is {how === 'asleep' ? 'asleep' : 'spinning'} at {location} = {value} forever.
        </p>
      ))}
      {outcome === undefined ? undefined : (
        <p>
          The outcome is <code>{outcome.key}</code>
          {outcome.description === undefined ? '' : `: ${outcome.description}`}.
        </p>
      )}
      {faults.map(({ kind, message }) => (
        <p key={message} class="bad">
          <strong>✗ {kind}</strong>: {message}.
        </p>
      ))}
      {faults.length === 0 && (outcome !== undefined || stuck.length > 0) ? <p class="good">✓ It held.</p> : undefined}
    </div>
  )
}
