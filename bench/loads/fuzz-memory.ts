/** Damaged memories of session stores, each made from its seed. */
import { randomNumbers } from '../../src/explore/model/random-numbers.ts'
import { allocateSessionStore, layoutOf } from '../../src/store/allocate.ts'
import { WRITING, ownedBy } from '../../src/store/control.ts'
import { HEADER, NOTES } from '../../src/store/layout.ts'
import type { StoreLayout } from '../../src/store/layout.ts'
import { SessionManager } from '../../src/store/manager.ts'
import { notesAt } from '../../src/store/notes.ts'

/** The agents that every memory has notes of, as if they had been killed. No thread has these numbers. */
export const KILLED = [900_001, 900_002] as const

/** The ids of the sessions that a memory has, or had: live ones, deleted and expired ones, and a dead letter. */
export const IDS = ['a', 'b', 'a longer id, of many characters', 'wide \u0100', 'expires', 'deleted', 'dead'] as const

/** A generator of whole numbers below a limit. */
export type Below = (limit: number) => number

export function below(seed: number): Below {
  const next = randomNumbers(seed)
  return (limit) => Math.floor(next() * limit)
}

/** Returns the memory of a seed. The header is whole in most, so that a manager attaches. */
export function damagedMemory(seed: number): SharedArrayBuffer {
  const random = below(seed)
  const memory = filledStore(random)
  const layout = layoutOf(memory)
  const words = new Int32Array(memory)
  noteKilledAgents(words, layout, random)
  const damages = [flipAnywhere, flipInOneRegion, randomWords, randomRegion, telling, telling, header, resized]
  return damages[random(damages.length)]!({ memory, words, layout, random }) ?? memory
}

const refuse = (): never => {
  throw new Error('the row is locked')
}
const refusing = { fetch: () => undefined, store() {}, delete: refuse, close() {} }

function filledStore(random: Below): SharedArrayBuffer {
  const memory = allocateSessionStore({
    capacity: 7 + random(random(20) === 0 ? 20_000 : 60),
    nameBytes: 100 + random(285),
    metadataBytes: 64 + random(400),
    agents: random(6),
  })
  const sessions = new SessionManager(memory)
  for (const [index, id] of IDS.entries()) sessions.createSession(`u${index}`, 'n', { id, metadata: metadataOf(index) })
  for (const id of IDS) sessions.incrementAccess(id)
  sessions.deleteSession('dead')
  new SessionManager(memory, { database: refusing }).runCleanup({ mostAttempts: 1, look: Infinity })
  sessions.deleteSession('deleted')
  sessions.touch('expires', 1)
  return memory
}

/** Texts of JSON, so that the sessions are those of an express store as well. */
function metadataOf(index: number): Map<string, string> {
  const texts = [
    ['cookie', '{}'],
    ['k', '"v"'],
    ['\u0100', '"\u0101"'],
  ] as const
  return new Map(texts.slice(0, 1 + (index % 3)))
}

/** Makes notes of agents that were killed: one inside a session, and one that mended what the first has left. */
function noteKilledAgents(words: Int32Array, layout: StoreLayout, random: Below): void {
  for (let number = 0; number < Math.min(layout.agents, 2); number++) {
    const at = notesAt(layout, number)
    words[at + NOTES.agent] = KILLED[number]!
    const slot = random(layout.slots)
    words[at + NOTES.slot] = slot
    words[at + NOTES.write] = random(5)
    words[layout.at.session + layout.fields.session.at(slot)] = ownedBy(KILLED[number]!, WRITING)
  }
}

interface Damage {
  readonly memory: SharedArrayBuffer
  readonly words: Int32Array
  readonly layout: StoreLayout
  readonly random: Below
}

const HEADER_WORDS = 16

function flipIn({ words, random }: Damage, from: number, end: number): void {
  for (let flips = 1 + random(1 + random(200)); flips > 0; flips--) words[from + random(end - from)]! ^= 1 << random(32)
}

function flipAnywhere(damage: Damage): void {
  flipIn(damage, HEADER_WORDS, damage.words.length)
}

function flipInOneRegion(damage: Damage): void {
  const [from, end] = regionIn(damage)
  flipIn(damage, from, end)
}

function randomWords({ words, random }: Damage): void {
  for (let at = HEADER_WORDS; at < words.length; at++) words[at] = anyWord(random)
}

function randomRegion(damage: Damage): void {
  const { words, random } = damage
  const [from, end] = regionIn(damage)
  for (let at = from; at < end; at++) words[at] = anyWord(random)
}

/** Puts words here and there that say something: the greatest and the least number, small ones, and states with owners. */
function telling(damage: Damage): void {
  const { words, random } = damage
  const [from, end] = random(2) === 0 ? regionIn(damage) : [HEADER_WORDS, words.length]
  for (let left = 1 + random(100); left > 0; left--) words[from + random(end - from)] = tellingWord(random)
}

function tellingWord(random: Below): number {
  const words = [0, -1, 2 ** 31 - 1, -(2 ** 31), random(64), random(4096), random(16), (random(4) << 4) | random(16)]
  return words[random(words.length)]!
}

function anyWord(random: Below): number {
  return random(4) === 0 ? tellingWord(random) : random(2 ** 32) | 0
}

function header({ words, random }: Damage): void {
  const names = Object.values(HEADER)
  for (let left = 1 + random(3); left > 0; left--) {
    const at = names[random(names.length)]!
    words[at] = random(2) === 0 ? anyWord(random) : words[at]! ^ (1 << random(32))
  }
}

/** Returns a memory that is longer or shorter, by whole words or not. */
function resized({ memory, random }: Damage): SharedArrayBuffer {
  const size = random(2) === 0 ? random(memory.byteLength) : memory.byteLength + random(100) - 50
  const other = new SharedArrayBuffer(size)
  new Uint8Array(other).set(new Uint8Array(memory, 0, Math.min(size, memory.byteLength)))
  return other
}

/** Returns the first word and the end of a region: counters, notes, the index, all records, or what comes first in one record. */
function regionIn({ layout, words, random }: Damage): [from: number, end: number] {
  const { stats, notes, index, session } = layout.at
  const record = session + layout.fields.session.at(random(layout.slots))
  const regions: [number, number][] = [
    [stats, notes],
    [notes, index],
    [index, session],
    [session, words.length],
    [record, record + 32],
  ]
  // Without agents there are no notes.
  const [from, end] = regions[random(regions.length)]!
  return from < end ? [from, end] : [session, words.length]
}
