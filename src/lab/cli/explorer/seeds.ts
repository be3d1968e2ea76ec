/** The exploration of one scenario with several seeds of its randomness. */
import { verdictOn } from '../../../explore/search/result.ts'
import type { Exploration, OutcomeCount } from '../../../explore/search/result.ts'

/**
 * Explores with the seeds from `first` on, `count` of them, until one does not pass. Returns that result, or else all
 * results as one. The note says which seeds were tried.
 */
export function exploreSeeds(first: number, count: number, explore: (seed: number) => Exploration): Exploration {
  let all = explore(first)
  for (let seed = first + 1; seed < first + count && all.verdict === 'pass'; seed++) {
    const next = explore(seed)
    all = next.verdict === 'pass' ? together(all, next) : { ...next, note: noteOf(next, `The seed is ${seed}.`) }
  }
  if (count === 1 || all.verdict !== 'pass') return all
  return { ...all, note: noteOf(all, `Explored with the seeds ${first} to ${first + count - 1}.`) }
}

function noteOf({ note }: Exploration, more: string): string {
  return note === undefined ? more : `${note} ${more}`
}

function together(one: Exploration, other: Exploration): Exploration {
  const complete = one.complete && other.complete
  return {
    ...other,
    complete,
    verdict: verdictOn({ ...other, complete }),
    schedules: one.schedules + other.schedules,
    elapsedMs: one.elapsedMs + other.elapsedMs,
    outcomes: sumOf(one.outcomes, other.outcomes),
  }
}

function sumOf(one: Exploration['outcomes'], other: Exploration['outcomes']): Exploration['outcomes'] {
  const sum: Record<string, OutcomeCount> = { ...one }
  for (const [key, outcome] of Object.entries(other))
    sum[key] = { ...outcome, count: outcome.count + (sum[key]?.count ?? 0) }
  return sum
}
