/** Bars: for each row what arrived, within an outline of what was expected. */
import { Fragment } from 'preact'

export interface Bar {
  readonly name: string
  readonly expected: number
  readonly actual: number
}

const HEIGHT = 18

export function Bars({ label, bars }: { readonly label: string; readonly bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map(({ expected, actual }) => Math.max(expected, actual)))
  const share = (count: number): string => `${(100 * count) / most}%`
  return (
    <div class="bars" role="group" aria-label={label}>
      {bars.map(({ name, expected, actual }) => (
        <Fragment key={name}>
          <span>{name}</span>
          {/* The figures beside it say the same. */}
          <svg width="100%" height={HEIGHT} aria-hidden="true">
            <rect class={actual < expected ? 'short' : 'actual'} width={share(actual)} height={HEIGHT} />
            <rect class="expected" width={share(expected)} height={HEIGHT} />
          </svg>
          <span class="figure">
            {actual.toLocaleString('en-US')} of {expected.toLocaleString('en-US')}
          </span>
        </Fragment>
      ))}
    </div>
  )
}
