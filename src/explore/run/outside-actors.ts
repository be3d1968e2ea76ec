/**
 * The functions of a scenario that are not actors: memory(), names(), observe() and invariant(). They run while no
 * actor runs, so their accesses are carried out at once and are not steps of a schedule.
 */
import { Kind, mayWrite } from '../model/access.ts'
import type { Operand } from '../model/elements.ts'
import { elementOf, perform } from '../model/perform.ts'
import type { SharedView } from '../model/shared-view.ts'
import type { LocalSource } from '../globals/controller.ts'
import { sourceOutsideActors } from './locals.ts'

/** Calls the scenario's functions that are not actors, and answers their accesses. */
export class OutsideActors {
  /** Whether a function of the scenario that is not an actor runs now. */
  active = false
  /** Called before each write to shared memory. */
  beforeWrite: ((view: SharedView) => void) | undefined
  readonly #seed: number
  readonly #refuse: (message: string) => never
  /** How many values from outside the shared memory the present call has asked for. */
  #draws = 0

  constructor(seed: number, refuse: (message: string) => never) {
    this.#seed = seed
    this.#refuse = refuse
  }

  /** Calls `work`, and returns its result. */
  call<Result>(work: () => Result): Result {
    this.active = true
    this.#draws = 0
    try {
      return work()
    } finally {
      this.active = false
    }
  }

  /** Returns the source for the next random number or time. The n-th source within a `call` is always the same. */
  source(): LocalSource {
    return sourceOutsideActors(this.#seed, this.#draws++)
  }

  /** Carries out an access at once. A notify wakes no actor, and a wait that would sleep forever is refused. */
  access(kind: Kind, view: SharedView, index: number, first: Operand, second: Operand): unknown {
    if (kind === Kind.NOTIFY) return 0
    if (kind === Kind.WAIT) {
      if (elementOf(view, index) !== first) return 'not-equal'
      return second === Infinity ? this.#refuse('Atomics.wait would sleep forever, since no actor runs.') : 'timed-out'
    }
    if (mayWrite(kind)) this.beforeWrite?.(view)
    return perform(kind, view, index, first, second)
  }
}
