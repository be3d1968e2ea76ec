/**
 * Visits: runs an actor again, without effect, as far as a given place in its log, to look at the code that it has come to there.
 */
import type { Actor } from '../../model/actor.ts'
import { rawStack } from '../positions.ts'
import type { Runs } from '../runs.ts'
import { Histories } from './histories.ts'

export class Visits {
  /** The index in the running actor's log from which on `pass` is to be called for each access; Infinity for none. */
  watchFrom = Infinity
  readonly histories = new Histories()
  readonly #runs: Runs
  /** The stack at the end of each history. */
  readonly #stacks = new Map<number, string>()
  /** What to do when the visited actor comes to the end of its log. */
  #atEnd: () => void = () => {}

  constructor(runs: Runs) {
    this.#runs = runs
  }

  /** The actor that runs to be looked at has come to the end of its log. */
  arrive(): void {
    this.#atEnd()
  }

  /** Runs an actor as far as its log had `length` entries, and then `work` where it has come to. */
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

  /** The stack of an actor that is running, and has just come to where its log ends. */
  stackHere(actor: Actor, end: number): string {
    const history = this.histories.of(actor, end)
    let stack = this.#stacks.get(history)
    if (stack === undefined) this.#stacks.set(history, (stack = rawStack()))
    return stack
  }

  /**
   * The stack of an actor where its log had `length` entries. The run that shows it shows those that come after too: they
   * are mostly asked for next.
   */
  stackAt(actor: Actor, length: number): string {
    const known = this.#stacks.get(this.histories.of(actor, length))
    if (known !== undefined) return known
    this.watchFrom = length
    this.visit(actor, actor.log.length, () => {})
    this.watchFrom = Infinity
    return this.#stacks.get(this.histories.of(actor, length)) ?? ''
  }

  /** The actor that runs comes to an access in its log whose place is asked for. */
  pass(actor: Actor): void {
    this.#stacks.set(this.histories.of(actor, actor.cursor), rawStack())
  }
}
