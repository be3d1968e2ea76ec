/** A diagram with what the memory holds after each of its steps. Without JavaScript all rows are there, and the last state. */
import type { RecordedStep, Recording } from '../explore/replay/recording.ts'
import { Diagram } from './diagram/diagram.tsx'
import { heldAfter, Memory, shownOf, valueText } from './diagram/memory.tsx'
import { rowsOf } from './diagram/rows.ts'

interface SteppedProps {
  readonly recording: Recording
  readonly noReturn: number | undefined
  /** The largest number of rows. */
  readonly most: number
}

export function SteppedDiagram({ recording, noReturn, most }: SteppedProps) {
  return (
    <div class="stepped">
      <Controls />
      <Diagram recording={recording} noReturn={noReturn} most={most} />
      <div class="states" role="group" aria-label="Shared memory" tabIndex={0}>
        <Memory recording={recording} position={recording.steps.length} />
      </div>
      <script type="application/json" dangerouslySetInnerHTML={{ __html: statesOf(recording, most) }} />
    </div>
  )
}

/** Returns for the script what each location holds at first, in the order of the table, and what each row of the diagram changes. */
function statesOf(recording: Recording, most: number): string {
  const { steps } = recording
  const first = shownOf(heldAfter(steps, 0))
  const wordAt = new Map(first.map(({ location }, word) => [location, word]))
  const rows = rowsOf(recording, { whole: false, most }).map(({ from, to }) => changesOf(steps.slice(from, to), wordAt))
  // No text can end the script element.
  return JSON.stringify({ first: first.map(({ value }) => valueText(value)), rows }).replaceAll('<', String.raw`\u003c`)
}

/** Returns the words that the steps come to: each with the value that it holds after them, and with 1 if they wrote it. */
function changesOf(steps: readonly RecordedStep[], wordAt: ReadonlyMap<string, number>): (number | string)[][] {
  const changes = new Map<number, (number | string)[]>()
  for (const { location, after, writes } of steps) {
    const word = wordAt.get(location)
    if (word === undefined) continue
    changes.set(word, [word, valueText(after), writes || changes.get(word)?.[2] === 1 ? 1 : 0])
  }
  return [...changes.values()]
}

function Controls() {
  return (
    <div class="controls">
      <button type="button" name="first">
        first
      </button>
      <button type="button" name="back">
        ◀ back
      </button>
      <button type="button" name="on">
        step ▶
      </button>
      <button type="button" name="last">
        last
      </button>
      <output />
    </div>
  )
}
