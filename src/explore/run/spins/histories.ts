/**
 * Histories: a number for each sequence of steps that an actor can have taken, as far as the steps are told apart. If
 * they are told apart by their answers, the number stands for a state of the actor. An actor is deterministic: in two
 * runs with the same answers it is at the same point, with the same values in its variables.
 */
import type { Actor, Step } from '../../model/actor.ts'
import { Kind } from '../../model/access.ts'

/** Numbers the histories of actors. */
export class Histories {
  readonly #numbers = new Map<string, number>()
  /** A step's index in its log never changes, nor do the steps before it. */
  readonly #known = new WeakMap<Step, number>()
  readonly #textOf: (step: Step) => string

  /** `textOf` returns different texts for steps that are to be told apart. */
  constructor(textOf: (step: Step) => string) {
    this.#textOf = textOf
  }

  /** Returns the number of the actor's first `length` steps. */
  of({ index, log }: Actor, length: number): number {
    let from = length
    let number: number | undefined
    while (from > 0 && number === undefined) number = this.#known.get(log[--from]!)
    if (number === undefined) number = this.#number(`actor ${index}`)
    else from++
    for (; from < length; from++) {
      const step = log[from]!
      number = this.#number(`${number} ${this.#textOf(step)}`)
      // A wait whose end was undone may end differently the next time.
      if (step.access.kind !== Kind.WAIT) this.#known.set(step, number)
    }
    return number
  }

  #number(key: string): number {
    let number = this.#numbers.get(key)
    if (number === undefined) this.#numbers.set(key, (number = this.#numbers.size))
    return number
  }
}

/** Returns a text that is the same for equal answers only. */
export function answerText({ access, result }: Step): string {
  if (access.kind === Kind.LOCAL && typeof result === 'object') return 'an object'
  return `${typeof result} ${Object.is(result, -0) ? '-0' : String(result)}`
}

/** Returns a text that is the same for accesses of one kind to one address, whatever their answers. */
export function accessText({ access: { kind, at } }: Step): string {
  return `${kind} ${at}`
}
