/**
 * What contracts cover: which accesses of an actor are one step together, and whether the scenario uses a class in a way that its
 * contract does not cover. Then the explorer explores the class inside from then on, and starts the search over.
 */
import { Kind } from '../model/access.ts'
import type { Access } from '../model/access.ts'
import type { Actor, CoveredCall } from '../model/actor.ts'
import type { CoveredMethod } from '../model/covered-method.ts'
import type { CoveredObject } from '../model/covered-object.ts'
import { Uses, wholeOf } from '../model/uses.ts'
import type { KnownUses, Range } from '../model/uses.ts'
import { atLine } from './positions.ts'

/** What the explorer makes of covered calls: see EngineOptions. */
export type Contracts = 'units' | 'gates' | 'none'

/** Which calls a thread takes for covered. */
export interface Scope {
  readonly isActive: boolean
  readonly excluded: readonly (readonly [of: string, why: string])[]
}

export class Coverage {
  /** Whether accesses of functions that are not actors count: not before the actors have begun. */
  begun = false
  /** Whether some accesses are parts of covered calls: from the first such call on. */
  isActive: boolean
  /** Whether an actor has come to a call that is taken only when it would go through. */
  hasGates = false
  readonly #isAlwaysActive: boolean
  readonly #makesUnits: boolean
  /** The number of covered calls that a function of the scenario that is not an actor is in. */
  #outside = 0
  /** Why classes are explored inside, by their names. */
  readonly excluded = new Map<string, string>()
  /** The classes whose calls have been made one step, or few. */
  readonly used = new Set<string>()
  readonly #uncovered: () => void
  readonly #uses = new Uses((of, why) => this.exclude(of, why))

  /** Coverage calls `uncovered` when what the explorer has explored so far does not count: it took accesses for what they are not. */
  constructor(contracts: Contracts, uncovered: () => void) {
    this.#isAlwaysActive = this.isActive = contracts === 'gates'
    this.#makesUnits = contracts === 'units'
    this.#uncovered = uncovered
  }

  /** A text that changes when the actors must be started again. */
  get version(): string {
    return `${this.isActive} ${this.excluded.size}`
  }

  /** Notes that a call begins, and returns it if it is covered. `actor` is undefined if a function that is not an actor makes it. */
  begins(actor: Actor | undefined, method: CoveredMethod, self: object): CoveredCall | undefined {
    const { of, name } = method
    if (this.excluded.has(of)) {
      const caller = actor?.calls.at(-1)?.method.of
      // Its proof takes the calls that it makes for steps.
      if (caller !== undefined) this.exclude(caller, `it calls ${name} of ${of}, which is explored inside`)
      return undefined
    }
    const call = { method, callers: method.callers(self), at: actor?.cursor ?? 0, object: undefined }
    if (actor === undefined) this.#outside++
    else actor.calls.push(call)
    if (!this.isActive) {
      this.isActive = true
      this.#uncovered()
    }
    return call
  }

  /** Notes that a call has ended. The class may have been excluded meanwhile. */
  ends(actor: Actor | undefined, call: CoveredCall): void {
    if (actor === undefined) this.#outside--
    else if (actor.calls.includes(call)) actor.calls.length = actor.calls.indexOf(call)
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
    if (!this.excluded.has(innermost.method.of)) this.used.add(innermost.method.of)
    this.#uses.cover(access, actor.index, innermost)
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
    this.#uses.touch(range, () => `${who} uses its memory by itself${atLine().replaceAll(/\s+/g, ' ')}`)
  }

  /** Notes that a call of an actor has ended, and what it returned. */
  ended(actor: Actor, { method, at }: CoveredCall, output: unknown, threw: boolean): void {
    const { of, name, pair } = method
    // A method may call another one of its class: only what the caller has called counts.
    if (actor.calls.some((outer) => outer.method.of === of)) return
    if (threw) return this.exclude(of, `${actor.name}'s call of ${name} throws`)
    const calls = (actor.callsOf.get(of) ?? 0) + Number(method.counted)
    actor.callsOf.set(of, calls)
    const object = this.#objectOf(actor, of, at)
    // The calls of a class count together, whichever of its objects they are of.
    if (object !== undefined) this.#uses.count(object, calls, name)
    if (pair === undefined) return
    if (object === undefined) return this.exclude(of, `${actor.name}'s call of ${name} touches no memory`)
    const taken = [...actor.taken].find((each) => wholeOf(each) === object)
    if ((pair === 'gives') !== (taken !== undefined))
      this.exclude(of, `${actor.name} calls ${name} ${pair === 'gives' ? 'without having it' : 'again'}`)
    if (taken !== undefined) actor.taken.delete(taken)
    else if (output !== false) actor.taken.add(object)
  }

  /** The object of a call that has just ended, of a class and begun `at` this entry of the actor's log. It may have called others. */
  #objectOf(actor: Actor, of: string, at: number): CoveredObject | undefined {
    let first: CoveredObject | undefined
    for (let index = at; index < actor.cursor; index++) {
      const { access } = actor.log[index]!
      const object = access.kind === Kind.LOCAL ? undefined : this.#uses.at(access)
      if (object?.of === of) return object
      first ??= object
    }
    return first
  }

  exclude(of: string, why: string): void {
    if (this.excluded.has(of)) return
    this.excluded.set(of, why)
    this.used.delete(of)
    // The next call of another class, if there is one, makes it active again.
    this.isActive = this.#isAlwaysActive
    this.#uncovered()
  }

  /** What is known of the uses of objects. */
  get uses(): KnownUses {
    return this.#uses.known
  }

  /** Knows from now on what is known elsewhere, and nothing else. */
  recall(uses: KnownUses): void {
    this.used.clear()
    this.#uses.clear()
    this.#uses.add(uses)
    for (const { of } of uses.objects) if (!this.excluded.has(of)) this.used.add(of)
  }

  /** What another thread needs to know, so that it takes the same calls for covered. */
  get scope(): Scope {
    return { isActive: this.isActive, excluded: [...this.excluded] }
  }

  /** Takes the same calls for covered as another thread. To be followed by a new start. */
  adopt({ isActive, excluded }: Scope): void {
    this.isActive = isActive
    this.excluded.clear()
    for (const [of, why] of excluded) this.excluded.set(of, why)
  }

  /** Forgets which words were touched. */
  startOver(): void {
    this.#uses.clear()
  }
}
