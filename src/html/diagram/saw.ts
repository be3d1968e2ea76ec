/** Which write each read of a schedule saw, and what happens before what. */
import type { RecordedStep } from '../../explore/replay/recording.ts'
import { isEvent } from '../../explore/report/step-text.ts'

/** An arrow from the row of one step to that of a later one, by their positions from 0. */
export interface Arrow {
  readonly from: number
  readonly to: number
}

const ONLY_WRITES: ReadonlySet<string> = new Set(['store', 'write', 'write bytes', 'notify', 'crash', 'timeout'])

function reads(step: RecordedStep): boolean {
  return !ONLY_WRITES.has(step.action) && !isEvent(step)
}

/** Returns an arrow to each read from the last write to the same location, if another actor made it. */
export function readsFrom(steps: readonly RecordedStep[]): Arrow[] {
  const writers = new Map<string, number>()
  return steps.flatMap((step, to) => {
    const from = writers.get(step.location)
    if (step.writes) writers.set(step.location, to)
    if (from === undefined || !reads(step) || steps[from]!.actor === step.actor) return []
    return [{ from, to }]
  })
}

const PLAIN: ReadonlySet<string> = new Set(['read', 'write', 'read bytes', 'write bytes'])

/**
 * Returns the arrows between actors that order a schedule: from an atomic write to an atomic read that saw it, and from a notify to the
 * step of the sleeper that it woke. A plain access orders nothing.
 */
export function happensBefore(steps: readonly RecordedStep[]): Arrow[] {
  const isAtomic = (position: number): boolean => !PLAIN.has(steps[position]!.action)
  const seen = readsFrom(steps).filter(({ from, to }) => isAtomic(from) && isAtomic(to))
  const woken = steps.flatMap((step, from) =>
    step.woken.flatMap((actor) => {
      const to = steps.findIndex((later, position) => position > from && later.actor === actor)
      return to < 0 ? [] : [{ from, to }]
    }),
  )
  return [...seen, ...woken]
}
