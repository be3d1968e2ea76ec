/**
 * Numbers for what an actor has been told so far. An actor is deterministic: where two of its runs were told the same, it is
 * in the same place with the same values in its variables.
 */
import type { Actor, Step } from '../../model/actor.ts'
import { Kind } from '../../model/access.ts'

export class Histories {
  readonly #numbers = new Map<string, number>()
  /** A step's place in its log never changes, nor what came before it. */
  readonly #known = new WeakMap<Step, number>()

  /** The number of the actor's first `length` answers. */
  of({ index, log }: Actor, length: number): number {
    let from = length
    let number: number | undefined
    while (from > 0 && number === undefined) number = this.#known.get(log[--from] as Step)
    if (number === undefined) number = this.#number(`actor ${index}`)
    else from++
    for (; from < length; from++) {
      const step = log[from] as Step
      number = this.#number(`${number} ${answerOf(step)}`)
      // A sleep that was undone may end otherwise the next time.
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
