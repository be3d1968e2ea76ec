/**
 * Whether a run was too noisy for its figures to be compared. Two measurements decide: how far the repeated values spread, and
 * how busy the machine was before the run began. The figures are shown in either case.
 */
import type { Machine } from '../../src/terminal/machine.ts'

/** A figure with a larger spread (see `spreadOf` in figure.ts) counts as noisy. */
const SPREAD_LIMIT = 0.1
/** The run is too noisy when a larger share of its figures is noisy. */
const SHARE_LIMIT = 0.25
/** The run is too noisy when the load average at the start was larger than this share of the cores. */
const LOAD_LIMIT = 0.5
/** Fewer values say nothing about their spread. */
const LEAST_REPETITIONS = 3

export const NOISE_HELP: string =
  `Each run says whether it was too noisy: when more than ${inPercent(SHARE_LIMIT)} of its times and rates spread beyond ` +
  `±${inPercent(SPREAD_LIMIT)} (half the distance between the quartiles), or when the load average at the start was above ` +
  `${LOAD_LIMIT} per core. The exit code does not depend on it.`

export interface Noise {
  /** Null when neither measurement is beyond its limit and the spread is unknown, since too little was repeated. */
  readonly tooNoisy: boolean | null
  /** How many times and rates were repeated often enough to have a spread. */
  readonly figures: number
  /** How many of them spread beyond `limits.spread`. */
  readonly noisyFigures: number
  /** The load average of the last minute, at the start of the run, over the number of cores. */
  readonly loadPerCore: number
  readonly limits: {
    readonly spread: number
    readonly shareOfNoisyFigures: number
    readonly loadPerCore: number
  }
}

/** Judges a run by the spreads of the times and rates that it measured `repetitions` times, and by the machine at its start. */
export function noiseOf(spreads: readonly number[], repetitions: number, { cores, load }: Machine): Noise {
  const judged = repetitions < LEAST_REPETITIONS ? [] : spreads
  const noisyFigures = judged.filter((spread) => spread > SPREAD_LIMIT).length
  const loadPerCore = load / cores
  const isBeyond = noisyFigures > SHARE_LIMIT * judged.length || loadPerCore > LOAD_LIMIT
  return {
    tooNoisy: isBeyond || (judged.length === 0 ? null : false),
    figures: judged.length,
    noisyFigures,
    loadPerCore: Math.round(100 * loadPerCore) / 100,
    limits: { spread: SPREAD_LIMIT, shareOfNoisyFigures: SHARE_LIMIT, loadPerCore: LOAD_LIMIT },
  }
}

/** Returns one line that says whether the run was too noisy, and what was measured of that. */
export function noiseLine({ tooNoisy, figures, noisyFigures, loadPerCore, limits }: Noise): string {
  const spread =
    figures === 0
      ? `the spread is unknown (it takes figures with ${LEAST_REPETITIONS} or more repetitions)`
      : `${noisyFigures} of ${figures} figures spread beyond ±${inPercent(limits.spread)} ` +
        `(limit: ${inPercent(limits.shareOfNoisyFigures)} of them)`
  const load = `the load at the start was ${loadPerCore.toFixed(2)} per core (limit: ${limits.loadPerCore})`
  if (tooNoisy) return `TOO NOISY: ${spread}; ${load}. Do not compare these figures; repeat the run on an idle machine.`
  return `${tooNoisy === null ? 'Noise is unknown' : 'Noise is within the limits'}: ${spread}; ${load}.`
}

function inPercent(share: number): string {
  return `${Math.round(100 * share)} %`
}
