/**
 * Turns: each repetition runs every subject once, so that other work on the machine affects all subjects in the same way.
 * Every second repetition runs them in reverse order, so that no subject always runs after the same one.
 */
import type { LessonLoad } from '../../src/lab/lessons/lesson.ts'
import { parseGap } from '../../src/stress/gap.ts'
import type { Run } from '../../src/stress/run-load.ts'
import type { BenchOptions } from './bench.ts'

/** What is measured: one variant of a load on a number of threads. */
export interface Subject {
  /** The name by which the threads find the load. */
  readonly name: string
  readonly load: LessonLoad
  readonly variant: string
  readonly workers: number
  /** Operations of each worker. */
  readonly iterations: number
}

/** Resolves to the subjects in their order, each with its runs. `runs[i]` is the run of repetition i + 1. */
export function takeTurns<Each extends Subject>(
  subjects: readonly Each[],
  { team, repetitions, onProgress }: BenchOptions,
): Promise<(Each & { readonly runs: readonly Run[] })[]> {
  return inTurns(subjects, repetitions, (each, repetition) => {
    onProgress(`${each.name}: ${each.variant} on ${each.workers} (repetition ${repetition} of ${repetitions})`)
    return team.run({ name: each.name, load: each.load, gap: NO_GAP, setting: settingOf(each) })
  })
}

/** Runs any kind of subject in turns. `runOne` runs one subject once and resolves to what it measured. */
export async function inTurns<Each, Result>(
  subjects: readonly Each[],
  repetitions: number,
  runOne: (subject: Each, repetition: number) => Promise<Result>,
): Promise<(Each & { readonly runs: readonly Result[] })[]> {
  const all = subjects.map((subject) => ({ ...subject, runs: [] as Result[] }))
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const each of repetition % 2 === 1 ? all : all.toReversed()) each.runs.push(await runOne(each, repetition))
  }
  return all
}

/** A gap makes races more likely. It would also slow the broken variants down, so benchmarks run without one. */
const NO_GAP = parseGap('none')

function settingOf({ variant, workers, iterations, load }: Subject) {
  return { variant, workers, iterations, seed: 1, database: load.database }
}
