/** A diagram with what the memory holds after each of its steps. Without JavaScript all rows are there, and the last state. */
import type { Recording } from '../explore/replay/recording.ts'
import { Diagram } from './diagram/diagram.tsx'
import { heldAfter, Memory } from './diagram/memory.tsx'

interface SteppedProps {
  readonly recording: Recording
  readonly noReturn: number | undefined
}

export function SteppedDiagram({ recording, noReturn }: SteppedProps) {
  return (
    <div class="stepped">
      <Controls />
      <Diagram recording={recording} noReturn={noReturn} />
      <div class="states" role="group" aria-label="Shared memory" tabIndex={0}>
        <Memory recording={recording} position={recording.steps.length} />
      </div>
      <script type="application/json" dangerouslySetInnerHTML={{ __html: statesOf(recording) }} />
    </div>
  )
}

/**
 * Returns for the script what each location holds at first, in the order of the table, and for each step which location it comes to and
 * what that holds afterwards: -1 for a step without a location.
 */
function statesOf({ steps }: Recording): string {
  const first = heldAfter(steps, 0)
  const changes = steps.map(({ location, after, writes }) => [
    first.findIndex((held) => held.location === location),
    after,
    writes ? 1 : 0,
  ])
  // No text can end the script element.
  return JSON.stringify({ first: first.map(({ value }) => value), changes }).replaceAll('<', String.raw`\u003c`)
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
