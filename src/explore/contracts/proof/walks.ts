/**
 * Random walks through the local states of a thread, each compared with what the code does. The pasts are long: the search has run only
 * parts of them, because it took different pasts for one state. If the code does something else than the states say, it keeps something
 * that they do not show, and nothing is proved. A walk that agrees is no proof: what is kept may matter only later, or in another past.
 */
import { randomNumbers } from '../../model/random-numbers.ts'
import { Refusal } from '../../model/refusal.ts'
import type { LocalState, LocalStates, Transition } from './local-states.ts'
import type { Past, Reached } from './rehearsal.ts'

const WALKS = 30
/** The most accesses and calls of a walk. */
const LENGTH = 200

/** Throws Refusal if the code does something else than its local states say. */
export function compareWalks(states: LocalStates): void {
  const random = randomNumbers(1)
  for (let walks = 0; walks < WALKS; walks++) walk(states, random)
}

function walk(states: LocalStates, random: () => number): void {
  let past: Past = { calls: [], answers: [] }
  let state = states.first
  for (let length = 0; length < LENGTH; length++) {
    const transition = oneOf(state, random)
    if (transition === undefined) return
    past = transition.after(past)
    state = transition.to
    // The comparison at the end of a call covers the accesses before it, too.
    if (state.access === undefined || length === LENGTH - 1) compare(states, past, transition)
  }
}

function oneOf({ next }: LocalState, random: () => number): Transition | undefined {
  return [...next.values()][Math.floor(random() * next.size)]
}

function compare(states: LocalStates, past: Past, transition: Transition): void {
  let reached: Reached | undefined
  try {
    reached = states.rehearse(past)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
  if (reached === undefined || !isAlike(reached, transition))
    throw new Refusal('its calls keep something that no variable shows')
}

function isAlike(reached: Reached, { to, output }: Transition): boolean {
  if (reached.kind === 'access') return to.access?.same(reached.access) === true
  return output?.text === reached.output.text && output.threw === reached.output.threw
}
