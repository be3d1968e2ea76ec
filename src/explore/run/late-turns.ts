/**
 * Late work: after an exploration, watches whether something continues that an actor left behind. What an actor starts
 * is refused while it runs. What was waiting before, for example for a variable that an actor set, acts in one of the
 * next turns of the event loop.
 */
import { setImmediate as nextImmediate, setTimeout as nextTimeout } from 'node:timers'
import { installAfterwards } from '../globals/install.ts'
import { describeAccess } from '../model/describe.ts'
import { atLine } from './positions.ts'
import { wasExplored } from '../model/regions.ts'

const TURNS = 3

/**
 * Watches the next turns of the event loop, about 5 ms. Resolves to a sentence about the first access to memory that
 * has been explored, with its line; to undefined if there is none. The caller must await this before it shows a
 * verdict.
 */
export async function lateWork(): Promise<string | undefined> {
  let seen: string | undefined
  const release = installAfterwards((kind, view, index, first, second) => {
    if (seen !== undefined || !wasExplored(view.buffer)) return
    const what = describeAccess({ kind, view, index, first, second })
    seen =
      `Something went on after the actors had ended: it came to ${what}. An actor is synchronous, and what it leaves ` +
      `behind is in no schedule: do the work in the actor itself, or make it an actor of its own.${atLine()}`
  })
  try {
    for (let turn = 0; turn < TURNS; turn++) {
      await new Promise((resolve) => nextImmediate(resolve))
      await new Promise((resolve) => nextTimeout(resolve, 1))
    }
  } finally {
    release()
  }
  return seen
}
