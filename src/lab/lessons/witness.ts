/** What lessons share in finding a witness among recorded steps. */
import type { ObservedSession, SessionStep } from '../variants/watched.ts'
import type { Witness } from './bug.ts'

/** An operation of one worker, with all its steps. */
export interface Operation {
  readonly worker: number
  readonly steps: readonly SessionStep[]
}

/** Steps by operation, in the order in which the operations began; what came before the first operations is left out. */
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

/** The steps of several operations, as they happened. */
export function together(...operations: readonly Operation[]): SessionStep[] {
  return operations.flatMap(({ steps }) => steps).sort((a, b) => a.sequence - b.sequence)
}

/** An operation that wrote a session back, and the read that it computed from. */
export interface Change extends Operation {
  readonly read: SessionStep
  readonly write: SessionStep
}

export function changesIn(operations: readonly Operation[]): Change[] {
  return operations.flatMap((operation) => {
    const write = operation.steps.find(({ action }) => action === 'write')
    const read = operation.steps.findLast((step) => step.action === 'read' && step.sequence < (write?.sequence ?? 0))
    return write && read ? [{ ...operation, read, write }] : []
  })
}

/** Whether a change threw another's away: of the same session, written after its read and before its write. */
export function overwrites(later: Change, { worker, write }: Change): boolean {
  const between = later.read.sequence < write.sequence && write.sequence < later.write.sequence
  return between && later.worker !== worker && later.write.session!.id === write.session!.id
}

/** Two operations that read one access count and wrote the same next one. */
export function findLostCount(steps: readonly SessionStep[]): readonly SessionStep[] | undefined {
  const changes = changesIn(operationsOf(steps))
  for (const later of changes) {
    const lost = changes.find((other) => overwrites(later, other) && countIn(later.read) === countIn(other.read))
    if (lost) return together(later, lost)
  }
  return undefined
}

export function countIn({ session }: SessionStep): number {
  return session!.accessCount
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
