/** Plots as one SVG document: a point for each measured figure, a bar from quartile to quartile, a thin line to lead the eye. */
import { axisLabel, tickLabel, xScale, xValues, yScale } from './plot.ts'
import type { Plot, Scale, Series } from './plot.ts'

const WIDTH = 860
const HEIGHT = 400
/** Around the area in which the points lie; the legend is on the right. */
const MARGIN = { top: 72, right: 200, bottom: 64, left: 96 }
const TICKS = 6
const NOTE_HEIGHT = 16

/** The colours of Okabe and Ito, which readers with any colour vision can tell apart. Each series has a shape as well. */
const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9']
const SHAPES = [
  'M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0Z',
  'M-4.5,-4.5h9v9h-9Z',
  'M0,-6L5.5,4.5H-5.5Z',
  'M0,-6.5L6.5,0L0,6.5L-6.5,0Z',
]

/** The colours of what is no series. */
export interface Inks {
  readonly paper: string
  readonly ink: string
  readonly faint: string
  readonly grid: string
}

const ON_PAPER: Inks = { paper: '#fff', ink: '#222', faint: '#666', grid: '#ddd' }
/** Within a page that is light or dark, with the variables of src/html/style.ts. */
export const IN_PAGE: Inks = { paper: 'none', ink: 'var(--ink)', faint: 'var(--faint)', grid: 'var(--line)' }

/** Returns the document with `plots` one below the other, and the lines of `notes` below them. */
export function svgDocument(plots: readonly Plot[], notes: readonly string[], inks: Inks = ON_PAPER): string {
  const bottom = plots.length * HEIGHT
  const height = bottom + 16 + NOTE_HEIGHT * notes.length
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`,
    ' font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="12"',
    ` fill="${inks.ink}">`,
    `<rect width="${WIDTH}" height="${height}" fill="${inks.paper}"/>`,
    ...plots.map((plot, index) => `<g transform="translate(0,${index * HEIGHT})">\n${chart(plot, inks)}\n</g>`),
    ...notes.map((note, index) =>
      text(note, 16, bottom + NOTE_HEIGHT * (index + 1), `font-size="10" fill="${inks.faint}"`),
    ),
    '</svg>\n',
  ].join('\n')
}

function chart(plot: Plot, inks: Inks): string {
  const x = xScale(plot, MARGIN.left + 16, WIDTH - MARGIN.right - 16)
  const y = yScale(plot, HEIGHT - MARGIN.bottom, MARGIN.top, TICKS)
  return [
    text(plot.title, 16, 28, 'font-size="15" font-weight="bold"'),
    text(
      'Points: medians. Bars: from quartile to quartile. Lines only connect the points.',
      16,
      48,
      `fill="${inks.faint}"`,
    ),
    yAxis(plot, y, inks),
    xAxis(plot, x, inks),
    ...plot.series.map((series, index) => seriesOf(series, index, x, y)),
    ...plot.series.map(({ name }, index) => legend(name, index)),
  ].join('\n')
}

function yAxis(plot: Plot, y: Scale, { grid }: Inks): string {
  const [left, right] = [MARGIN.left, WIDTH - MARGIN.right]
  const middle = (MARGIN.top + HEIGHT - MARGIN.bottom) / 2
  const ticks = y.ticks(TICKS).flatMap((tick) => {
    return [line(left, y(tick), right, y(tick), grid), text(tickLabel(tick), left - 8, y(tick) + 4, END)]
  })
  return [...ticks, text(axisLabel(plot.y), 20, middle, `${MIDDLE} transform="rotate(-90 20 ${middle})"`)].join('\n')
}

function xAxis(plot: Plot, x: Scale, { ink }: Inks): string {
  const [left, right, bottom] = [MARGIN.left, WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom]
  const ticks = xValues(plot.series).flatMap((value) => {
    return [line(x(value), bottom, x(value), bottom + 5, ink), text(tickLabel(value), x(value), bottom + 20, MIDDLE)]
  })
  const title = text(axisLabel(plot.x), (left + right) / 2, bottom + 44, MIDDLE)
  return [line(left, bottom, right, bottom, ink), ...ticks, title].join('\n')
}

function seriesOf({ points }: Series, index: number, x: Scale, y: Scale): string {
  const colour = COLOURS[index % COLOURS.length]!
  const path = points.map((point) => `${round(x(point.x))},${round(y(point.y.median))}`).join(' ')
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-opacity="0.4"/>`,
    ...points.map((point) => line(x(point.x), y(point.y.low), x(point.x), y(point.y.high), colour, 2)),
    ...points.map((point) => mark(index, x(point.x), y(point.y.median))),
  ].join('\n')
}

function legend(name: string, index: number): string {
  const [x, y] = [WIDTH - MARGIN.right + 24, MARGIN.top + 12 + 22 * index]
  return `${mark(index, x, y)}\n${text(name, x + 14, y + 4)}`
}

function mark(index: number, x: number, y: number): string {
  const [shape, colour] = [SHAPES[index % SHAPES.length]!, COLOURS[index % COLOURS.length]!]
  return `<path class="point" transform="translate(${round(x)},${round(y)})" d="${shape}" fill="${colour}"/>`
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string, width = 1): string {
  const ends = `x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"`
  return `<line ${ends} stroke="${colour}" stroke-width="${width}"/>`
}

const END = 'text-anchor="end"'
const MIDDLE = 'text-anchor="middle"'

function text(content: string, x: number, y: number, attributes = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function round(pixels: number): number {
  return Math.round(10 * pixels) / 10
}
