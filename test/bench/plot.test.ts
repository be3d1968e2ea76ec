import { describe, expect, test } from 'vitest'
import { tickLabel, yScale } from '../../bench/harness/plot.ts'
import type { Plot } from '../../bench/harness/plot.ts'
import { svgDocument } from '../../bench/harness/svg-plot.ts'
import { textPlot } from '../../bench/harness/text-plot.ts'
import { figureOf } from '../../bench/harness/figure.ts'
import type { Figure } from '../../bench/harness/figure.ts'

function exact(value: number): Figure {
  return figureOf([value])
}

/** Four points on a straight line if x is logarithmic, and two points far below. */
const PLOT: Plot = {
  title: 'Time of a read against the size of the store',
  x: { title: 'sessions', logarithmic: true },
  y: { title: 'time', unit: 'ns' },
  series: [
    { name: 'steep', points: [1, 2, 3, 4].map((power) => ({ x: 10 ** power, y: exact(200 * power) })) },
    { name: 'flat & <low>', points: [10, 10_000].map((x) => ({ x, y: exact(0) })) },
  ],
}

describe('as text', () => {
  const [steep, flat] = textPlot(PLOT).split('\n\n').slice(1) as [string, string]

  test('the title comes first, and both axes have a title with a unit', () => {
    const text = textPlot(PLOT)
    expect(text).toMatch(/^Time of a read against the size of the store\n/)
    expect(text).toContain('y: time (ns)')
    expect(text).toContain('sessions, logarithmic scale')
  })

  test('a chart has one mark for each measured point, at its x', () => {
    const columns = steep.split('\n').flatMap((line) => (line.includes('●') ? [line.indexOf('●')] : []))
    // Four lines from the top down: the largest x first. The distances are equal, since the axis is logarithmic.
    expect(columns).toHaveLength(4)
    const [last, third, second, first] = columns as [number, number, number, number]
    expect([last - third, third - second, second - first]).toEqual([20, 20, 20])
    expect(flat.match(/●/g)).toHaveLength(2)
  })

  test('all charts have the same scale: from 0 to a round number above the largest value', () => {
    for (const chart of [steep, flat]) {
      expect(chart).toMatch(/^ *800 ┤/m)
      expect(chart).toMatch(/^ *0 ┼/m)
    }
  })

  test('each x value that was measured stands below the axis', () => {
    expect(steep).toMatch(/^ +10 +100 +1,000 +10,000$/m)
  })

  test('a bar reaches from quartile to quartile', () => {
    const points = [
      { x: 1, y: { median: 400, low: 200, high: 800 } },
      { x: 2, y: exact(0) },
    ]
    const text = textPlot({ ...PLOT, x: { title: 'x' }, series: [{ name: 'one', points }] })
    // 8 rows from 0 to 800: one row is 100. From 800 to 200 there are seven rows, one of which has the median.
    expect(text.split('\n').filter((line) => /^[ \d,]+[│┤] +│$/.test(line))).toHaveLength(6)
  })

  test('a single point, or only zeros, is a plot too', () => {
    const plot = { ...PLOT, series: [{ name: 'one', points: [{ x: 10, y: exact(0) }] }] }
    expect(textPlot(plot).split('\n\n')[1]).toContain('●')
    expect(svgDocument([plot], [])).not.toContain('NaN')
  })
})

describe('as SVG', () => {
  const svg = svgDocument([PLOT, { ...PLOT, title: 'The second' }], ['a machine', 'a noise'])

  test('every plot is there with its title, its axes, and the notes are below', () => {
    for (const text of [PLOT.title, 'The second', 'time (ns)', 'sessions, logarithmic scale', 'a machine', 'a noise']) {
      expect(svg).toContain(text)
    }
  })

  test('each measured point is drawn once, and each series once in the legend', () => {
    // Two plots, each with 4 + 2 points and 2 marks of the legend.
    expect(svg.match(/class="point"/g)).toHaveLength(2 * (4 + 2 + 2))
  })

  test('names are escaped, and the document is well-formed XML', () => {
    expect(svg).toContain('flat &amp; &lt;low&gt;')
    expect(xmlErrorIn(svg)).toBeUndefined()
  })
})

const MARKUP = /<(?<end>\/?)(?<name>\w+)(?:\s+[\w:-]+="[^"<&]*")*\s*(?<empty>\/?)>|[^<&]|&(?:amp|lt|gt|quot);/gy

/** Returns what makes a text no well-formed XML, as far as our plots use XML; undefined if it is well-formed. */
function xmlErrorIn(xml: string): string | undefined {
  const open: string[] = []
  let read = 0
  for (const { 0: text, groups } of xml.matchAll(MARKUP)) {
    read += text.length
    if (groups?.['name'] === undefined || groups['empty'] === '/') continue
    if (groups['end'] === '') open.push(groups['name'])
    else if (open.pop() !== groups['name']) return `${text} closes another element`
  }
  if (read < xml.length) return `no markup: ${xml.slice(read, read + 40)}`
  return open.length > 0 ? `not closed: ${open.join(', ')}` : undefined
}

test('no value is above the y scale, not even a quartile', () => {
  const points = [{ x: 1, y: { median: 100, low: 90, high: 1234 } }]
  const [, most] = yScale({ ...PLOT, series: [{ name: 'one', points }] }, 0, 1, 4).domain() as [number, number]
  expect(most).toBeGreaterThanOrEqual(1234)
})

test('a tick below 10 keeps two digits, others are whole numbers', () => {
  expect([0, 0.25, 7.5, 10, 12_500].map(tickLabel)).toEqual(['0', '0.25', '7.5', '10', '12,500'])
})
