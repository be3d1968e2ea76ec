/** What each word of the memory holds, in a row that stays in one place as the player steps. */
import type { Recording } from '../../src/explore/replay/recording.ts'
import { heldAfter } from '../../src/html/diagram/memory.tsx'

interface MemoryProps {
  readonly recording: Recording
  /** One whole run, which comes to words that no step of the recording has touched yet. */
  readonly rehearsal: Recording
}

export function Memory({ recording: { steps }, rehearsal }: MemoryProps) {
  return (
    <dl class="words" aria-label="Memory">
      {heldAfter([...steps, ...rehearsal.steps], steps.length).map(({ location, value, isNew }) => (
        <div key={location} class={isNew ? 'new' : undefined}>
          <dt>{location}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
