/** What the threads could do if each call were one step, or few, as the contract says. */
import type { Call } from '../../clients/calls.ts'
import { Refusal } from '../../model/refusal.ts'
import { Acceptor } from './acceptor.ts'
import { canStep, isAsleep, keyOf } from './machine.ts'
import type { Machine, Moved, State } from './machine.ts'
import type { Output } from './rehearsal.ts'

/** A state, and for each thread how its call has ended, if it only has to return. */
export interface Whole {
  readonly state: State
  readonly outputs: readonly (Output | undefined)[]
}

/** The most accesses of a step. The explorer lets a call go on for more before it takes the call for one that waits. */
const MOST_ACCESSES = 500

export class WholeCalls extends Acceptor<Whole> {
  readonly #machine: Machine

  constructor(machine: Machine) {
    super()
    this.#machine = machine
  }

  protected first(): Whole {
    const { initial } = this.#machine
    return { state: initial, outputs: initial.threads.map(() => undefined) }
  }

  protected keyOf({ state, outputs }: Whole): string {
    return `${outputs.map((output) => output?.text ?? '-').join('|')};${keyOf(state)}`
  }

  protected begun({ state, outputs }: Whole, thread: number, call: Call): Whole {
    const { state: after, output } = this.#machine.begin(state, thread, call)
    return { state: after, outputs: outputs.with(thread, output) }
  }

  protected moves(whole: Whole): readonly Whole[] {
    const { state, outputs } = whole
    return state.threads.flatMap((_, thread) => {
      if (outputs[thread] !== undefined || !canStep(state, thread)) return []
      const moved = this.#unit(state, thread)
      return moved === undefined ? [] : [{ state: moved.state, outputs: outputs.with(thread, moved.output) }]
    })
  }

  protected ended({ state, outputs }: Whole, thread: number, { text }: Output): Whole | undefined {
    return outputs[thread]?.text === text ? { state, outputs: outputs.with(thread, undefined) } : undefined
  }

  protected hasEnded({ outputs }: Whole): boolean {
    return outputs.some((output) => output !== undefined)
  }

  /** Takes the next unit of a thread; returns undefined if that is a call that would not go through. */
  #unit(state: State, thread: number): Moved | undefined {
    const { opens } = state.threads[thread]!.access!
    let moved = this.#machine.step(state, thread)
    for (let accesses = 1; accesses < MOST_ACCESSES; accesses++) {
      if (isAsleep(moved.state, thread)) return opens ? undefined : moved
      const access = moved.output === undefined ? moved.state.threads[thread]!.access : undefined
      if (access?.within !== true) return moved
      moved = this.#machine.step(moved.state, thread)
    }
    if (opens) return undefined
    throw new Refusal('a call that no other thread disturbs does not end')
  }
}
