/** What lessons share in finding a witness among recorded steps. */
import type { ObservedSession, Step } from '../load.ts'
import type { Witness } from './bug.ts'

/** An operation of one worker, with all its steps. */
export interface Operation {
  readonly worker: number
  readonly steps: readonly Step[]
}

/** Steps by operation, in the order in which the operations began; what came before the first operations is left out. */
export function operationsOf(steps: readonly Step[]): Operation[] {
  const operations = new Map<string, Step[]>()
  for (const step of steps) {
    if (step.operation === 0) continue
    const key = `${step.worker}/${step.operation}`
    const known = operations.get(key)
    if (known) known.push(step)
    else operations.set(key, [step])
  }
  return [...operations.values()].map((each) => ({ worker: each[0]!.worker, steps: each }))
}

/** The steps of several operations, as they happened. */
export function together(...operations: readonly Operation[]): Step[] {
  return operations.flatMap(({ steps }) => steps).sort((a, b) => a.sequence - b.sequence)
}

/** Shows sessions in one way: beside each step that saw one, and in the store's column from then on. */
export function showing(show: (session: ObservedSession) => string): Pick<Witness, 'detail' | 'store'> {
  return {
    detail: ({ session, detail }) => (session ? show(session) : detail),
    store(steps) {
      const first = steps.find(({ session }) => session !== undefined)?.session
      let held = first ? show(first) : ''
      return steps.map(({ session }) => {
        if (session) held = show(session)
        return held
      })
    },
  }
}
