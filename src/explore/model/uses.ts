/**
 * How a scenario uses the objects that contracts cover: which words belong to an object, which actors use it and how often, and which
 * words are touched outside covered calls. Each word that one call touches belongs to one object.
 *
 * What is known can be given to another thread, and put together with what is known there: whether a contract covers a use depends
 * on all schedules together.
 */
import type { Access } from './access.ts'
import type { CoveredCall } from './actor.ts'
import type { CoveredObject } from './covered-object.ts'
import { isCovered } from './covered-method.ts'

/** What is known, as plain data. */
export interface KnownUses {
  /** The words that were touched outside covered calls, and by whom. */
  readonly bare: readonly (readonly [word: number, why: string])[]
  readonly objects: readonly KnownObject[]
}

export type KnownObject = Pick<CoveredObject, 'of' | 'proved' | 'callers' | 'actors' | 'calls'> & {
  readonly words: readonly number[]
}

export const NO_USES: KnownUses = { bare: [], objects: [] }

/** Called with the name of a class that its contract does not cover as it is used, and why. */
export type Uncovered = (of: string, why: string) => void

export type Range = Pick<Access, 'at' | 'size'>

/** The map of words has words of this many bytes. */
const WORD = 4

export class Uses {
  readonly #uncovered: Uncovered
  readonly #objects = new Map<number, CoveredObject>()
  readonly #bare = new Map<number, string>()

  constructor(uncovered: Uncovered) {
    this.#uncovered = uncovered
  }

  /** What is known. */
  get known(): KnownUses {
    const words = new Map<CoveredObject, number[]>()
    for (const [word, object] of this.#objects) words.set(object, [...(words.get(object) ?? []), word])
    const objects = [...words].map(([{ of, proved, callers, actors, calls }, own]) => {
      return { of, proved, callers, actors, calls, words: own }
    })
    return { bare: [...this.#bare], objects }
  }

  /** Knows what is known elsewhere as well. */
  add({ bare, objects }: KnownUses): void {
    for (const [word, why] of bare) this.#touch(word, () => why)
    for (const { words, ...each } of objects) {
      const object = { ...each, into: undefined }
      for (const word of words) this.#give(word, object)
      this.#judge(object, `${each.of}’s methods`)
    }
  }

  clear(): void {
    this.#objects.clear()
    this.#bare.clear()
  }

  /** Notes that somebody touches a run of bytes outside covered calls. */
  touch(range: Range, why: () => string): void {
    for (const word of wordsOf(range)) this.#touch(word, why)
  }

  #touch(word: number, why: () => string): void {
    const object = this.#objects.get(word)
    if (object === undefined && this.#bare.has(word)) return
    const text = this.#bare.get(word) ?? why()
    this.#bare.set(word, text)
    if (object !== undefined) this.#uncovered(object.of, text)
  }

  /** Notes that an actor touches a run of bytes in a covered call. */
  cover(range: Range, actor: number, call: CoveredCall): void {
    const words = wordsOf(range)
    if (words.length === 0) return
    const { of, name, proved } = call.method
    const known = words.map((word) => this.#objects.get(word)).find((each) => each?.of === of)
    const before = call.object && wholeOf(call.object)
    const object = before ?? known ?? { of, proved, callers: Infinity, actors: 0, calls: 0, into: undefined }
    for (const word of words) this.#give(word, object)
    call.object = object
    object.actors |= 1 << actor
    object.callers = Math.min(object.callers, call.callers)
    this.#judge(object, name)
  }

  /** Notes how many counted calls an actor has made of the class of an object with its last call of `name`. */
  count(object: CoveredObject, calls: number, name: string): void {
    object.calls = Math.max(object.calls, calls)
    this.#judge(object, name)
  }

  /** The object that the first byte of an access belongs to. */
  at({ at }: Range): CoveredObject | undefined {
    return this.#objects.get(wordAt(at))
  }

  /** Makes a word belong to an object, with all others of the object that it has belonged to so far. */
  #give(word: number, object: CoveredObject): void {
    const bare = this.#bare.get(word)
    if (bare !== undefined) this.#uncovered(object.of, bare)
    const known = this.#objects.get(word)
    if (known !== undefined && known.of !== object.of) this.#share(known, object)
    else if (known !== undefined && known !== object) this.#replace(known, object)
    this.#objects.set(word, object)
  }

  /** Two classes use one word: neither contract knows what the other's calls do to it. */
  #share({ of: one }: CoveredObject, { of: other }: CoveredObject): void {
    this.#uncovered(one, `it shares memory with ${other}`)
    this.#uncovered(other, `it shares memory with ${one}`)
  }

  #replace(one: CoveredObject, by: CoveredObject): void {
    by.actors |= one.actors
    by.calls = Math.max(by.calls, one.calls)
    by.callers = Math.min(by.callers, one.callers)
    one.into = by
    for (const [word, object] of this.#objects) if (object === one) this.#objects.set(word, by)
  }

  /** Compares how actors use an object with what the proofs cover: for more actors, they may cover fewer calls. */
  #judge({ of, proved, callers, actors, calls }: CoveredObject, name: string): void {
    const users = bitsIn(actors)
    if (users > callers) this.#uncovered(of, `${users} actors call ${name}, which is for ${callers}`)
    if (!isCovered(proved, users, 0)) this.#uncovered(of, `${users} actors use one, more than is proved`)
    else if (!isCovered(proved, users, calls))
      this.#uncovered(of, `${users} actors use one, and an actor makes more calls of ${name} than are proved`)
  }
}

/** Whether what is known here and there means together that a class is used in a way that its contract does not cover. */
export function usesContradict(one: KnownUses, other: KnownUses): boolean {
  if (one.objects.length === 0 && other.objects.length === 0) return false
  let contradict = false
  const uses = new Uses(() => (contradict = true))
  uses.add(one)
  uses.add(other)
  return contradict
}

/** Returns what is known here and there. */
export function usesTogether(one: KnownUses, other: KnownUses): KnownUses {
  const uses = new Uses(() => {})
  uses.add(one)
  uses.add(other)
  return uses.known
}

/** Returns the object that an object has turned out to be a part of, or itself. */
export function wholeOf(object: CoveredObject): CoveredObject {
  return object.into === undefined ? object : wholeOf(object.into)
}

function wordAt(at: number): number {
  return Math.floor(at / WORD)
}

function wordsOf({ at, size }: Range): number[] {
  if (at < 0) return []
  const first = wordAt(at)
  return Array.from({ length: wordAt(at + size - 1) - first + 1 }, (_, index) => first + index)
}

function bitsIn(set: number): number {
  let count = 0
  for (let left = set; left !== 0; left &= left - 1) count++
  return count
}
