/**
 * Assesses what an actor that has repeated an access would do in its next round: repeat the last one, or carry
 * something on. Most repeated accesses are no loop, which their stacks show. Only for the rest is the actor run again,
 * so that its variables can be inspected.
 */
import type { Actor } from '../../model/actor.ts'
import { accessText, answerText, Histories } from './histories.ts'
import type { Lookahead } from '../lookahead.ts'
import type { Surroundings } from './equal-accesses.ts'
import { KnownLoops } from './known-loops.ts'
import { accessesOf, answersOf, lastRound } from './last-round.ts'
import type { Arrival } from './last-round.ts'
import type { RoundChecks } from './round-checks.ts'
import type { Visits } from './visits.ts'

/** The next round repeats the last one. */
export interface CarriesNothing {
  readonly kind: 'carries nothing'
  readonly length: number
  readonly stack: string
}

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
  | CarriesNothing
  /** The next round carries nothing, but the last one changed a variable, so the next one goes through new states. */
  | { readonly kind: 'settles' }
  | Carries
  /** The equal accesses before this one are at other positions in the source, so this is not a loop. */
  | { readonly kind: 'no loop' }

/** An access that an actor has made before. */
export interface Repetition extends Arrival {
  /** How many accesses ago the actor made an equal access, the nearest first. */
  readonly equal: readonly number[]
  /** Whether the actor has changed memory since. */
  readonly changes: boolean
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
  /** Whether an actor has come to a loop whose assessment may depend on what was found before. */
  hasLoops = false
  readonly #surroundings: Surroundings
  readonly #visits: Visits
  readonly #checks: RoundChecks
  readonly #lookahead: Lookahead
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
  /** The rounds that were inspected and that a lookahead has repeated, by the stack and the answers of their accesses. */
  readonly #tried = new Set<string>()

  /** `rounds`: how many more rounds of a loop that carries something are followed. */
  constructor(surroundings: Surroundings, visits: Visits, lookahead: Lookahead, checks: RoundChecks, rounds: number) {
    this.#surroundings = surroundings
    this.#visits = visits
    this.#lookahead = lookahead
    this.#checks = checks
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

  #courseOf({ actor, next, end, equal, changes }: Repetition): string {
    return `${this.#courses.of(actor, end)} ${next.kind} ${next.at} ${changes} ${equal.join()}`
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
      const found = fromStacks ?? this.#ending(repetition) ?? this.#inspect(repetition)
      return found.kind === 'carries nothing' ? this.#tryOut(repetition, found) : found
    })
  }

  /**
   * Lets the actor repeat a round that carries nothing, as far as a lookahead goes. If it does something else, the
   * prediction was wrong: code can do more than a prediction knows of.
   */
  #tryOut(repetition: Repetition, found: CarriesNothing): Assessment {
    const { length, stack } = found
    if (!this.#checks.repeatsAlone(repetition, length))
      return this.#carries(repetition, length, stack, 'ends by itself')
    this.#tried.add(roundKey(repetition, found))
    return found
  }

  #carries({ equal }: Repetition, length: number, stack: string, reason: string): Carries {
    if (!this.#carrying.has(stack)) this.#carrying.set(stack, { reason, cut: false })
    return { kind: 'carries', rounds: equal.length, length, stack, reason }
  }

  #remember<Found extends Assessment | undefined>(repetition: Repetition, find: () => Found): Assessment | Found {
    const { actor, end, equal, changes } = repetition
    const state = actor.waiting === undefined ? '' : this.#changesQueue(repetition) ? 'q' : 'w'
    const key = `${this.#visits.histories.of(actor, end)} ${state} ${changes} ${equal.join()}`
    const before = this.#found.get(key)
    const found = before ?? find()
    if (found === undefined) return found
    this.#found.set(key, found)
    if (found.kind !== 'no loop' && !(found.kind === 'carries' && changes)) this.hasLoops = true
    const isFollowed = found.kind === 'carries' && found.rounds <= this.#rounds
    if (found.kind === 'no loop' || isFollowed) this.#passed.add(this.#courseOf(repetition))
    return found
  }

  /**
   * Whether a round changes the order of the sleepers: a sleeper that times out and waits again moves to the end of the
   * queue.
   */
  #changesQueue({ actor, next }: Repetition): boolean {
    const { queues, queueOrder } = this.#surroundings.world
    return actor.waiting !== undefined && queues.lengthAt(next.at) > 1 && queueOrder.matters(next.at)
  }

  /** Returns what the stacks of the accesses show; undefined if the actor must be inspected. */
  #fromStacks(repetition: Repetition, stacksAt: StacksAt): Assessment | undefined {
    const { actor } = repetition
    const rounds = this.#roundsOf(repetition, stacksAt)
    if (rounds === undefined) return undefined
    const { stack, lengths } = rounds
    const [nearest] = lengths
    if (nearest === undefined) return { kind: 'no loop' }
    if (repetition.changes) return this.#carries({ ...repetition, equal: lengths }, nearest, stack, 'changes memory')
    const carries = { kind: 'carries', rounds: lengths.length, length: nearest, stack } as const
    if (this.#changesQueue(repetition)) return { ...carries, reason: 'changes the order of the sleepers' }
    if (this.#knownLoops.has(stack) && this.#tried.has(roundKey(repetition, { length: nearest, stack }))) {
      const stacks = stacksAt(actor, accessesOf(repetition, nearest))
      if (stacks === undefined) return undefined
      if (this.#knownLoops.carriesNothing(stacks, answersOf(repetition, nearest)))
        return { kind: 'carries nothing', length: nearest, stack }
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

  /**
   * Returns the assessment of a loop that ends by itself soon: it carries something. Undefined if it does not, or if nothing is known
   * of the loop yet. To run the actor alone is far cheaper than to inspect it.
   */
  #ending(repetition: Repetition): Assessment | undefined {
    const { stack, lengths } = this.#roundsOf(repetition, (...at) => this.#visits.stacksAt(...at))!
    const before = this.#carrying.get(stack)
    if (before === undefined || this.#lookahead.stepsToEnd(repetition.actor) === undefined) return undefined
    return { kind: 'carries', rounds: lengths.length, length: lengths[0]!, stack, reason: before.reason }
  }

  /** Inspects the actor before its last round and after it. */
  #inspect(repetition: Repetition): Assessment {
    const { stack, lengths } = this.#roundsOf(repetition, (...at) => this.#visits.stacksAt(...at))!
    const nearest = lengths[0]!
    const { repeated, obstacles, changed } = this.#checks.inspect(repetition, lengths.slice(0, MOST_LENGTHS))
    if (repeated !== undefined) {
      if (!this.#knownLoops.has(stack))
        this.#knownLoops.learn(this.#visits.stacksAt(repetition.actor, accessesOf(repetition, nearest)), repeated)
      return { kind: 'carries nothing', length: nearest, stack }
    }
    const fitting = lengths[obstacles.indexOf(undefined)]
    if (fitting !== undefined) {
      const settled = fitting !== nearest && this.#checks.inspect(repetition, [fitting]).repeated !== undefined
      if (settled) return { kind: 'carries nothing', length: fitting, stack }
      if (lengths.length <= this.#rounds) return { kind: 'settles' }
    }
    // A loop that would settle in its next round, and has not in several, carries something that is not predicted.
    const reason = obstacles[0] ?? changed ?? 'does not settle'
    return this.#carries({ ...repetition, equal: lengths }, nearest, stack, reason)
  }
}

function roundKey(repetition: Repetition, { length, stack }: Pick<CarriesNothing, 'length' | 'stack'>): string {
  return `${stack} ${lastRound(repetition, length)
    .map((step) => `${step.access.kind} ${answerText(step)}`)
    .join()}`
}
