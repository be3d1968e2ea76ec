import type { AnyNode } from 'acorn'
import type { Answer } from './answers.ts'
import { evaluate } from './evaluate.ts'
import { execute } from './execute.ts'
import type { CallFrame, Inspection, Variables } from './inspection.ts'
import { Round } from './round.ts'
import type { Source } from './source.ts'
import type { Obstacle } from './values.ts'
import { UnknownVariable } from './values.ts'

/** What is known of the next round of a loop. */
export interface Prediction {
  readonly inspection: Inspection
  /** The frames of the actor at the start of the round, the outermost first. */
  readonly frames: readonly CallFrame[]
  /** Why the round would not repeat the last one, or cannot be predicted; undefined if it would repeat it. */
  readonly obstacle: Obstacle | undefined
  /** The positions in the source of the accesses that the prediction has come to. */
  readonly accesses: readonly AnyNode[]
}

/**
 * Predicts the next round of the loop that an actor is in, from its present frames, the outermost first, and the
 * answers of its last round.
 */
export function predict(inspection: Inspection, frames: readonly CallFrame[], answers: readonly Answer[]): Prediction {
  const round = new Round(inspection, frames, answers, { evaluate, execute })
  const obstacle = round.obstacle()
  return { inspection, frames, obstacle, accesses: round.accesses }
}

/** Returns the prediction with variables of unknown values: the values would be kept alive with it. */
export function withoutValues(prediction: Prediction): Prediction {
  const frames = prediction.frames.map((frame) => ({ ...frame, variables: () => unknownVariables(frame.source) }))
  return { ...prediction, frames }
}

/** Returns variables with unknown values, for all names that the source declares. */
function unknownVariables(source: Source): Variables {
  const around = Object.fromEntries(source.declared.map((name) => [name, new UnknownVariable()]))
  return { own: [around], outer: [around], self: new UnknownVariable() }
}
