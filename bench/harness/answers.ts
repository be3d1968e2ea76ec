/** The answers of a run as text, as JSON and as SVG. */
import wrapAnsi from 'wrap-ansi'
import { machineLine } from '../../src/terminal/machine.ts'
import type { Machine } from '../../src/terminal/machine.ts'
import type { Bench } from './bench.ts'
import { spreadOf } from './figure.ts'
import { noiseLine } from './noise.ts'
import type { Noise } from './noise.ts'
import { IN_PAGE, svgDocument } from './svg-plot.ts'
import { textPlot } from './text-plot.ts'

/** The version of the JSON document. */
export const SCHEMA = 2

/** Columns of the notes below the plots. */
const NOTE_COLUMNS = 120

export interface Answer {
  readonly bench: Bench
  readonly data: unknown
}

/** Returns the spread of each repeated time and rate of the answers. */
export function spreadsOf(answers: readonly Answer[]): number[] {
  return answers.flatMap(({ bench, data }) => bench.timings(data).map(spreadOf))
}

export function answersAsText(answers: readonly Answer[], machine: Machine, noise: Noise): string {
  const texts = answers.map(({ bench, data }) => `${bench.name}: ${bench.question}\n\n${bench.show(data)}`)
  return [`${machineLine(machine)}\n${noiseLine(noise)}`, ...texts].join('\n\n')
}

export function answersAsJson(answers: readonly Answer[], machine: Machine, noise: Noise): string {
  const benches = answers.map(({ bench: { name, question }, data }) => ({ name, question, data }))
  return JSON.stringify({ schema: SCHEMA, machine, noise, benches }, null, 2)
}

/** Returns all plots of the answers as one SVG document, with the machine and the noise. At least one answer must have a plot. */
export function answersAsSvg(answers: readonly Answer[], machine: Machine, noise: Noise): string {
  const plots = answers.flatMap(({ bench, data }) => bench.plots?.(data) ?? [])
  const noiseLines = wrapAnsi(noiseLine(noise), NOTE_COLUMNS).split('\n')
  return svgDocument(plots, [`npm run bench on ${machineLine(machine)}`, ...noiseLines])
}

/** An answer as a report in HTML shows it. */
interface ShownAnswer {
  readonly name: string
  readonly question: string
  readonly text: string
  /** Its plots, as one SVG document for a page; undefined if it has none. */
  readonly plots: string | undefined
}

/** Returns what a report in HTML shows of the answers. */
export function answersAsShown(answers: readonly Answer[], noise: Noise): ShownAnswer[] {
  const noiseText = wrapAnsi(noiseLine(noise), NOTE_COLUMNS)
  return [
    { name: 'noise', question: 'How noisy was the run?', text: noiseText, plots: undefined },
    ...answers.map(answerAsShown),
  ]
}

function answerAsShown({ bench, data }: Answer): ShownAnswer {
  const { name, question } = bench
  const plots = bench.plots?.(data) ?? []
  // A plot is drawn, and not repeated as text.
  const text = plots.reduce((rest, plot) => rest.replace(textPlot(plot), ''), bench.show(data)).trim()
  return { name, question, text, plots: plots.length === 0 ? undefined : svgDocument(plots, [], IN_PAGE) }
}
