/** What each word of the memory holds after some steps. */
import type { Recording } from '../../src/explore/replay/recording.ts'

interface MemoryProps {
  readonly recording: Recording
  /** How many of its steps count as taken. */
  readonly position: number
}

export function Memory({ recording, position }: MemoryProps) {
  const last = recording.steps[position - 1]
  return (
    <dl class="memory" aria-label="Memory">
      {[...wordsAfter(recording, position)].map(([name, value]) => (
        <div key={name} class={last?.location === name && last.before !== last.after ? 'changed' : undefined}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Returns the words by name. A word that no step has touched yet holds what its first step finds there. */
function wordsAfter({ steps }: Recording, position: number): ReadonlyMap<string, string> {
  const words = new Map<string, string>()
  for (const { location, before } of steps) if (!words.has(location)) words.set(location, before)
  for (const { location, after } of steps.slice(0, position)) words.set(location, after)
  return words
}
