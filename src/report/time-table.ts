/** The time table of a witness: Time | Thread 1 | Thread 2 | Store, a row a step; or whatever else runs at once. */
import type { TimedStep } from '../stress/run-bug.ts'
import { textTable } from './text-table.ts'

export function timeTable(steps: readonly TimedStep[], agent = 'Thread'): string {
  const threads = Math.max(...steps.map(({ thread }) => thread))
  const columns = ['Time', ...Array.from({ length: threads }, (_, index) => `${agent} ${index + 1}`), 'Store']
  const rows = steps.map(({ time, thread, action, detail, store }) => {
    const words = detail === '' ? action : `${action}: ${detail}`
    const cells = Array.from({ length: threads }, (_, index) => (index + 1 === thread ? words : ''))
    return [`t${time}`, ...cells, store]
  })
  return textTable(
    columns.map((name) => ({ name })),
    rows,
  )
}
