/** Says in one line what a search that did not end has proved, and what is left. */
import type { Exploration } from '../search/result.ts'
import { counted } from '../../terminal/wrapped.ts'

/** From here on a number is written as a power of ten. */
const LARGE = 1e6
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const UNITS: readonly [name: string, milliseconds: number][] = [
  ['year', 365 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** Returns the verdict of a search that has found no failure with few preemptions, but did not end. */
export function boundedVerdict({ verdict, completeUpTo }: Exploration): string | undefined {
  if (verdict !== 'inconclusive' || completeUpTo === null) return undefined
  return `no failure with at most ${counted(completeUpTo.preemptions, 'preemption')}`
}

/** Returns the line; undefined if nothing is known. */
export function standingLine(exploration: Exploration): string | undefined {
  const { verdict, completeUpTo, schedulesUpTo = 0, estimate, schedules, elapsedMs } = exploration
  if (verdict !== 'inconclusive') return undefined
  const parts: string[] = []
  if (completeUpTo !== null) {
    const bound = counted(completeUpTo.preemptions, 'preemption')
    parts.push(`At most ${bound}: complete, ${counted(schedulesUpTo, 'schedule')}.`)
  }
  if (estimate !== null && schedules > 0) {
    const needed = (estimate * elapsedMs) / schedules
    parts.push(`All: about ${aboutCount(estimate)} schedules, which would take about ${aboutTime(needed)}.`)
  }
  return parts.length === 0 ? undefined : parts.join(' ')
}

/** Returns a number with two digits: `8,400`, `5.5 × 10⁸`. */
function aboutCount(count: number): string {
  const [digits = '', exponent = '0'] = count.toExponential(1).split('e+')
  if (count < LARGE) return Number(`${digits}e${exponent}`).toLocaleString('en-US')
  return `${digits} × 10${exponent.replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]!)}`
}

function aboutTime(milliseconds: number): string {
  const [name, unit] = UNITS.find(([, least]) => milliseconds >= least) ?? ['second', 1000]
  const rounded = Number((milliseconds / unit).toPrecision(1))
  return rounded >= LARGE ? `${aboutCount(rounded)} ${name}s` : counted(Math.max(1, rounded), name)
}
