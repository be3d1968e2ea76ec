/**
 * After an exploration, the turns of the event loop that follow it: what an actor left behind (a timer, a promise, a message)
 * would act there. The replaced globals are still in place, so whatever acts is seen by them.
 */
import type { Exploration } from '../../explore/result.ts'

/** Turns of the event loop: enough for a chain of promises, a timer of no time and a message to come to their end. */
const TURNS = 3

const nextTurn = setImmediate

/** What acted after its actor had ended, as the error of an exploration; undefined if nothing did. */
export async function turnsAfter(lateWork: () => string | undefined = nothing): Promise<Exploration['error']> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => nextTurn(resolve))
  const late = lateWork()
  return late === undefined ? undefined : { code: 'ERR_RACELAB_CANNOT_EXPLORE', message: late }
}

function nothing(): undefined {
  return undefined
}
