/**
 * Assesses what an actor that has repeated an access would do in its next round: repeat the last one, or carry
 * something on. Most repeated accesses are no loop, which their stacks show. Only for the rest is the actor run again,
 * so that its variables can be inspected.
 */
import type { Access } from '../../model/access.ts'
import type { Actor, Step } from '../../model/actor.ts'
import { Kind } from '../../model/access.ts'
import type { World } from '../../model/world.ts'
import { accessText, Histories } from './histories.ts'
import { inspection } from './inspection.ts'
import { KnownLoops } from './known-loops.ts'
import { predict } from './predict.ts'
import type { Visits } from './visits.ts'

/** The next round does something else, or may do so. */
export interface Carries {
  readonly kind: 'carries'
  readonly reason: string
  /** How often the actor has made this access while nothing changed. */
  readonly rounds: number
  readonly length: number
  readonly stack: string
}

/** What an actor that has repeated an access would do in its next round. */
export type Assessment =
  | { readonly kind: 'carries nothing'; readonly length: number }
  /** The next round carries nothing, but the last one changed a variable, so the next one goes through new states. */
  | { readonly kind: 'settles' }
  | Carries
  /** The equal accesses before this one are at other positions in the source, so this is not a loop. */
  | { readonly kind: 'no loop' }

/** An access that an actor has made before. */
export interface Repetition {
  readonly actor: Actor
  readonly next: Access
  /** How many entries of the actor's log lead up to the access. */
  readonly end: number
  /** How many accesses ago the actor made an equal access, the nearest first. */
  readonly equal: readonly number[]
}

/** Returns the stacks of an actor at the accesses with these indexes in its log; undefined if one is not known. */
type StacksAt = (actor: Actor, indexes: readonly number[]) => readonly string[] | undefined

/** The lengths of the rounds that a repetition may end, the nearest first, and the stack of their accesses. */
interface Rounds {
  readonly stack: string
  readonly lengths: readonly number[]
}

/**
 * How many lengths of a round are tried. More than one is needed: if a loop does something in every second pass, its
 * round is two passes.
 */
export const MOST_LENGTHS = 4

/** Assesses repetitions, and remembers what it has found. */
export class Assessments {
  readonly #world: World
  readonly #visits: Visits
  readonly #rounds: number
  readonly #found = new Map<string, Assessment>()
  /** Numbers the sequences of accesses that an actor can have made, whatever their answers. */
  readonly #courses = new Histories(accessText)
  /**
   * The repetitions that were found to be no loop, or one to be followed, by the course that leads to them. With other
   * answers the same course may lead elsewhere. Then a loop is found one or more rounds later, because each round makes
   * the course longer.
   */
  readonly #passed = new Set<string>()
  /** The loops that were found to carry something, by the stack of their access. */
  readonly #carrying = new Map<string, { readonly reason: string; cut: boolean }>()
  readonly #knownLoops = new KnownLoops()

  /** `rounds`: how many more rounds of a loop that carries something are followed. */
  constructor(world: World, visits: Visits, rounds: number) {
    this.#world = world
    this.#visits = visits
    this.#rounds = rounds
  }

  /** Forgets all that was found, so that each actor is assessed anew. */
  clear(): void {
    this.#found.clear()
    this.#passed.clear()
    this.#carrying.clear()
  }

  /** Records that a loop was cut off, given the stack of its access. It need not be inspected again. */
  noteCut(stack: string): void {
    const carrying = this.#carrying.get(stack)
    if (carrying !== undefined) carrying.cut = true
  }

  /** Forgets which loops were cut off. */
  forgetCuts(): void {
    for (const carrying of this.#carrying.values()) carrying.cut = false
  }

  /** Whether an actor that came to the access in the same way was found to be in no loop, or in one to be followed. */
  passed(repetition: Repetition): boolean {
    return this.#passed.has(this.#courseOf(repetition))
  }

  #courseOf({ actor, next, end, equal }: Repetition): string {
    return `${this.#courses.of(actor, end)} ${next.kind} ${next.at} ${equal.join()}`
  }

  /** Returns the assessment if it can be had without running the actor, which is at the access now. */
  known(repetition: Repetition): Assessment | undefined {
    return this.#remember(repetition, () =>
      this.#fromStacks(repetition, (actor, indexes) => this.#visits.knownStacks(actor, indexes)),
    )
  }

  /** Returns the assessment. May run the actor again. */
  of(repetition: Repetition): Assessment {
    return this.#remember(repetition, () => {
      const fromStacks = this.#fromStacks(repetition, (actor, indexes) => this.#visits.stacksAt(actor, indexes))
      return fromStacks ?? this.#inspect(repetition)
    })
  }

  #remember<Found extends Assessment | undefined>(repetition: Repetition, find: () => Found): Assessment | Found {
    const { actor, end, equal } = repetition
    const state = actor.waiting === undefined ? '' : this.#changesQueue(repetition) ? 'q' : 'w'
    const key = `${this.#visits.histories.of(actor, end)} ${state}${equal.join()}`
    const before = this.#found.get(key)
    if (before !== undefined) return before
    const found = find()
    if (found === undefined) return found
    this.#found.set(key, found)
    const isFollowed = found.kind === 'carries' && found.rounds <= this.#rounds
    if (found.kind === 'no loop' || isFollowed) this.#passed.add(this.#courseOf(repetition))
    return found
  }

  /**
   * Whether a round changes the order of the sleepers: a sleeper that times out and waits again moves to the end of the
   * queue.
   */
  #changesQueue({ actor, next }: Repetition): boolean {
    const { queues, queueOrder } = this.#world
    return actor.waiting !== undefined && queues.lengthAt(next.at) > 1 && queueOrder.matters(next.at)
  }

  /** Returns what the stacks of the accesses show; undefined if the actor must be inspected. */
  #fromStacks(repetition: Repetition, stacksAt: StacksAt): Assessment | undefined {
    const { actor, end } = repetition
    const rounds = this.#roundsOf(repetition, stacksAt)
    if (rounds === undefined) return undefined
    const { stack, lengths } = rounds
    const [nearest] = lengths
    if (nearest === undefined) return { kind: 'no loop' }
    const carries = { kind: 'carries', rounds: lengths.length, length: nearest, stack } as const
    if (this.#changesQueue(repetition)) return { ...carries, reason: 'changes the order of the sleepers' }
    if (this.#knownLoops.has(stack)) {
      const stacks = stacksAt(actor, accessesOf(actor, end, nearest))
      if (stacks === undefined) return undefined
      if (this.#knownLoops.carriesNothing(stacks, answersOf(actor, end, nearest)))
        return { kind: 'carries nothing', length: nearest }
    }
    const before = this.#carrying.get(stack)
    // Most loops that carry something end soon, so the loop is inspected again only when it is about to be cut off.
    // After a cut the exploration is incomplete in any case.
    if (before !== undefined && (carries.rounds <= this.#rounds || before.cut))
      return { ...carries, reason: before.reason }
    return undefined
  }

  #roundsOf({ actor, end, equal }: Repetition, stacksAt: StacksAt): Rounds | undefined {
    const [stack = ''] = this.#visits.knownStacks(actor, [end]) ?? []
    const before = stacksAt(
      actor,
      equal.map((length) => end - length),
    )
    return before && { stack, lengths: equal.filter((_, index) => before[index] === stack) }
  }

  /** Inspects the actor's variables before the last round and after it. */
  #inspect(repetition: Repetition): Assessment {
    const { actor, end } = repetition
    const { stack, lengths } = this.#roundsOf(repetition, (...at) => this.#visits.stacksAt(...at))!
    const nearest = lengths[0]!
    // The last round repeats the one before it, if it leaves everything as it was. The next round begins in the same
    // state, so it does too.
    if (this.#repeats(actor, end, nearest, stack)) return { kind: 'carries nothing', length: nearest }
    const obstacles = this.#obstacles(actor, end, lengths.slice(0, MOST_LENGTHS))
    const fitting = lengths[obstacles.indexOf(undefined)]
    if (fitting !== undefined) {
      const settled = fitting !== nearest && this.#repeats(actor, end, fitting)
      return settled ? { kind: 'carries nothing', length: fitting } : { kind: 'settles' }
    }
    const reason = obstacles[0] ?? 'cannot be run again'
    if (!this.#carrying.has(stack)) this.#carrying.set(stack, { reason, cut: false })
    return { kind: 'carries', rounds: lengths.length, length: nearest, stack, reason }
  }

  /**
   * Whether the actor's last round left every variable as it was. If so, the actor has already been in every state of
   * its next round, and the steps of other actors were tried in each of them. Records the loop if `stack` is given.
   */
  #repeats(actor: Actor, end: number, length: number, stack?: string): boolean {
    const answers = answersOf(actor, end, length)
    const inspector = inspection()
    if (answers === undefined || inspector === undefined) return false
    let learn: ((stacks: readonly string[]) => void) | undefined
    let repeats = false
    this.#visits.visit(actor, end - length, () => {
      inspector.inspect((frames) => {
        const { obstacle, accesses } = predict(inspector, frames, answers)
        repeats = obstacle === undefined
        learn = (stacks) => this.#knownLoops.learn(stacks, inspector, frames, accesses)
      })
    })
    if (repeats && stack !== undefined && !this.#knownLoops.has(stack))
      learn?.(this.#visits.stacksAt(actor, accessesOf(actor, end, length)))
    return repeats
  }

  /** Returns for each length of a round why the next round would not repeat the last one, or undefined if it would. */
  #obstacles(actor: Actor, end: number, lengths: readonly number[]): (string | undefined)[] {
    let found: (string | undefined)[] = []
    this.#visits.visit(actor, end, () => {
      const inspector = inspection()
      const obstacles = inspector?.inspect((frames) =>
        lengths.map((length) => {
          const answers = answersOf(actor, end, length)
          if (answers === undefined) return 'reads a clock or draws a random number'
          return predict(inspector, frames, answers).obstacle
        }),
      )
      found = obstacles ?? ['its code cannot be read']
    })
    return found
  }
}

/** Returns the indexes in the actor's log of the accesses of its last round. */
function accessesOf(actor: Actor, end: number, length: number): number[] {
  const indexes = Array.from({ length }, (_, at) => end - length + at)
  return indexes.filter((index) => actor.log[index]!.access.kind !== Kind.LOCAL)
}

/**
 * Returns the answers of the actor's last round; undefined if the actor got a value from outside the shared memory that
 * may differ the next time.
 */
function answersOf(actor: Actor, end: number, length: number): Step[] | undefined {
  const steps = actor.log.slice(end - length, end)
  return steps.some(isFromOutside) ? undefined : steps.filter(({ access }) => access.kind !== Kind.LOCAL)
}

/** Whether a step got a value from outside the shared memory that may differ in the next round. */
function isFromOutside({ access }: Step): boolean {
  return access.kind === Kind.LOCAL && access.source !== 'new SharedArrayBuffer'
}
