/**
 * Damage: words that no agent writes. An operation that turns a word into a length, a state or an agent checks it first, and throws
 * CorruptStoreError. It judges only words that are of one moment: a reader that races with a writer may read anything, and must discard it.
 */
import { WIDE, wordsAt } from '../memory/text.ts'
import { DEAD_LETTER, ownerOf, stateOf } from './control.ts'
import { CorruptStoreError } from './errors.ts'
import { MAX_TEXT_BYTES, NAMES } from './session.ts'

/** Returns the error for a slot whose texts, or what the record says of them, cannot be. `text` has all words that a slot has for text. */
export function corruptText(slot: number, text: Int32Array, nameWords: number, used: number): CorruptStoreError {
  const problem = textProblem(text, nameWords, used) ?? 'its texts changed while they were read'
  return new CorruptStoreError(`Slot ${slot} is damaged: ${problem}`)
}

/** Returns the error for a control word with a state that does not exist, or with an owner that is no agent. */
export function corruptControl(slot: number, control: number): CorruptStoreError {
  return new CorruptStoreError(`Slot ${slot} is damaged: ${controlProblem(control)}`)
}

/** Returns the error for an entry of the index that sends a search over more slots than there are, or over a negative number. */
export function corruptReach(home: number, reach: number, slots: number): CorruptStoreError {
  return new CorruptStoreError(
    `The index is damaged: a search from slot ${home} would go over ${reach} slots, and there are ${slots}`,
  )
}

/** Throws CorruptStoreError unless the number can be that of an agent. `what`: the word that has the number. */
export function checkAgent(agent: number, what: string): void {
  if (agent <= 0 || agent >= 2 ** 28) throw new CorruptStoreError(`${what} names agent ${agent}, and there is none`)
}

/** Returns what is wrong with a control word; undefined if nothing is. */
export function controlProblem(control: number): string | undefined {
  const state = stateOf(control)
  if (state > DEAD_LETTER) return `it is in state ${state}, which does not exist`
  return ownerOf(control) === 0 ? `in state ${state} an agent owns it, and the word names none` : undefined
}

/**
 * Returns what is wrong with the texts of a record; undefined if nothing is. The texts must exactly fill the words in use, the names must
 * have their recorded length and keep the limit, and metadata must come in pairs of keys and values, no key twice.
 */
export function textProblem(text: Int32Array, nameWords: number, used: number): string | undefined {
  if (used < 0 || used > text.length)
    return `it has more text than there is room for: ${bytes(used)} bytes, and ${bytes(text.length)} fit`
  const starts: number[] = []
  let at = 0
  for (; at < used; at += wordsAt(text, at)) starts.push(at)
  const names = [...starts, at].slice(0, NAMES + 1)
  const isTooLong = (name: number): boolean => names[name + 1]! - names[name]! > 1 + MAX_TEXT_BYTES / 4
  if (names.length > NAMES && [0, 1, 2].some(isTooLong)) return 'a name is longer than the limit'
  if (starts.length >= NAMES && names[NAMES] !== nameWords) return 'its metadata do not begin at the recorded word'
  if (at !== used) return 'its texts do not end at the recorded word'
  if (starts.length < NAMES || (starts.length - NAMES) % 2 !== 0) return 'a name, a key or a value is missing'
  const keys = starts.filter((_, index) => index >= NAMES && (index - NAMES) % 2 === 0)
  const words = keys.map((key) => text.subarray(key, key + wordsAt(text, key)).join())
  if (new Set(words).size < keys.length) return 'its metadata have a key twice'
  return starts.map((start) => encodingProblem(text, start)).find((problem) => problem !== undefined)
}

/** Returns why no agent encodes a text as the words at `at`; undefined if an agent may. Equal texts must have equal words. */
function encodingProblem(text: Int32Array, at: number): string | undefined {
  const header = text[at]!
  const size = header >>> 1
  const last = text[at + wordsAt(text, at) - 1]!
  if (size % 4 !== 0 && last >>> (8 * (size % 4)) !== 0) return `the text at word ${at} does not end with zeros`
  if ((header & WIDE) === 0) return undefined
  if (size % 2 !== 0) return `the text at word ${at} ends within a character`
  for (let word = at + 1; word < at + wordsAt(text, at); word++) if ((text[word]! & 0xff00_ff00) !== 0) return undefined
  return `the text at word ${at} takes two bytes for each character, and needs one`
}

function bytes(words: number): number {
  return 4 * (words >>> 0)
}
