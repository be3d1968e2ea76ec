/**
 * Checks whether an actor's last round left everything as it was. Three checks must agree. A prediction knows what the
 * code does (round.ts). A snapshot sees what the code has done to the variables (snapshot.ts). A lookahead lets the
 * actor go on, and sees whether it makes the same accesses again (lookahead.ts).
 */
import { Kind } from '../../model/access.ts'
import type { IsExpected, Lookahead } from '../lookahead.ts'
import type { Surroundings } from './equal-accesses.ts'
import { inspection } from './inspection.ts'
import type { CallFrame, Inspection } from './inspection.ts'
import { answersOf, lastRound } from './last-round.ts'
import type { Arrival } from './last-round.ts'
import { predict, withoutValues } from './predict.ts'
import type { Prediction } from './predict.ts'
import { Snapshot } from './snapshot.ts'
import { MissedVariable } from './values.ts'
import type { Visits } from './visits.ts'

/** What an inspection has found. */
export interface Inspected {
  /**
   * The actor's last round, if it left everything as it was. Then the actor has been in every state of its next round,
   * and the steps of other actors were tried in each of them.
   */
  readonly repeated?: Prediction
  /** Why the last round did not leave everything as it was, if a prediction says so. */
  readonly changed?: string | undefined
  /** For each length of a round, why the next round would not repeat the last one; undefined if it would. */
  readonly obstacles: readonly (string | undefined)[]
  /** Whether the result may depend on a variable that V8 has optimised away. */
  readonly misses: boolean
}

const CANNOT_RUN: Inspected = { obstacles: ['cannot be run again'], misses: false }
const CANNOT_READ: Inspected = { obstacles: ['its code or its variables cannot be read'], misses: false }

/** Checks the rounds of actors. */
export class RoundChecks {
  readonly #surroundings: Surroundings
  readonly #visits: Visits
  readonly #lookahead: Lookahead
  /** What inspections have found, by the history of the actor and the lengths: where it is the same, so are its variables. */
  readonly #inspected = new Map<string, Inspected>()

  constructor(surroundings: Surroundings, visits: Visits, lookahead: Lookahead) {
    this.#surroundings = surroundings
    this.#visits = visits
    this.#lookahead = lookahead
  }

  /**
   * Inspects the actor before its last round, of the first of these lengths, and after it. If V8 has optimised away
   * variables on which the result may depend, inspects code that is not optimised. Otherwise the result would depend on
   * how often the code has run.
   */
  inspect(arrival: Arrival, lengths: readonly number[]): Inspected {
    const key = `${this.#visits.histories.of(arrival.actor, arrival.end)} ${lengths.join()}`
    let found = this.#inspected.get(key)
    if (found === undefined) {
      found = this.#inspectOnce(arrival, lengths)
      if (found.misses) found = inspection()?.withUnoptimised(() => this.#inspectOnce(arrival, lengths)) ?? found
      this.#inspected.set(key, found)
    }
    return found
  }

  #inspectOnce(arrival: Arrival, lengths: readonly number[]): Inspected {
    const { actor, end } = arrival
    const inspector = inspection()
    if (inspector === undefined) return CANNOT_READ
    const made = new Set(actor.log.filter(({ access }) => access.kind === Kind.LOCAL).map(({ result }) => result))
    const length = lengths[0]!
    const answers = answersOf(arrival, length)
    let round: Prediction | undefined
    let before: Snapshot | undefined
    let found = CANNOT_RUN
    this.#visits.visitTwice(
      actor,
      end - length,
      end,
      () => {
        inspector.inspect((frames) => {
          round = answers && predict(inspector, frames, answers)
          if (round?.obstacle === undefined) before = new Snapshot(inspector, frames, made)
        })
      },
      () => {
        const seen = inspector.inspect((frames): Inspected => {
          if (round !== undefined && round.obstacle === undefined && before !== undefined)
            return compared(round, before, new Snapshot(inspector, frames, made), lengths)
          const next = lengths.map((each) => nextRound(inspector, frames, arrival, each))
          const obstacles = next.map((each) => (typeof each === 'string' ? each : each.obstacle?.reason))
          const misses = [round, ...next].some(
            (each) => typeof each === 'object' && each.obstacle instanceof MissedVariable,
          )
          return { changed: round?.obstacle?.reason, obstacles, misses }
        })
        found = seen ?? CANNOT_READ
      },
    )
    return found
  }

  /** Whether the actor, if it goes on alone, makes the accesses of its last round again and again. */
  repeatsAlone(arrival: Arrival, length: number): boolean {
    const { regions } = this.#surroundings
    const expected = lastRound(arrival, length).map(({ access }): IsExpected => {
      // A buffer that a round makes is another one in each round.
      return regions.isOwn(access.at) ? ({ kind }) => kind === access.kind : (next) => next.same(access)
    })
    return this.#lookahead.repeats(arrival.actor, expected)
  }
}

/** Returns what the snapshots before and after a round say of it, which the prediction has not refused. */
function compared(round: Prediction, before: Snapshot, after: Snapshot, lengths: readonly number[]): Inspected {
  const misses = before.misses || after.misses
  const changed = before.changeTo(after)
  if (changed === undefined) return { repeated: withoutValues(round), obstacles: [], misses }
  // The prediction was wrong, so the next round is not predicted either.
  return { obstacles: lengths.map(() => `changes ${changed} from round to round`), misses: false }
}

/** Returns the prediction of the next round, or why there is none. */
function nextRound(
  inspector: Inspection,
  frames: readonly CallFrame[],
  arrival: Arrival,
  length: number,
): Prediction | string {
  const answers = answersOf(arrival, length)
  return answers === undefined ? 'reads a clock or draws a random number' : predict(inspector, frames, answers)
}
