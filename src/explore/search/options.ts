/**
 * How to explore, and how far.
 */
import { shown } from '../../errors.ts'
import { didYouMean } from '../../nearest.ts'
import { Refusal } from '../model/refusal.ts'
import { STRATEGIES } from '../strategies/strategy.ts'
import type { Exploration } from './result.ts'
import type { StrategyName } from '../strategies/strategy.ts'

export interface ExploreOptions {
  /** Default `dpor`; `dfs` if `preemptions` is given. */
  readonly strategy?: StrategyName
  /** At most so many preemptions in a schedule. Only `dfs` can be bounded: a reduction under a bound would miss schedules. */
  readonly preemptions?: number
  /** Default: no bound for `dpor` and `dfs`, 10,000 for the strategies that draw lots, since those never end. */
  readonly maxSchedules?: number
  /** Steps of one schedule. Default 10,000. */
  readonly maxSteps?: number
  /** How many more rounds of a spin loop are followed that carries something from round to round. Default 3. */
  readonly spinRounds?: number
  /** Seconds for all. Default 60. */
  readonly timeout?: number
  /** For the strategies that draw lots, and for what actors get from Math.random. Default 1. */
  readonly seed?: number
  /** Goes on after the first failure, and lists one of each kind and outcome. */
  readonly allFailures?: boolean
  /** Whether a data race is a failure. Default true. With false, races are not looked for: seqlocks race on purpose. */
  readonly dataRaces?: boolean
  /** Names the variant in the result. */
  readonly variant?: string
  /** What a token is to say that it belongs to, so that it can be replayed without a file. */
  readonly subject?: string
  /** Called about ten times a second while schedules are run. A text that it returns ends the search, and is told as the reason. */
  readonly onProgress?: (progress: Progress) => string | undefined
}

/** How far an exploration is. */
export interface Progress {
  /** What its result would be if it ended now; failures are as they were found, not yet the shortest. */
  readonly soFar: Exploration
  /** Steps of the longest schedule. */
  readonly deepest: number
}

export interface Bounds {
  readonly strategy: StrategyName
  readonly preemptions: number
  readonly maxSchedules: number
  readonly maxSteps: number
  readonly spinRounds: number
  readonly timeoutMs: number
  readonly seed: number
}

interface Check {
  readonly is: (value: unknown) => boolean
  readonly what: string
}

const FLAG: Check = { is: (value) => typeof value === 'boolean', what: 'true or false' }
const TEXT: Check = { is: (value) => typeof value === 'string', what: 'a string' }

function wholeFrom(least: number): Check {
  const is = (value: unknown): boolean => value === Infinity || (Number.isSafeInteger(value) && Number(value) >= least)
  return { is, what: `a whole number from ${least}` }
}

/** One for each option: none is left unchecked, and what is not here is no option. */
const CHECKS: { readonly [Option in keyof Required<ExploreOptions>]: Check } = {
  strategy: { is: (value) => STRATEGIES.some((name) => name === value), what: `one of ${STRATEGIES.join(', ')}` },
  preemptions: wholeFrom(0),
  maxSchedules: wholeFrom(1),
  maxSteps: wholeFrom(1),
  spinRounds: wholeFrom(0),
  timeout: { is: (value) => typeof value === 'number' && value > 0, what: 'a number of seconds above 0' },
  seed: { is: Number.isSafeInteger, what: 'a whole number' },
  allFailures: FLAG,
  dataRaces: FLAG,
  variant: TEXT,
  subject: TEXT,
  onProgress: { is: (value) => typeof value === 'function', what: 'a function' },
}

/** Throws Refusal for an option that there is not, or a value that means nothing: it would be ignored without a word. */
export function checkOptions(options: ExploreOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new Refusal(`The options are ${options === null ? 'null' : `a ${typeof options}`}, not an object.`)
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(CHECKS, name)) {
      throw new Refusal(`There is no option "${name}": ${didYouMean(name, Object.keys(CHECKS))}`)
    }
    const { is, what } = CHECKS[name as keyof ExploreOptions]
    if (value !== undefined && !is(value)) throw new Refusal(`The option "${name}" is not ${what}: ${shown(value)}.`)
  }
  const { strategy, preemptions } = options
  if (preemptions !== undefined && strategy !== undefined && strategy !== 'dfs') {
    throw new Refusal(
      `The option "preemptions" goes with the strategy dfs, not ${strategy}: under a bound, reduction would miss schedules.`,
    )
  }
}

export function boundsOf(options: ExploreOptions): Bounds {
  const strategy = options.strategy ?? (options.preemptions === undefined ? 'dpor' : 'dfs')
  const endless = strategy === 'dpor' || strategy === 'dfs'
  return {
    strategy,
    preemptions: options.preemptions ?? Infinity,
    maxSchedules: options.maxSchedules ?? (endless ? Infinity : 10_000),
    maxSteps: options.maxSteps ?? 10_000,
    spinRounds: options.spinRounds ?? 3,
    timeoutMs: (options.timeout ?? 60) * 1000,
    seed: options.seed ?? 1,
  }
}
