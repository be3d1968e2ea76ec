/**
 * A visit runs an actor again, without effect, up to a given index in its log, so that the explorer can look at the
 * code at that point.
 */
import type { Actor } from '../../model/actor.ts'
import { rawStack } from '../positions.ts'
import type { Runs } from '../runs.ts'
import { answerText, Histories } from './histories.ts'

/** Visits actors at points of their logs, and keeps the stacks there. */
export class Visits {
  /** The indexes in the running actor's log at which the engine calls `pass`; undefined for none. */
  watched: ReadonlySet<number> | undefined
  readonly histories = new Histories(answerText)
  readonly #runs: Runs
  /** The stacks that are known, by the number of the history that leads to them. */
  readonly #stacks = new Map<number, string>()
  /** What to do when the visited actor comes to the end of its log. */
  #atEnd: () => void = () => {}
  /** What to do at a watched access; undefined to keep its stack. */
  #onTheWay: (() => void) | undefined

  constructor(runs: Runs) {
    this.#runs = runs
  }

  /** Called by the engine when the visited actor comes to the end of its log. */
  arrive(): void {
    this.#atEnd()
  }

  /** Runs an actor as if its log had only `length` entries, and calls `work` at the access that comes next. */
  visit(actor: Actor, length: number, work: () => void): void {
    const { log } = actor
    const rest = log.splice(length)
    const before = this.#atEnd
    this.#atEnd = work
    this.#runs.resume(actor, 'visit')
    this.#atEnd = before
    log.push(...rest)
    actor.cursor = log.length
  }

  /** Records the stack of the running actor, which has just come to the end of its log. */
  record(actor: Actor, end: number): void {
    const history = this.histories.of(actor, end)
    if (!this.#stacks.has(history)) this.#stacks.set(history, rawStack())
  }

  /** Returns the stacks of an actor at the accesses with these indexes in its log; undefined if one is not known. */
  knownStacks(actor: Actor, indexes: readonly number[]): readonly string[] | undefined {
    const stacks: string[] = []
    for (const index of indexes) {
      const stack = this.#stacks.get(this.histories.of(actor, index))
      if (stack === undefined) return undefined
      stacks.push(stack)
    }
    return stacks
  }

  /** Returns the same stacks. Runs the actor again if one is not known. */
  stacksAt(actor: Actor, indexes: readonly number[]): readonly string[] {
    const known = (index: number): string | undefined => this.#stacks.get(this.histories.of(actor, index))
    const unknown = indexes.filter((index) => known(index) === undefined)
    if (unknown.length > 0) {
      this.watched = new Set(unknown)
      this.visit(actor, actor.log.length, () => {})
      this.watched = undefined
    }
    return indexes.map((index) => known(index) ?? '')
  }

  /** Called by the engine when the running actor comes to a watched access of its log. */
  pass(actor: Actor): void {
    if (this.#onTheWay !== undefined) this.#onTheWay()
    else this.#stacks.set(this.histories.of(actor, actor.cursor), rawStack())
  }

  /** Runs an actor as `visit` does, and calls `onTheWay` at the access with the index `from` in its log. */
  visitTwice(actor: Actor, from: number, length: number, onTheWay: () => void, atEnd: () => void): void {
    this.watched = new Set([from])
    this.#onTheWay = onTheWay
    this.visit(actor, length, atEnd)
    this.#onTheWay = undefined
    this.watched = undefined
  }
}
