/**
 * What contracts cover: which accesses of an actor are one step together, and whether the scenario uses a class in a way that its
 * contract does not cover. Then the explorer explores the class inside from then on, and starts the search over.
 */
import { Kind } from '../model/access.ts'
import type { Access } from '../model/access.ts'
import type { Actor, CoveredCall } from '../model/actor.ts'
import type { CoveredMethod } from '../model/covered-method.ts'
import type { CoveredObject } from '../model/covered-object.ts'
import { atLine } from './positions.ts'

/** What the explorer makes of covered calls: see EngineOptions. */
export type Contracts = 'units' | 'gates' | 'none'

/** The map of words has words of this many bytes. */
const WORD = 4

export class Coverage {
  /** Whether accesses of functions that are not actors count: not before the actors have begun. */
  begun = false
  /** Whether some accesses are parts of covered calls: from the first such call on. */
  isActive: boolean
  /** Whether an actor has come to a call that is taken only when it would go through. */
  hasGates = false
  readonly #makesUnits: boolean
  /** The number of covered calls that a function of the scenario that is not an actor is in. */
  #outside = 0
  #isClosed = false
  /** Why classes are explored inside, by their names. */
  readonly excluded = new Map<string, string>()
  /** The classes whose calls have been made one step, or few. */
  readonly used = new Set<string>()
  readonly #uncovered: () => void
  /** The objects that words belong to: words that one call touches belong to one object. */
  readonly #objects = new Map<number, CoveredObject>()
  /** Who has touched a word outside covered calls. */
  readonly #bare = new Map<number, string>()

  /** Coverage calls `uncovered` when what the explorer has explored so far does not count: it took accesses for what they are not. */
  constructor(contracts: Contracts, uncovered: () => void) {
    this.isActive = contracts === 'gates'
    this.#makesUnits = contracts === 'units'
    this.#uncovered = uncovered
  }

  /** A text that changes when the actors must be started again. */
  get version(): string {
    return `${this.isActive} ${this.excluded.size}`
  }

  /** Notes that a call begins; `actor` is undefined if a function that is not an actor makes it. */
  begins(actor: Actor | undefined, method: CoveredMethod, self: object): void {
    if (!this.#covers(method)) return
    if (actor === undefined) this.#outside++
    else actor.calls.push({ method, callers: method.callers(self), at: actor.cursor, object: undefined })
    if (this.isActive) return
    this.isActive = true
    this.#uncovered()
  }

  /** Notes that the call that began last has ended, and returns it; undefined if it was not covered, or of no actor. */
  ends(actor: Actor | undefined, method: CoveredMethod): CoveredCall | undefined {
    if (actor === undefined) this.#outside = Math.max(0, this.#outside - Number(this.#covers(method)))
    return this.#covers(method) ? actor?.calls.pop() : undefined
  }

  #covers({ of }: CoveredMethod): boolean {
    return !this.#isClosed && !this.excluded.has(of)
  }

  /** Whether the access is in a unit of its call. */
  isInUnit({ part }: Access): boolean {
    return part !== undefined && this.#makesUnits
  }

  /** Whether the access is one step with the one before it. */
  joins(access: Access): boolean {
    return this.isInUnit(access) && access.within
  }

  /** Notes an access that an actor has come to, and says what it is a part of. */
  note(actor: Actor, access: Access): void {
    const { calls } = actor
    const innermost = calls.at(-1)
    if (innermost === undefined) return this.touch(access, actor.name)
    this.#cover(access, actor, innermost)
    const whole = calls.find(({ method }) => method.waits !== 'within')
    const opens = whole?.method.waits === 'before' && actor.lastSince(whole.at) === undefined
    const before = actor.lastSince(calls[0]!.at)
    const isSleep = whole === undefined && (access.kind === Kind.WAIT || access.kind === Kind.NOTIFY)
    const within = !opens && !isSleep && before !== undefined && before.access.kind !== Kind.WAIT
    access.part = { method: calls[0]!.method, within, opens }
    this.hasGates ||= opens
  }

  /** Notes an access of a function of the scenario that is not an actor. */
  noteOutside(range: Range): void {
    if (this.begun && this.#outside === 0) this.touch(range, 'a function of the scenario')
  }

  /** Notes that somebody has touched a run of bytes outside covered calls. */
  touch(range: Range, who: string): void {
    for (const word of wordsOf(range)) {
      const object = this.#objects.get(word)
      if (object === undefined && this.#bare.has(word)) continue
      const why = `${who} uses its memory by itself${atLine().replaceAll(/\s+/g, ' ')}`
      this.#bare.set(word, why)
      if (object !== undefined) this.exclude(object.of, why)
    }
  }

  #cover(access: Access, { index }: Actor, call: CoveredCall): void {
    const { of, name } = call.method
    this.used.add(of)
    call.object &&= wholeOf(call.object)
    for (const word of wordsOf(access)) {
      const bare = this.#bare.get(word)
      if (bare !== undefined) this.exclude(of, bare)
      const known = this.#objects.get(word)
      call.object ??= known ?? { of, actors: 0, calls: 0, into: undefined }
      if (known !== undefined && known !== call.object) this.#replace(known, call.object)
      this.#objects.set(word, call.object)
    }
    const { object } = call
    if (object === undefined) return
    object.actors |= 1 << index
    const actors = bitsIn(object.actors)
    if (actors > call.callers) this.exclude(of, `${actors} actors call ${name}, which is for ${call.callers}`)
    this.#compare(object, call.method)
  }

  /** Compares how actors use an object with what the proofs cover: for more actors, they may cover fewer calls. */
  #compare({ actors, calls }: CoveredObject, method: CoveredMethod): void {
    const users = bitsIn(actors)
    if (!method.covers(users, 0)) this.exclude(method.of, `${users} actors use one, more than is proved`)
    else if (!method.covers(users, calls))
      this.exclude(
        method.of,
        `${users} actors use one, and an actor makes more calls of ${method.name} than are proved`,
      )
  }

  /** Makes two objects one, because a call has touched words of both. */
  #replace(one: CoveredObject, by: CoveredObject): void {
    by.actors |= one.actors
    by.calls = Math.max(by.calls, one.calls)
    one.into = by
    for (const [word, object] of this.#objects) if (object === one) this.#objects.set(word, by)
  }

  /** Notes that a call of an actor has ended, and what it returned. */
  ended(actor: Actor, { method, at }: CoveredCall, output: unknown, threw: boolean): void {
    const { of, name, pair } = method
    // A method may call another one of its class: only what the caller has called counts.
    if (actor.calls.some((outer) => outer.method.of === of)) return
    if (threw) return this.exclude(of, `${actor.name}'s call of ${name} throws`)
    const calls = (actor.callsOf.get(of) ?? 0) + Number(method.counted)
    actor.callsOf.set(of, calls)
    const first = actor.log.slice(at, actor.cursor).find(({ access }) => access.kind !== Kind.LOCAL)
    const object = first === undefined ? undefined : this.#objects.get(wordAt(first.access.at))
    if (object === undefined) return
    // The calls of a class count together, whichever of its objects they are of.
    object.calls = Math.max(object.calls, calls)
    this.#compare(object, method)
    if (pair === undefined) return
    const taken = [...actor.taken].find((each) => wholeOf(each) === object)
    if ((pair === 'gives') !== (taken !== undefined))
      this.exclude(of, `${actor.name} calls ${name} ${pair === 'gives' ? 'without having it' : 'again'}`)
    if (taken !== undefined) actor.taken.delete(taken)
    else if (output !== false) actor.taken.add(object)
  }

  /** Covers no call from now on. */
  close(): void {
    this.#isClosed = true
  }

  exclude(of: string, why: string): void {
    if (this.excluded.has(of)) return
    this.excluded.set(of, why)
    this.used.delete(of)
    this.#uncovered()
  }

  /** Forgets which words were touched. */
  startOver(): void {
    this.#objects.clear()
    this.#bare.clear()
  }
}

/** Returns the object that an object has turned out to be a part of, or itself. */
function wholeOf(object: CoveredObject): CoveredObject {
  return object.into === undefined ? object : wholeOf(object.into)
}

type Range = Pick<Access, 'at' | 'size'>

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
