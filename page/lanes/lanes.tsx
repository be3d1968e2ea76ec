/** A table with one lane for each agent: who did what, one row after the other, and what the store held. */
import { Fragment } from 'preact'
import './lanes.css'

/** One row. */
export interface LaneRow {
  /** When it was: the head of the row. */
  readonly time: string
  /** What each agent does, in the order of the agents; empty for an agent that does nothing. */
  readonly steps: readonly string[]
  /** What the store held after it. Left out of the table if no row has it. */
  readonly store?: string
}

export interface LanesProps {
  readonly caption: string
  /** The names of the agents. */
  readonly agents: readonly string[]
  readonly rows: readonly LaneRow[]
  /** The row, counted from 0, after which every continuation fails; and how that is said. */
  readonly noReturn?: { readonly row: number; readonly words: string } | undefined
}

export function Lanes({ caption, agents, rows, noReturn }: LanesProps) {
  const hasStore = rows.some(({ store }) => store !== undefined)
  return (
    // It can be scrolled sideways, so that it must be reachable with the keyboard.
    <div class="lanes-frame" tabIndex={0} role="region" aria-label={caption}>
      <table class="lanes">
        <thead>
          <tr>
            <th scope="col">{hasStore ? 'Time' : 'Step'}</th>
            {agents.map((name, lane) => (
              <th scope="col" class={`lane lane-${lane % 4}`}>
                {name}
              </th>
            ))}
            {hasStore ? <th scope="col">Store</th> : undefined}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <Fragment key={index}>
              <tr>
                <th scope="row">{row.time}</th>
                {row.steps.map((step, lane) => (
                  <td class={`lane lane-${lane % 4} ${step === '' ? '' : 'step'}`}>{step}</td>
                ))}
                {hasStore ? (
                  <td class={row.store === rows[index - 1]?.store ? 'store same' : 'store'}>{row.store}</td>
                ) : undefined}
              </tr>
              {index === noReturn?.row ? (
                <tr class="no-return">
                  <td colSpan={agents.length + (hasStore ? 2 : 1)}>{noReturn.words}</td>
                </tr>
              ) : undefined}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}
