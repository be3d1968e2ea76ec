/** What each named word holds after some steps of a schedule. */
import type { RecordedStep, Recording } from '../../explore/replay/recording.ts'

/** A location of the memory. */
interface Held {
  readonly location: string
  readonly value: string
  /** Whether the last step has written it. */
  readonly isNew: boolean
}

/** Returns what each location holds after `position` steps. Only locations that the schedule comes to are known. */
export function heldAfter(steps: readonly RecordedStep[], position: number): Held[] {
  const held = new Map<string, Held>()
  for (const [index, { location, before, after, writes }] of steps.entries()) {
    if (location === '') continue
    const known = held.get(location)
    if (index >= position) {
      if (known === undefined) held.set(location, { location, value: before, isNew: false })
    } else held.set(location, { location, value: after, isNew: writes && index === position - 1 })
  }
  return [...held.values()].toSorted((one, other) =>
    one.location.localeCompare(other.location, 'en', { numeric: true }),
  )
}

export function Memory({ recording, position }: { readonly recording: Recording; readonly position: number }) {
  const held = heldAfter(recording.steps, position)
  return (
    <table class="memory">
      <caption>Shared memory after step {position}</caption>
      <tbody>
        {held.map(({ location, value, isNew }) => (
          <tr key={location} class={isNew ? 'changed' : undefined}>
            <th scope="row">{location}</th>
            <td class="figure">
              {value}
              {isNew ? <span class="mark"> ← changed</span> : undefined}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
