/**
 * Histories: a number for each sequence of answers that an actor can have got. An actor is deterministic: in two runs
 * with the same answers it is at the same point, with the same values in its variables.
 */
import type { Actor, Step } from '../../model/actor.ts'
import { Kind } from '../../model/access.ts'

/** Numbers the histories of actors. */
export class Histories {
  readonly #numbers = new Map<string, number>()
  /** A step's index in its log never changes, nor do the steps before it. */
  readonly #known = new WeakMap<Step, number>()

  /** Returns the number of the actor's first `length` answers. */
  of({ index, log }: Actor, length: number): number {
    let from = length
    let number: number | undefined
    while (from > 0 && number === undefined) number = this.#known.get(log[--from]!)
    if (number === undefined) number = this.#number(`actor ${index}`)
    else from++
    for (; from < length; from++) {
      const step = log[from]!
      number = this.#number(`${number} ${answerText(step)}`)
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
