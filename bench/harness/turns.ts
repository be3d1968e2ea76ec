/**
 * Contestants take turns: every repetition has all of them, so that what the machine does beside it hits them alike. Every
 * other repetition goes backwards, so that none always follows the same one.
 */
import type { LessonLoad } from '../../src/lab/lessons/lesson.ts'
import { parseGap } from '../../src/stress/gap.ts'
import type { Run } from '../../src/stress/team.ts'
import type { BenchOptions } from './bench.ts'

export interface Contestant {
  /** The name by which the threads find the load. */
  readonly name: string
  readonly load: LessonLoad
  readonly variant: string
  readonly workers: number
  /** Operations a worker. */
  readonly iterations: number
}

/** The runs of each contestant, in the contestants' order; the same repetition of all has the same place. */
export function takeTurns<Each extends Contestant>(
  contestants: readonly Each[],
  { team, repetitions, onProgress }: BenchOptions,
): Promise<(Each & { readonly runs: readonly Run[] })[]> {
  return inTurns(contestants, repetitions, (each, repetition) => {
    onProgress(`${each.name}: ${each.variant} on ${each.workers} (repetition ${repetition} of ${repetitions})`)
    return team.run({ name: each.name, load: each.load, gap: NO_GAP, setting: settingOf(each) })
  })
}

/** The same for whatever a turn is. */
export async function inTurns<Each, Turn>(
  contestants: readonly Each[],
  repetitions: number,
  play: (contestant: Each, repetition: number) => Promise<Turn>,
): Promise<(Each & { readonly runs: readonly Turn[] })[]> {
  const all = contestants.map((contestant) => ({ ...contestant, runs: [] as Turn[] }))
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const each of repetition % 2 === 1 ? all : all.toReversed()) each.runs.push(await play(each, repetition))
  }
  return all
}

/** Nothing is widened on purpose: the broken variants would be slow for that alone. */
const NO_GAP = parseGap('none')

function settingOf({ variant, workers, iterations, load }: Contestant) {
  return { variant, workers, iterations, seed: 1, database: load.database }
}
