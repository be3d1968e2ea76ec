/** What was thrown, in words; and who threw it, where that is the scenario's own function and no actor. */
import { inspect } from 'node:util'
import { RacelabError } from '../../errors.ts'
import { formatFrame, framesOf } from './positions.ts'
import { Refusal } from '../model/refusal.ts'
import { explainFault } from './unseen.ts'

/** memory(), observe() or names() threw: there is no verdict on the actors. */
export class ScenarioThrewError extends RacelabError {
  readonly code = 'ERR_RACELAB_SCENARIO_THREW'
}

/** An error by its name and message, anything else as it is written in a program. Anything may be thrown. */
export function textOfThrown(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown
  if (!(thrown instanceof Error)) return inspect(thrown, { depth: 1, breakLength: Infinity })
  return thrown.message === '' ? thrown.name : `${thrown.name}: ${thrown.message}`
}

/** The line where an error was made, or a stack was noted, as the end of a sentence; empty where it is not known. */
export function siteOf(origin: unknown): string {
  const [frame] = framesOf(String(origin instanceof Error ? origin.stack : origin))
  return frame === undefined ? '' : `\n    at ${formatFrame(frame)}`
}

/** Calls one of the scenario's functions that are no actors, `memory()` say. What it throws comes with its name. */
export function calling<Result>(name: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refusal) throw error
    const fault = explainFault(error)
    if (fault !== undefined) throw new Refusal(`${name}: ${fault}`, { cause: error })
    throw new ScenarioThrewError(`${name} threw ${textOfThrown(error)}${siteOf(error)}`, { cause: error })
  }
}
