/** The options of an exploration: their types, their checks and their defaults. */
import { shown } from '../../errors.ts'
import { didYouMean } from '../../nearest.ts'
import { CRITERIA } from '../../scenario.ts'
import type { Criterion } from '../../scenario.ts'
import type { ProofStore } from '../contracts/covering.ts'
import { Refusal } from '../model/refusal.ts'
import { drawsAtRandom, STRATEGIES } from '../strategies/strategy.ts'
import type { StrategyName, StrategyOptions } from '../strategies/strategy.ts'
import type { Exploration } from './result.ts'

/**
 * How to explore a scenario, and how far. All options may be left out. An unknown option, or a value that is not as
 * described here, gives the verdict `error`: no option is ignored. `Infinity` as a bound means no bound.
 */
export interface ExploreOptions {
  /**
   * The algorithm that chooses the schedules. Default: `dfs` if `preemptions` is given, else `dpor`. `dpor` explores
   * one schedule of each equivalence class, `dfs` explores every schedule.
   */
  readonly strategy?: StrategyName
  /**
   * The largest number of preemptions in a schedule, 0 or more. Default: no bound. Only `dfs` accepts it: with `dpor`,
   * a partial-order reduction under such a bound would miss schedules.
   */
  readonly preemptions?: number
  /**
   * The number of schedules after which to give up, 1 or more; schedules that are abandoned as redundant count too.
   * Default: no bound for `dpor` and `dfs`; 10,000 for `random`, `pct` and `pos`, which never end by themselves.
   */
  readonly maxSchedules?: number
  /** The number of steps after which one schedule is cut off, 1 or more. Default: 10,000. */
  readonly maxSteps?: number
  /**
   * The number of further rounds for which to follow a spin loop that carries a state from round to round, 0 or more.
   * After them the loop is cut off, and the exploration is not complete. Default: 3.
   */
  readonly spinRounds?: number
  /**
   * The time limit for the whole exploration in seconds, above 0. The time to make failures small is included. Default:
   * 60.
   */
  readonly timeout?: number
  /**
   * The seed of the random strategies, and of the random numbers that actors draw: a whole number. The same seed gives
   * the same exploration. Default: 1.
   */
  readonly seed?: number
  /**
   * Whether to go on after the first failure. The result then lists each distinct failure once: failures are the same
   * if they have the same kind and outcome or, without an outcome, the same kind and message. Default: false.
   */
  readonly allFailures?: boolean
  /**
   * Whether a data race is a failure. Default: true. With false, data races are not detected at all; to allow only
   * those that are meant, as in a seqlock, declare them in the scenario's `races` instead.
   */
  readonly dataRaces?: boolean
  /**
   * What the history of each schedule must be, if the scenario gives operations and a model; refused otherwise.
   * Default: `linearizable`.
   */
  readonly criterion?: Criterion
  /**
   * Whether to explore the calls of racelab's primitives, and of other classes with a contract, access by access. Default:
   * false, each call is one step, or few.
   */
  readonly inside?: boolean
  /** Where proofs of the scenario's contracts are kept. Default: in this process. */
  readonly proofs?: ProofStore
  /** The name of the variant that is explored, for the result's `variant`. Default: none. */
  readonly variant?: string
  /**
   * The name of what is explored. Each token stores it, so that a caller can find the scenario by the token. Default:
   * none.
   */
  readonly subject?: string
  /**
   * Called about ten times a second while schedules run. If that call returns a text, the exploration stops, and the
   * text becomes the result's `stopped`. Also called once when the first failure is found; a text returned then is
   * ignored. Default: none.
   */
  readonly onProgress?: (progress: Progress) => string | undefined
}

/** How far an exploration has come, as `onProgress` receives it. */
export interface Progress {
  /** The result that the exploration would have if it stopped now. Its failures are not made small yet. */
  readonly exploration: Exploration
  /** The number of steps of the longest schedule so far. */
  readonly deepest: number
}

/** The options that bound and steer the search, with their defaults filled in. */
export interface Bounds extends StrategyOptions {
  readonly maxSchedules: number
  readonly maxSteps: number
  readonly spinRounds: number
  readonly timeoutMs: number
}

interface Check {
  readonly is: (value: unknown) => boolean
  readonly what: string
}

const FLAG: Check = { is: (value) => typeof value === 'boolean', what: 'true or false' }
const TEXT: Check = { is: (value) => typeof value === 'string', what: 'a string' }

function wholeFrom(least: number): Check {
  const is = (value: unknown): boolean => value === Infinity || (Number.isSafeInteger(value) && Number(value) >= least)
  return { is, what: `a whole number from ${least} on, or Infinity` }
}

/** The check of each option. The type requires one for every option; a name that is not here is not an option. */
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
  inside: FLAG,
  proofs: { is: (value) => typeof value === 'object' && value !== null, what: 'an object with has and add' },
  criterion: { is: (value) => CRITERIA.some((name) => name === value), what: `one of ${CRITERIA.join(', ')}` },
  variant: TEXT,
  subject: { is: (value) => TEXT.is(value) && !String(value).includes('\0'), what: 'a string without NUL' },
  onProgress: { is: (value) => typeof value === 'function', what: 'a function' },
}

/** Throws Refusal for an unknown option or an invalid value, which would otherwise be ignored silently. */
export function checkOptions(options: ExploreOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new Refusal(`The options are ${options === null ? 'null' : `a ${typeof options}`}, not an object.`)
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(CHECKS, name)) {
      throw new Refusal(`There is no option "${name}": ${didYouMean(name, Object.keys(CHECKS))}`)
    }
    const { is, what } = CHECKS[name as keyof ExploreOptions]
    if (name === 'strategy' && typeof value === 'string' && !is(value)) {
      throw new Refusal(`There is no strategy "${value}": ${didYouMean(value, STRATEGIES)}`)
    }
    if (value !== undefined && !is(value)) throw new Refusal(`The option "${name}" is not ${what}: ${shown(value)}.`)
  }
  const { strategy, preemptions } = options
  if (preemptions !== undefined && strategy !== undefined && strategy !== 'dfs') {
    throw new Refusal(`Only the strategy dfs accepts the option "preemptions"; the strategy is ${strategy}.`)
  }
}

/** Returns the bounds that the options give, with the default for each option that is left out. */
export function boundsOf(options: ExploreOptions): Bounds {
  const strategy = options.strategy ?? (options.preemptions === undefined ? 'dpor' : 'dfs')
  return {
    strategy,
    preemptions: options.preemptions ?? Infinity,
    maxSchedules: options.maxSchedules ?? (drawsAtRandom(strategy) ? 10_000 : Infinity),
    maxSteps: options.maxSteps ?? 10_000,
    spinRounds: options.spinRounds ?? 3,
    timeoutMs: (options.timeout ?? 60) * 1000,
    seed: options.seed ?? 1,
  }
}
