/** The verdicts of several explorations side by side, each with a link to its section. */
import type { ShownExploration } from './explored.tsx'
import { nameOf, Verdict } from './explored.tsx'
import { shortened } from '../terminal/wrapped.ts'
import { Wide } from './wide.tsx'

const MOST_CHARACTERS = 120

interface SummaryProps {
  readonly explored: readonly ShownExploration[]
  /** Returns the anchor of the section of an exploration, by its index. */
  readonly anchor: (index: number) => string
}

export function Summary({ explored, anchor }: SummaryProps) {
  const declares = explored.some(({ sound }) => sound !== undefined)
  const hasFiles = explored.some(({ file }) => file !== undefined)
  return (
    <Wide label="The verdicts">
      <table>
        <thead>
          <tr>
            {hasFiles ? <th scope="col">file</th> : undefined}
            <th scope="col">scenario</th>
            {declares ? <th scope="col">declared</th> : undefined}
            <th scope="col">explored</th>
            <th scope="col" class="figure">
              schedules
            </th>
            <th scope="col">failure</th>
          </tr>
        </thead>
        <tbody>
          {explored.map(({ exploration, sound, file }, index) => (
            <tr key={index}>
              {hasFiles ? <td>{file}</td> : undefined}
              <th scope="row">
                <a href={`#${anchor(index)}`}>{nameOf(exploration)}</a>
              </th>
              {declares ? <td>{sound === undefined ? '' : sound ? 'sound' : 'broken'}</td> : undefined}
              <td>
                <Verdict exploration={exploration} />
              </td>
              <td class="figure">{exploration.schedules.toLocaleString('en-US')}</td>
              <td>{shortened(exploration.failures[0]?.message ?? '', MOST_CHARACTERS)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}
