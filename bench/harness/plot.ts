/** A curve for the terminal, where a curve says more than a table. */
import { plot } from 'asciichart'
import { whole } from '../../src/lab/report/results-table.ts'

const WIDTH = 60
const HEIGHT = 6

export interface Curve {
  readonly name: string
  /** At equal distances; two or more. */
  readonly values: readonly number[]
}

/** One curve below the other, all on one scale, so that they can be compared without colours. */
export function curves(all: readonly Curve[], axis: string): string {
  const most = Math.max(...all.flatMap(({ values }) => values))
  const labelWidth = whole(most).length
  const format = (value: number): string => whole(value).padStart(labelWidth)
  return all
    .map(({ name, values }) =>
      [name, plot(stretched(values), { height: HEIGHT, min: 0, max: most, format })].join('\n'),
    )
    .concat(`${' '.repeat(labelWidth + 2)}${axis}`)
    .join('\n')
}

/** So many points that the curve has the width, those in between on straight lines. */
function stretched(values: readonly number[]): number[] {
  return Array.from({ length: WIDTH }, (_, column) => {
    const position = (column / (WIDTH - 1)) * (values.length - 1)
    const before = values[Math.floor(position)]!
    return before + (values[Math.ceil(position)]! - before) * (position % 1)
  })
}
