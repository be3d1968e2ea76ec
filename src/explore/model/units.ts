/**
 * Dependence between units. A unit is given as its first step. Two units depend on each other if a step of one depends on a step of the
 * other.
 */
import type { Actor, Step } from './actor.ts'
import { commute, dependent } from './dependence.ts'

/** Returns all steps of a unit. */
export function stepsOf(unit: Step): readonly Step[] {
  return unit.rest === undefined ? [unit] : [unit, ...unit.rest]
}

/** Whether two units depend on each other, whatever else has happened. */
export function unitsDepend(one: Step, other: Step): boolean {
  return anyPair(one, other, dependent)
}

/** Whether two units, taken from the same state one after the other, lead to the same state in both orders. */
export function unitsCommute(one: Step, other: Step): boolean {
  if (one.rest === undefined && other.rest === undefined) return commute(one, other)
  return !anyPair(one, other, (first, second) => !commute(first, second))
}

/** Whether a unit has woken an actor. */
export function woke(unit: Step, actor: Actor): boolean {
  return wakes(unit, actor) || (unit.rest !== undefined && unit.rest.some((step) => wakes(step, actor)))
}

function wakes({ woken }: Step, actor: Actor): boolean {
  return woken !== undefined && woken.some((wait) => wait.actor === actor)
}

function anyPair(one: Step, other: Step, is: (first: Step, second: Step) => boolean): boolean {
  return stepsOf(one).some((first) => stepsOf(other).some((second) => is(first, second)))
}
