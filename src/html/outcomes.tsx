/** The table of outcomes: how many schedules ended in each, and its grade. */
import type { OutcomeCount } from '../explore/search/result.ts'
import { shortened } from '../terminal/wrapped.ts'
import { Wide } from './wide.tsx'

export const PAINT = { acceptable: 'good', interesting: 'odd', forbidden: 'bad' } as const

/** The largest number of outcomes to show, and of characters of one. */
export const MOST_OUTCOMES = 60
const MOST_CHARACTERS = 400

export function Outcomes({ outcomes }: { readonly outcomes: { readonly [key: string]: OutcomeCount } }) {
  const all = Object.entries(outcomes).toSorted(([, one], [, other]) => other.count - one.count)
  const total = all.reduce((sum, [, { count }]) => sum + count, 0)
  return (
    <>
      <Wide label="Outcomes">
        <table>
          <thead>
            <tr>
              <th scope="col">outcome</th>
              <th scope="col" class="figure">
                schedules
              </th>
              <th scope="col" class="figure">
                share
              </th>
              <th scope="col">grade</th>
              <th scope="col">description</th>
            </tr>
          </thead>
          <tbody>
            {all.slice(0, MOST_OUTCOMES).map(([key, { count, grade, description, broken = 0 }]) => (
              <tr key={key}>
                <td>
                  <OutcomeKey name={key} />
                </td>
                <td class="figure">{count.toLocaleString('en-US')}</td>
                <td class="figure">{((100 * count) / total).toFixed(1)} %</td>
                <td class={PAINT[grade]}>{grade}</td>
                <td>{[description, broken === 0 ? '' : `${broken} broken`].filter(Boolean).join('; ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <Left count={all.length - MOST_OUTCOMES} />
    </>
  )
}

export function OutcomeKey({ name }: { readonly name: string }) {
  return <code>{shortened(name, MOST_CHARACTERS)}</code>
}

/** Says how many outcomes have no row. */
export function Left({ count }: { readonly count: number }) {
  return count > 0 ? <p class="faint">… and {count.toLocaleString('en-US')} more.</p> : undefined
}
