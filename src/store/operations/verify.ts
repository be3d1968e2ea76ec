/**
 * verify: checks every invariant of a store that no thread is using. If threads do use the store, it may report operations that
 * are under way.
 */
import { wordsAt } from '../../memory/text.ts'
import { ACTIVE, DEAD_LETTER, DELETED, FREE, stateOf } from '../control.ts'
import { RECORD } from '../layout.ts'
import { MAX_TEXT_BYTES, NAMES } from '../session.ts'
import type { SessionStore } from '../store.ts'

/** The states in which a slot may be while no operation is under way. */
const QUIET = new Set([FREE, ACTIVE, DELETED, DEAD_LETTER])

/** Returns one line of text for each violated invariant; an empty list if there is none. One pass over the slots. */
export function verify(store: SessionStore): string[] {
  const slots = Array.from({ length: store.layout.slots }, (_, slot) => slot)
  const taken = slots.filter((slot) => stateOf(store.records.control(slot)) !== FREE)
  return [...taken.flatMap((slot) => problemsOf(store, slot)), ...duplicates(store, taken), ...occupancy(store, taken)]
}

function problemsOf(store: SessionStore, slot: number): string[] {
  const state = stateOf(store.records.control(slot))
  if (!QUIET.has(state))
    return [`slot ${slot} was left in state ${state}, by an agent that was stopped in the middle of an operation`]
  const found =
    textProblem(store, slot) ??
    (store.slotOf(store.idAt(slot)) === slot ? undefined : 'a search for its id does not find it')
  return found === undefined ? [] : [`slot ${slot}: ${found}`]
}

/**
 * Checks that the texts exactly fill the words in use, that the names have their recorded length and keep the limit, and
 * that metadata come in pairs.
 */
function textProblem({ memory, layout, records }: SessionStore, slot: number): string | undefined {
  const words = new Int32Array(memory)
  const used = Atomics.load(words, records.recordAt(slot) + RECORD.textWords)
  if (used < 0 || used > layout.textWords) return 'it has more text than there is room for'
  const text = words.subarray(records.textAt(slot), records.textAt(slot) + used)
  let texts = 0
  let names = 0
  let at = 0
  for (; at < text.length; texts++) {
    const taken = wordsAt(text, at)
    at += taken
    if (texts >= NAMES) continue
    if (taken > 1 + MAX_TEXT_BYTES / 4) return 'a name is longer than the limit'
    names = at
  }
  if (names !== records.nameWords(slot)) return 'its metadata do not begin at the recorded word'
  if (at !== text.length) return 'its texts do not end at the recorded word'
  return texts >= NAMES && (texts - NAMES) % 2 === 0 ? undefined : 'a name, a key or a value is missing'
}

function duplicates(store: SessionStore, taken: readonly number[]): string[] {
  const seen = new Set<string>()
  return taken.flatMap((slot) => {
    const id = store.idAt(slot)
    if (seen.has(id)) return [`two sessions have the id ${JSON.stringify(id)}`]
    seen.add(id)
    return []
  })
}

/** A count that is known to be too high is no problem: before a session is refused, the slots are counted again. */
function occupancy(store: SessionStore, taken: readonly number[]): string[] {
  const occupied = store.stat('occupied')
  const isKnown = store.stat('isMiscounted') === 1 && occupied > taken.length
  return occupied === taken.length || isKnown
    ? []
    : [`the count of taken slots is ${occupied}, but ${taken.length} slots are taken`]
}
