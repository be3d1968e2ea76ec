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
      number = this.#number(`${number} ${answerOf(step)}`)
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

function answerOf({ access, result }: Step): string {
  return access.kind === Kind.LOCAL && typeof result === 'object' ? 'an object' : `${typeof result} ${String(result)}`
}
