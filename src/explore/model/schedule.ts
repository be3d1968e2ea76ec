/**
 * A schedule says which actor takes each step.
 */
import type { Step } from './actor.ts'

/** The index of the actor that takes each step. */
export type Schedule = readonly number[]

/** Returns the schedule of a trace, or of its units: then it says which actor takes each unit. */
export function scheduleOf(trace: readonly Step[]): Schedule {
  return trace.map((step) => step.actor.index)
}

/** Returns the first steps of the units of a trace. */
export function unitsOf(trace: readonly Step[]): readonly Step[] {
  return trace.filter((step, position) => step.unit !== trace[position - 1]?.unit)
}

/** Whether the step takes the turn from another actor that could have taken a step here. */
export function isPreemption(before: Step | undefined, step: Step): boolean {
  return before !== undefined && before.actor !== step.actor && (step.enabled & (1 << before.actor.index)) !== 0
}

/** How many preemptions a trace has. */
export function preemptionsIn(trace: readonly Step[]): number {
  return trace.filter((step, position) => isPreemption(trace[position - 1], step)).length
}
