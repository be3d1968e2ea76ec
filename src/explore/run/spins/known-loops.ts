/**
 * What is known of a loop from its source alone. Many loops carry nothing, whatever values their variables hold. For
 * these it is enough to predict a round once for each set of answers, and the actor need not be inspected again.
 */
import type { Step } from '../../model/actor.ts'
import type { AnyNode } from 'acorn'
import { conversions } from '../../model/conversions.ts'
import { answerText } from './histories.ts'
import type { CallFrame, Inspection } from './inspection.ts'
import { predict } from './predict.ts'
import type { Prediction } from './predict.ts'

interface KnownLoop {
  /** The stacks of the round's accesses. */
  readonly stacks: readonly string[]
  readonly inspection: Inspection
  readonly frames: readonly CallFrame[]
  readonly accesses: readonly AnyNode[]
}

/** Keeps the loops that carry nothing. */
export class KnownLoops {
  readonly #loops = new Map<string, KnownLoop>()
  readonly #conversions = conversions.ofObjects
  readonly #known = new Map<string, boolean>()

  /** Whether a loop whose round starts at this stack has been recorded. */
  has(stack: string): boolean {
    return this.#loops.has(stack)
  }

  /** Records a round whose accesses have these stacks, and which carries nothing. Its variables have no values. */
  learn(stacks: readonly string[], { inspection, frames, accesses }: Prediction): void {
    const [stack = ''] = stacks
    this.#loops.set(stack, { stacks, inspection, frames, accesses })
  }

  /**
   * Whether a round whose accesses have these stacks is known to carry nothing with these answers. An actor that has
   * converted objects may run code that the source of the loop does not show.
   */
  carriesNothing(stacks: readonly string[], answers: readonly Step[] | undefined): boolean {
    const loop = this.#loops.get(stacks[0] ?? '')
    if (loop === undefined || answers === undefined || conversions.ofObjects !== this.#conversions) return false
    if (stacks.length !== loop.stacks.length || stacks.some((stack, at) => stack !== loop.stacks[at])) return false
    const key = `${stacks[0]} ${answers.map((step) => `${step.access.kind} ${answerText(step)}`).join()}`
    let known = this.#known.get(key)
    if (known === undefined) {
      this.#known.set(key, (known = repeatsRecorded(loop, answers)))
    }
    return known
  }
}

/**
 * Whether a round with these answers carries nothing, predicted without the values of variables. Which views are of
 * shared memory is then unknown, so the accesses must be at the positions of the recorded round.
 */
function repeatsRecorded({ inspection, frames, accesses }: KnownLoop, answers: readonly Step[]): boolean {
  const predicted = predict(inspection, frames, answers)
  if (predicted.obstacle !== undefined || predicted.accesses.length !== accesses.length) return false
  return predicted.accesses.every((node, index) => node === accesses[index])
}
