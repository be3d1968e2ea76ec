/**
 * verify: checks every invariant of a store that no thread is using. If threads do use the store, it may report operations that
 * are under way.
 */
import { hashOf } from '../../memory/hash.ts'
import { wordsAt } from '../../memory/text.ts'
import { sizesIn } from '../allocate.ts'
import { ACTIVE, CLAIMED, DEAD_LETTER, DELETED, FREE, stateOf } from '../control.ts'
import { controlProblem, textProblem } from '../damage.ts'
import { CorruptStoreError } from '../errors.ts'
import { ENTRY, ENTRY_WORDS, HEADER, LAYOUT_VERSION, MAGIC, NOTES, RECORD, SIZES } from '../layout.ts'
import { notesAt } from '../notes.ts'
import { decodeId, makeImage } from '../record.ts'
import type { Image } from '../record.ts'
import type { SessionStore } from '../store.ts'

/** The states in which a slot may be while no operation is under way. */
const QUIET = new Set([FREE, ACTIVE, DELETED, DEAD_LETTER])

/** Returns one line of text for each violated invariant; an empty list if there is none. One pass over the slots. */
export function verify(store: SessionStore): string[] {
  const words = new Int32Array(store.memory)
  const slots = Array.from({ length: store.layout.slots }, (_, slot) => slot)
  const taken = slots.filter((slot) => stateOf(store.records.control(slot)) !== FREE)
  return [
    ...headerProblems(store, words),
    ...slots.flatMap((slot) => reachProblems(store, words, slot)),
    ...slotProblems(store, words, taken),
    ...countProblems(store, taken),
    ...notesProblems(store, words),
  ]
}

/** Agents read the header when they attach. It must still say what it said then, for those that attach later. */
function headerProblems({ layout }: SessionStore, words: Int32Array): string[] {
  const sizes = sizesIn(words)
  const isWhole =
    words[HEADER.magic] === MAGIC &&
    words[HEADER.layoutVersion] === LAYOUT_VERSION &&
    SIZES.every((name) => sizes[name] === layout[name])
  return isWhole ? [] : ['the header is not as it was when this thread attached']
}

function reachProblems({ layout }: SessionStore, words: Int32Array, home: number): string[] {
  const reach = words[layout.at.index + home * ENTRY_WORDS + ENTRY.reach]!
  return reach >= 0 && reach <= layout.slots
    ? []
    : [`the index: a search from slot ${home} would go over ${reach} slots, and there are ${layout.slots}`]
}

function slotProblems(store: SessionStore, words: Int32Array, taken: readonly number[]): string[] {
  const image = makeImage(store.layout.textWords)
  const ids = new Set<string>()
  return taken.flatMap((slot) => {
    store.records.copyOut(slot, image)
    const found = stateProblem(store, slot) ?? recordProblem(image)
    if (found !== undefined) return [`slot ${slot}: ${found}`]
    const id = decodeId(image)
    const problems = ids.has(id) ? [`two sessions have the id ${JSON.stringify(id)}`] : []
    ids.add(id)
    const place = placeProblem(store, words, slot, image)
    if (place !== undefined) problems.push(place)
    return problems.map((problem) => `slot ${slot}: ${problem}`)
  })
}

function stateProblem({ records }: SessionStore, slot: number): string | undefined {
  const control = records.control(slot)
  const state = stateOf(control)
  if (QUIET.has(state)) return undefined
  return (
    controlProblem(control) ??
    `it was left in state ${state}, by an agent that was stopped in the middle of an operation`
  )
}

function recordProblem({ record, text }: Image): string | undefined {
  const texts = textProblem(text, record[RECORD.nameWords]!, record[RECORD.textWords]!)
  if (texts !== undefined) return texts
  if (stateOf(record[RECORD.born]!) !== CLAIMED)
    return 'the word that tells it from earlier sessions is no control word'
  if (record[RECORD.isAuthenticated]! >>> 0 > 1) return 'it is neither authenticated nor not'
  if (record[RECORD.prefetch] !== 0) return 'the word that is always 0 is not'
  return TIMES.map((name) => timeProblem(record, name)).find((problem) => problem !== undefined)
}

const TIMES = ['lastActivity', 'cacheTime', 'expiresAt'] as const
/** The high word of the latest and, negative, of the earliest time of a `Date`; and of the latest time of expiry. */
const MAX_HIGH = Math.floor(8.64e15 / 2 ** 32)
const MAX_EXPIRY_HIGH = Math.floor(Number.MAX_SAFE_INTEGER / 2 ** 32)

function timeProblem(record: Int32Array, name: (typeof TIMES)[number]): string | undefined {
  const high = record[RECORD[name] + 1]!
  const [least, most] = name === 'expiresAt' ? [0, MAX_EXPIRY_HIGH] : [-MAX_HIGH - 1, MAX_HIGH]
  return high >= least && high <= most ? undefined : `its ${name} is no time`
}

/** Checks that a search finds the session. */
function placeProblem(store: SessionStore, words: Int32Array, slot: number, image: Image): string | undefined {
  const hash = words[store.layout.at.index + slot * ENTRY_WORDS + ENTRY.hash]
  if (hash !== hashOf(image.text.subarray(0, wordsAt(image.text, 0))))
    return 'a search for its id does not find it: the hash is not that of the id'
  try {
    const found = store.slotOf(decodeId(image))
    // A second session with the id is named as that.
    return found === undefined ? 'a search for its id does not find it' : undefined
  } catch (damage) {
    if (!(damage instanceof CorruptStoreError)) throw damage
    return 'a search for its id does not find it: the index is damaged'
  }
}

function countProblems(store: SessionStore, taken: readonly number[]): string[] {
  const problems: string[] = []
  const occupied = store.stat('occupied')
  // A count that is known to be too high is no problem: before a session is refused, the slots are counted again.
  const isKnown = store.stat('isMiscounted') === 1 && occupied > taken.length
  if (occupied !== taken.length && !isKnown)
    problems.push(`the count of taken slots is ${occupied}, but ${taken.length} slots are taken`)
  if (store.stat('isMiscounted') > 1)
    problems.push('the word that says whether the count of taken slots is right is neither 0 nor 1')
  const counter = store.stat('recount')
  if (counter !== 0) problems.push(`the count of taken slots waits for agent ${counter}, which is counting`)
  if (store.stat('unlistedBegun') !== store.stat('unlistedEnded'))
    problems.push('an agent without notes was stopped while it changed the count of taken slots')
  return problems
}

/** Checks that no agent is in the middle of an operation, by its notes. */
function notesProblems({ layout }: SessionStore, words: Int32Array): string[] {
  return Array.from({ length: layout.agents }, (_, number) => notesAt(layout, number)).flatMap((at, number) => {
    const word = (name: 'agent' | 'section' | 'open' | 'mender'): number => words[at + NOTES[name]]!
    if (word('agent') < 0 || word('agent') >= 2 ** 28)
      return [`notes ${number}: they name agent ${word('agent')}, and there is none`]
    const isQuiet = (word('section') & 1) === 0 && word('open') === 0 && word('mender') === 0
    return isQuiet ? [] : [`notes ${number}: agent ${word('agent')} was stopped in the middle of an operation`]
  })
}
