/** The command's JSON document on an exploration: the result, with what the variant of a bug is declared to do. */
import type { Exploration } from '../../explore/search/result.ts'

/** An exploration, and whether its result is the declared one. */
export interface ExploredDocument extends Exploration {
  /** What the variant of a bug is declared to be. Absent for a scenario of a file. */
  readonly declared?: 'sound' | 'broken'
  /** Whether the result is as declared: a sound variant passes, a broken one fails. */
  readonly asDeclared?: boolean
}

/** Returns the document of an exploration. `sound`: what the variant is declared to be; undefined if nothing is declared. */
export function exploredDocument(exploration: Exploration, sound: boolean | undefined): ExploredDocument {
  if (sound === undefined) return exploration
  const { verdict } = exploration
  return { ...exploration, declared: sound ? 'sound' : 'broken', asDeclared: verdict === (sound ? 'pass' : 'fail') }
}

/** Whether all results are as declared; undefined if nothing is declared. */
export function allAsDeclared(documents: readonly ExploredDocument[]): boolean | undefined {
  const declared = documents.filter(({ asDeclared }) => asDeclared !== undefined)
  return declared.length === 0 ? undefined : declared.every(({ asDeclared }) => asDeclared)
}
