/**
 * Advice on an inconclusive exploration: which bound was hit, and how to continue. The options are named as the command
 * has them; `explore()` has the same ones in camelCase.
 */
import type { Exploration } from '../search/result.ts'
import { drawsAtRandom } from '../strategies/strategy.ts'

const SMALLER = 'or make the scenario smaller: fewer actors, fewer rounds'

/** The advice for each reason, by how the text of `stopped` begins. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^gave up after [\d.]+ schedules/, `Raise --max-schedules, ${SMALLER}.`],
  [/^gave up after [\d.]+ s\b.* still at /, 'The code at that line does not end, or takes too long.'],
  [/^gave up after [\d.]+ s\b/, `Raise --timeout, look at fewer schedules with --preemptions 2, ${SMALLER}.`],
  [/^gave up at .* of memory/, `Raise --memory, ${SMALLER}.`],
  [/^\d+ schedules were cut off/, 'Raise --max-steps, or make the actors’ loops shorter.'],
  [/^no schedule with more than/, 'Raise --preemptions, or leave it out to explore every schedule.'],
  [/^a loop was cut off/, 'Raise --spin-rounds, or write the loop so that it carries nothing from round to round.'],
]

/**
 * Returns one sentence of advice; undefined if the exploration is not inconclusive, or if there is no advice for its
 * reason.
 */
export function adviceFor({ verdict, strategy, stopped = '' }: Exploration): string | undefined {
  if (verdict !== 'inconclusive') return undefined
  if (drawsAtRandom(strategy) && /^gave up after [\d.]+ schedules/.test(stopped)) {
    return `Schedules drawn at random prove nothing, however many: leave out --strategy ${strategy} to explore all of them.`
  }
  return ADVICE.find(([beginning]) => beginning.test(stopped))?.[1]
}

/** Returns a sentence for each spin loop that was cut off. */
export function cutSpinTexts({ spins = [] }: Exploration): string[] {
  return spins.map(({ place, actor, rounds, reason }) => {
    const followed = `followed for ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`
    return `Loop cut off: ${actor} at ${place}, ${followed}: ${reason.replace(/\.$/, '')}. --spin-rounds <n> follows it further.`
  })
}
