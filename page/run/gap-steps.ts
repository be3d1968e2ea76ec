/** The gap as two sliders: how long, and in every how many operations. */
import { parseGap } from '../../src/stress/gap.ts'

const LENGTHS = ['none', 'spin:1', 'spin:10', 'spin:50', 'sleep:0.05', 'sleep:0.1', 'sleep:0.5', 'sleep:1', 'sleep:5']
const EVERY = [1, 2, 5, 10, 20, 50, 100]

/** A gap as the sliders have it. */
export interface GapParts {
  /** The gap without its share, such as `sleep:0.05`. */
  readonly length: string
  readonly every: number
}

export function gapPartsOf(text: string): GapParts {
  const [length = 'none', every = '1'] = text.split('/')
  return { length, every: Number(every) }
}

export function gapOf({ length, every }: GapParts): string {
  return length === 'none' || every === 1 ? length : `${length}/${every}`
}

/** The lengths to choose from, the shortest first, the present one among them. */
export function lengthsWith(length: string): string[] {
  return [...new Set([...LENGTHS, length])].sort((one, other) => durationOf(one) - durationOf(other))
}

/** The shares to choose from, the present one among them. */
export function sharesWith(every: number): number[] {
  return [...new Set([...EVERY, every])].sort((one, other) => one - other)
}

/** Returns what a length means, in words. */
export function lengthWords(length: string): string {
  const gap = parseGap(length)
  if (gap.kind === 'none') return 'none'
  return gap.kind === 'spin' ? `computes for ${gap.microseconds} µs` : `sleeps ${gap.milliseconds} ms`
}

/** Returns a share in words. */
export function shareWords(every: number): string {
  return every === 1 ? 'every operation' : `one operation in ${every}`
}

/** In microseconds. A thread that computes is ordered before one that sleeps as long. */
function durationOf(length: string): number {
  const gap = parseGap(length)
  if (gap.kind === 'none') return 0
  return gap.kind === 'spin' ? gap.microseconds : 1000 * gap.milliseconds + 0.5
}
