/** The time table of a witness: Time | Thread 1 | Thread 2 | Store, one row per step. */
import type { WitnessStep } from '../run-thread-lesson.ts'
import { laneColour } from '../../terminal/colours.ts'
import type { Colours } from '../../terminal/colours.ts'
import { textTable } from '../../terminal/text-table.ts'
import { widthOf } from '../../terminal/wrapped.ts'

/** Returns the table. `agent` heads the columns: Thread or Request. Each agent has the same colour as in the other tables. */
export function timeTable(
  steps: readonly WitnessStep[],
  agent: string,
  { colours: paint, columns: width }: { readonly colours: Colours; readonly columns?: number | undefined },
): string {
  const threads = Math.max(...steps.map(({ thread }) => thread))
  const names = Array.from({ length: threads }, (_, index) => laneColour(paint, index)(`${agent} ${index + 1}`))
  const rows = steps.map(({ time, thread, action, detail, store }) => {
    const words = detail === '' ? action : `${action}: ${detail}`
    const cells = Array.from({ length: threads }, (_, index) =>
      index + 1 === thread ? laneColour(paint, index)(words) : '',
    )
    return [`t${time}`, ...cells, store]
  })
  const columns = [{ name: 'Time' }, ...names.map((name) => ({ name, text: true })), { name: 'Store', text: true }]
  return textTable(columns, rows, widthOf(width))
}
