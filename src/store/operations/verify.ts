/**
 * verify: walks a quiet store and checks every invariant that it should have when nobody is inside. What it finds is text: an
 * empty list is a clean store. On a store that is in use it reports what is only under way.
 */
import { wordsAt } from '../../memory/text.ts'
import { ACTIVE, DEAD_LETTER, DELETED, FREE, stateOf } from '../control.ts'
import { RECORD } from '../layout.ts'
import { MAX_TEXT_BYTES, NAMES } from '../session.ts'
import type { SessionStore } from '../store.ts'

/** States in which a slot may be while nobody is inside. */
const QUIET = new Set([FREE, ACTIVE, DELETED, DEAD_LETTER])

/** One line for each thing that is wrong. Costs a pass over all slots. */
export function verify(store: SessionStore): string[] {
  const slots = Array.from({ length: store.layout.slots }, (_, slot) => slot)
  const taken = slots.filter((slot) => stateOf(store.records.control(slot)) !== FREE)
  return [...taken.flatMap((slot) => problemsOf(store, slot)), ...duplicates(store, taken), ...places(store, taken)]
}

function problemsOf(store: SessionStore, slot: number): string[] {
  const state = stateOf(store.records.control(slot))
  if (!QUIET.has(state)) return [`slot ${slot} was left in state ${state}, by an agent that was stopped inside`]
  const found =
    textProblem(store, slot) ??
    (store.slotOf(store.idAt(slot)) === slot ? undefined : 'its id is not found from its home')
  return found === undefined ? [] : [`slot ${slot}: ${found}`]
}

/** The texts fill the words that are in use, exactly; names are as long as is said and may be, and metadata come in pairs. */
function textProblem({ memory, layout, records }: SessionStore, slot: number): string | undefined {
  const words = new Int32Array(memory)
  const used = Atomics.load(words, records.recordAt(slot) + RECORD.textWords)
  if (used < 0 || used > layout.textWords) return 'it claims more text than there is room for'
  const text = words.subarray(records.textAt(slot), records.textAt(slot) + used)
  let texts = 0
  let names = 0
  let at = 0
  for (; at < text.length; texts++) {
    const taken = wordsAt(text, at)
    at += taken
    if (texts >= NAMES) continue
    if (taken > 1 + MAX_TEXT_BYTES / 4) return 'a name is longer than it may be'
    names = at
  }
  if (names !== records.nameWords(slot)) return 'its metadata do not begin where it says'
  if (at !== text.length) return 'its texts do not end where they should'
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

function places(store: SessionStore, taken: readonly number[]): string[] {
  const occupied = store.stat('occupied')
  return occupied === taken.length ? [] : [`${occupied} places are counted, ${taken.length} slots are taken`]
}
