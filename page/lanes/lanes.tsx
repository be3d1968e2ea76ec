/** A table with one lane for each agent: who did what, one row after the other, and what the store held. */
import { Fragment } from 'preact'
import './lanes.css'

/** One row. */
export interface LaneRow {
  /** What each agent does, in the order of the agents; empty for an agent that does nothing. */
  readonly steps: readonly string[]
  readonly store: string
}

export interface LanesProps {
  readonly caption: string
  /** What an agent is called: Thread or Request. */
  readonly agent: string
  readonly rows: readonly LaneRow[]
  /** The row, counted from 0, after which every continuation fails. */
  readonly noReturn?: number | undefined
}

export function Lanes({ caption, agent, rows, noReturn }: LanesProps) {
  const lanes = Array.from({ length: rows[0]?.steps.length ?? 0 }, (_, index) => index)
  return (
    // It can be scrolled sideways, so that it must be reachable with the keyboard.
    <div class="lanes-frame" tabIndex={0} role="region" aria-label={caption}>
      <table class="lanes">
        <thead>
          <tr>
            <th scope="col">Time</th>
            {lanes.map((lane) => (
              <th scope="col" class={`lane lane-${lane % 4}`}>
                {agent} {lane + 1}
              </th>
            ))}
            <th scope="col">Store</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ steps, store }, time) => (
            <Fragment key={time}>
              <tr>
                <th scope="row">t{time}</th>
                {lanes.map((lane) => (
                  <td class={`lane lane-${lane % 4} ${steps[lane] === '' ? '' : 'step'}`}>{steps[lane]}</td>
                ))}
                <td class={store === rows[time - 1]?.store ? 'store same' : 'store'}>{store}</td>
              </tr>
              {time === noReturn ? (
                <tr class="no-return">
                  <td colSpan={lanes.length + 2}>No return: from t{time} on, every continuation fails.</td>
                </tr>
              ) : undefined}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}
