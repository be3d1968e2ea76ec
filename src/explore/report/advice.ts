/**
 * What to do about an exploration that is inconclusive: which bound was hit, and what else there is. The options are those
 * of the command; `explore()` has the same ones in camelCase.
 */
import type { Exploration } from '../search/result.ts'

const SMALLER = 'or make the scenario smaller: fewer actors, fewer rounds'

/** By the beginning of why it stopped. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^gave up after [\d.]+ schedules/, `Raise --max-schedules, ${SMALLER}.`],
  [/^gave up after [\d.]+ s\b.* still at /, 'What it was still in has no end, or takes too long: see that line.'],
  [/^gave up after [\d.]+ s\b/, `Raise --timeout, look at fewer schedules with --preemptions 2, ${SMALLER}.`],
  [/^gave up at .* of memory/, `Raise --memory, ${SMALLER}.`],
  [/^\d+ schedules were cut off/, 'Raise --max-steps, or make the actors’ loops shorter.'],
  [/^no schedule with more than/, 'Raise --preemptions, or leave it out: without, every schedule is explored.'],
  [/^a loop was cut off/, 'Raise --spin-rounds, or write the loop so that it carries nothing from round to round.'],
]

/** By lot, a strategy never ends by itself. */
const DRAWN: ReadonlySet<string> = new Set(['random', 'pct', 'pos'])

/** One sentence on what to do; undefined where there is a verdict, or nothing to advise. */
export function adviceFor({ verdict, strategy, stopped = '' }: Exploration): string | undefined {
  if (verdict !== 'inconclusive') return undefined
  if (DRAWN.has(strategy) && /^gave up after [\d.]+ schedules/.test(stopped)) {
    return `Schedules drawn by lot prove nothing, however many: leave out --strategy ${strategy} to explore all of them.`
  }
  return ADVICE.find(([beginning]) => beginning.test(stopped))?.[1]
}

/** A sentence for each spin loop that was cut off. */
export function cutSpinTexts({ spins = [] }: Exploration): string[] {
  return spins.map(({ place, actor, rounds, reason }) => {
    const followed = `followed for ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`
    return `Loop cut off: ${actor} at ${place}, ${followed}: ${reason.replace(/\.$/, '')}. --spin-rounds <n> follows it further.`
  })
}
