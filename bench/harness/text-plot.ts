/** A plot for the terminal: a mark for each point that was measured, and nothing between the points. */
import { axisLabel, tickLabel, xScale, xValues, yScale } from './plot.ts'
import type { Plot, Series } from './plot.ts'

/** Columns between the first point and the last one. */
const WIDTH = 60
/** About how many ticks the y axis has. The scale chooses round numbers. */
const TICKS = 4
const ROWS_PER_TICK = 2
/** Columns before the first point and after the last one. */
const MARGIN = 2

/** Returns one chart for each series, one below the other with the same axes, so that they can be compared without colours. */
export function textPlot(plot: Plot): string {
  const note = `● median  │ from quartile to quartile  y: ${axisLabel(plot.y)}`
  return [plot.title, note, ...plot.series.map((each) => `\n${chart(plot, each)}`)].join('\n')
}

function chart(plot: Plot, { name, points }: Series): string {
  const columnOf = xScale(plot, MARGIN, MARGIN + WIDTH)
  const scale = yScale(plot, 0, 1, TICKS)
  const height = ROWS_PER_TICK * (scale.ticks(TICKS).length - 1)
  // Row 0 is the top.
  const rowOf = (value: number): number => Math.round(height * (1 - scale(value)))
  const ticks = new Map(scale.ticks(TICKS).map((tick) => [rowOf(tick), tickLabel(tick)]))
  const labelWidth = Math.max(...[...ticks.values()].map((label) => label.length))
  const rows = Array.from({ length: height }, () => Array.from({ length: WIDTH + 2 * MARGIN + 1 }, () => ' '))
  const axis = Array.from({ length: WIDTH + 2 * MARGIN + 1 }, () => '─')
  for (const x of xValues(plot.series)) axis[Math.round(columnOf(x))] = '┬'
  rows.push(axis)
  for (const { x, y } of points) {
    const column = Math.round(columnOf(x))
    for (let row = rowOf(y.high); row <= rowOf(y.low); row++) rows[row]![column] = '│'
    rows[rowOf(y.median)]![column] = '●'
  }
  const lines = rows.map((cells, row) => {
    const label = ticks.get(row)
    const edge = row === height ? '┼' : label === undefined ? '│' : '┤'
    return `${(label ?? '').padStart(labelWidth)} ${edge}${cells.join('')}`.trimEnd()
  })
  const indent = ' '.repeat(labelWidth + 2)
  return [name, ...lines, indent + xLabels(plot), indent + centred(axisLabel(plot.x))].join('\n')
}

/** The measured x values, each below its mark. A label that would touch the one before it is left out. */
function xLabels(plot: Plot): string {
  const columnOf = xScale(plot, MARGIN, MARGIN + WIDTH)
  let line = ''
  for (const x of xValues(plot.series)) {
    const label = tickLabel(x)
    const start = Math.max(0, Math.round(columnOf(x) - label.length / 2))
    if (line === '' || start > line.length) line = line.padEnd(start) + label
  }
  return line
}

function centred(text: string): string {
  return ' '.repeat(Math.max(0, Math.round(MARGIN + (WIDTH - text.length) / 2))) + text
}
