/** Finds a witness in the recorded steps of a run. The lessons share these functions. */
import type { ObservedSession, SessionStep } from '../variants/watched.ts'
import type { Witness } from './lesson.ts'

/** One operation of one worker, with all its steps. */
export interface Operation {
  readonly worker: number
  readonly steps: readonly SessionStep[]
}

/**
 * Groups steps by operation, in the order in which the operations began. Steps before a worker's first operation are left
 * out.
 */
export function operationsOf(steps: readonly SessionStep[]): Operation[] {
  const operations = new Map<string, SessionStep[]>()
  for (const step of steps) {
    if (step.operation === 0) continue
    const key = `${step.worker}/${step.operation}`
    const known = operations.get(key)
    if (known) known.push(step)
    else operations.set(key, [step])
  }
  return [...operations.values()].map((each) => ({ worker: each[0]!.worker, steps: each }))
}

/** Merges the steps of several operations into the order in which they happened. */
export function merged(...operations: readonly Operation[]): SessionStep[] {
  return operations.flatMap(({ steps }) => steps).sort((a, b) => a.sequence - b.sequence)
}

/** An operation that wrote a session, with its write and the read that it computed the write from. */
export interface Change extends Operation {
  readonly read: SessionStep
  readonly write: SessionStep
}

/** Returns the operations that wrote a session. */
export function changesIn(operations: readonly Operation[]): Change[] {
  return operations.flatMap((operation) => {
    const write = operation.steps.find(({ action }) => action === 'write')
    const read = operation.steps.findLast((step) => step.action === 'read' && step.sequence < (write?.sequence ?? 0))
    return write && read ? [{ ...operation, read, write }] : []
  })
}

/**
 * Returns whether `later` overwrote another worker's change of the same session: that write lies between its read and its
 * write.
 */
export function overwrites(later: Change, { worker, write }: Change): boolean {
  const between = later.read.sequence < write.sequence && write.sequence < later.write.sequence
  return between && later.worker !== worker && later.write.session!.id === write.session!.id
}

/**
 * Returns the steps of two operations that read the same access count and wrote the same next one; undefined if there are
 * none.
 */
export function findLostCount(steps: readonly SessionStep[]): readonly SessionStep[] | undefined {
  const changes = changesIn(operationsOf(steps))
  for (const later of changes) {
    const lost = changes.find((other) => overwrites(later, other) && countIn(later.read) === countIn(other.read))
    if (lost) return merged(later, lost)
  }
  return undefined
}

/** Returns the access count that a step saw. */
export function countIn({ session }: SessionStep): number {
  return session!.accessCount
}

/** Shows a session in the same form beside each step that saw it, and in the store's column from that step on. */
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
