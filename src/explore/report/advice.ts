/** Advice on an inconclusive exploration: which bound was hit, and how to continue. */
import type { Exploration } from '../search/result.ts'
import { counted } from '../../terminal/wrapped.ts'
import { drawsAtRandom } from '../strategies/strategy.ts'

/** Returns how the reader writes an option, with a value if one is given: `maxSteps`, or `--max-steps`. */
export type WriteOption = (name: string, value?: string | number) => string

/** Writes an option as `explore()` takes it. */
export const asProperty: WriteOption = (name, value) => (value === undefined ? name : `${name}: ${value}`)

const SMALLER = 'or make the scenario smaller: fewer actors, fewer rounds'
const FEWER = 'or give the scenario fewer threads, calls or arguments'

/** The advice for each reason, by how the text of `stopped` begins. */
const ADVICE: readonly (readonly [RegExp, (write: WriteOption) => string])[] = [
  [/^gave up after [\d,]+ schedules?/, (write) => `Raise ${write('maxSchedules')}, ${SMALLER}.`],
  [/^gave up after [\d.]+ s\b.* still at /, () => 'The code at that line does not end, or takes too long.'],
  [/^gave up after [\d.]+ s, in a call /, () => 'That call takes too long.'],
  [/^the file did not come to rest/, () => 'While it runs, what an actor left behind cannot be seen.'],
  [/^gave up after [\d.]+ s\b/, (write) => `Raise ${write('timeout')}, ${SMALLER}.`],
  [/^gave up at .* of memory/, (write) => `Raise ${write('memory')}, ${SMALLER}.`],
  [
    /^[\d,]+ schedules? (?:was|were) cut off/,
    (write) => `Raise ${write('maxSteps')}, or make the actors’ loops shorter.`,
  ],
  [
    /^of the (?:[\d,]+ )?clients/,
    (write) => `Give the scenario fewer threads, calls or arguments; another ${write('seed')} draws other clients.`,
  ],
  [
    /^no schedule with more than/,
    (write) => `Raise ${write('preemptions')}, or leave it out to explore every schedule.`,
  ],
  [
    /^a loop was cut off/,
    (write) => `Raise ${write('spinRounds')}, or write the loop so that it carries nothing from round to round.`,
  ],
]

/**
 * Returns one sentence of advice; undefined if the exploration is not inconclusive, or if there is no advice for its
 * reason.
 */
export function adviceFor(
  { verdict, strategy, stopped = '', clients }: Exploration,
  write: WriteOption,
): string | undefined {
  if (verdict !== 'inconclusive') return undefined
  if (drawsAtRandom(strategy) && /^gave up after [\d,]+ schedules?/.test(stopped)) {
    return `Schedules drawn at random prove nothing, however many: leave out ${write('strategy', strategy)} to explore all of them.`
  }
  const advice = ADVICE.find(([beginning]) => beginning.test(stopped))?.[1](write)
  return clients === undefined ? advice : advice?.replace(SMALLER, FEWER)
}

/** Returns a sentence for each spin loop that was cut off. */
export function cutSpinTexts({ spins = [] }: Exploration, write: WriteOption): string[] {
  return spins.map(({ place, actor, rounds, reason }) => {
    const followed = `followed for ${counted(rounds, 'round')}`
    const further = `${write('spinRounds', '<n>')} follows it further`
    return `Loop cut off: ${actor} at ${place}, ${followed}: ${reason.replace(/\.$/, '')}. ${further}.`
  })
}
