/** The JSON document of an exploration by the command: with what a bug's variant is declared to do, and whether it did. */
import type { Exploration } from '../search/result.ts'

export interface ExploredDocument extends Exploration {
  /** What a variant of a bug is declared to be. A file declares nothing. */
  readonly declared?: 'sound' | 'broken'
  /** Whether a sound variant held in every schedule, or a broken one failed. */
  readonly asDeclared?: boolean
}

export function exploredDocument(exploration: Exploration, sound: boolean | undefined): ExploredDocument {
  if (sound === undefined) return exploration
  const { verdict } = exploration
  return { ...exploration, declared: sound ? 'sound' : 'broken', asDeclared: verdict === (sound ? 'pass' : 'fail') }
}

/** Whether all did as they are declared; undefined where nothing is declared. */
export function allAsDeclared(documents: readonly ExploredDocument[]): boolean | undefined {
  const declared = documents.filter(({ asDeclared }) => asDeclared !== undefined)
  return declared.length === 0 ? undefined : declared.every(({ asDeclared }) => asDeclared)
}
