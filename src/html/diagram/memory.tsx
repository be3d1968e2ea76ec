/** What each named word holds after some steps of a schedule. */
import type { RecordedStep, Recording } from '../../explore/replay/recording.ts'
import { counted, shortened } from '../../terminal/wrapped.ts'

/** A location of the memory. */
interface Held {
  readonly location: string
  readonly value: string
  /** Whether the last step has written it. */
  readonly isNew: boolean
  /** Whether some step of the whole schedule changes it. */
  readonly changes: boolean
}

/**
 * Returns what each location holds after `position` steps: those that change first, and in the order of their names. Only locations that
 * the schedule comes to are known.
 */
export function heldAfter(steps: readonly RecordedStep[], position: number): Held[] {
  const held = new Map<string, Held>()
  const changing = new Set(steps.filter(({ before, after }) => before !== after).map(({ location }) => location))
  for (const [index, { location, before, after, writes }] of steps.entries()) {
    if (location === '') continue
    const changes = changing.has(location)
    if (index < position)
      held.set(location, { location, value: after, isNew: writes && index === position - 1, changes })
    else if (!held.has(location)) held.set(location, { location, value: before, isNew: false, changes })
  }
  return [...held.values()].toSorted((one, other) => Number(other.changes) - Number(one.changes) || inOrder(one, other))
}

function inOrder({ location: one }: Held, { location: other }: Held): number {
  return one.localeCompare(other, 'en', { numeric: true })
}

/** The largest number of locations to show. Those that change come first. */
const MOST = 200
const MOST_CHARACTERS = 120

/** Returns the locations that the table has a row for. */
export function shownOf(held: readonly Held[]): readonly Held[] {
  return held.slice(0, MOST)
}

/** Returns a value as the table shows it: a run of bytes may be long. */
export function valueText(value: string): string {
  return shortened(value, MOST_CHARACTERS)
}

export function Memory({ recording, position }: { readonly recording: Recording; readonly position: number }) {
  const all = heldAfter(recording.steps, position)
  const held = shownOf(all)
  const constant = held.filter(({ changes }) => !changes)
  return (
    <div class="memory">
      <p class="memory-title">Shared memory after step {position}</p>
      <Words held={held.filter(({ changes }) => changes)} />
      {constant.length === 0 ? undefined : (
        <details>
          <summary>Unchanged: {constant.length}</summary>
          <Words held={constant} />
        </details>
      )}
      {all.length > held.length ? (
        <p class="faint">… and {counted(all.length - held.length, 'more word')}.</p>
      ) : undefined}
    </div>
  )
}

function Words({ held }: { readonly held: readonly Held[] }) {
  return (
    <table>
      <tbody>
        {held.map(({ location, value, isNew }) => (
          <tr key={location} class={isNew ? 'changed' : undefined}>
            <th scope="row">{location}</th>
            <td>
              {valueText(value)}
              {isNew ? ' ← changed' : ''}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
