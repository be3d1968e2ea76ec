/**
 * A schedule: which actor takes each step.
 */
import type { Step } from './actor.ts'

export type Schedule = readonly number[]

export function scheduleOf(trace: readonly Step[]): Schedule {
  return trace.map((step) => step.actor.index)
}

/** Whether an actor takes the turn from another that could have gone on. */
export function isPreemption(before: Step | undefined, step: Step): boolean {
  return before !== undefined && before.actor !== step.actor && (step.enabled & (1 << before.actor.index)) !== 0
}

export function preemptionsIn(trace: readonly Step[]): number {
  return trace.filter((step, position) => isPreemption(trace[position - 1], step)).length
}
