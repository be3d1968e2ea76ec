/**
 * Describes in words what was thrown, and by which function, if a function of the scenario that is not an actor threw
 * it.
 */
import { inspect } from 'node:util'
import { RacelabError } from '../../errors.ts'
import { atLine } from './positions.ts'
import { Refusal } from '../model/refusal.ts'
import { explainFault } from './unseen.ts'

/** memory(), observe() or names() threw, so there is no verdict on the actors. */
export class ScenarioThrewError extends RacelabError {
  readonly code = 'ERR_RACELAB_SCENARIO_THREW'
}

/** Describes what was thrown: an error by its name and message, any other value as it is written in a program. */
export function textOfThrown(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown
  if (!(thrown instanceof Error)) return inspect(thrown, { depth: 1, breakLength: Infinity })
  return thrown.message === '' ? thrown.name : `${thrown.name}: ${thrown.message}`
}

/** Returns the line where a thrown error was made, as the end of a sentence; empty if that is not known. */
export function lineOfThrown(thrown: unknown): string {
  return atLine(String(thrown instanceof Error ? thrown.stack : thrown))
}

/**
 * Calls a function of the scenario that is not an actor, such as `memory()`. An error that it throws gets the
 * function's name.
 */
export function calling<Result>(name: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refusal) throw error
    const fault = explainFault(error)
    if (fault !== undefined) throw new Refusal(`${name}: ${fault}`, { cause: error })
    throw new ScenarioThrewError(`${name} threw ${textOfThrown(error)}${lineOfThrown(error)}`, { cause: error })
  }
}
