/**
 * Changes that were overwritten by an actor that did not know of them: it had read the word before, and wrote it without
 * looking again, or put back what it had read. These are facts of one schedule; whether one of them is the bug, a reader sees.
 */
import type { Recording, RecordedStep } from '../replay/recording.ts'
import { isBlindWrite } from './call-entries.ts'

/** How many to tell of: what is lost with one word is lost with its neighbours too. */
const MOST = 2

/** A sentence for each, in the order of the writes that overwrote. */
export function lostUpdates({ actors, steps }: Recording): string[] {
  const words = new Map<string, History>()
  const sentences: string[] = []
  for (const [position, step] of steps.entries()) {
    const history = words.get(step.place) ?? { reads: new Map(), change: undefined }
    words.set(step.place, history)
    const sentence = overwritten(history, step, position, actors)
    if (sentence !== undefined) sentences.push(sentence)
    remember(history, step, position)
  }
  return sentences.slice(0, MOST)
}

interface At {
  readonly step: RecordedStep
  readonly position: number
}

/** What happened to one word so far. */
interface History {
  /** For each actor, its last look before the last change by another, and whether it has looked since. */
  readonly reads: Map<number, { read: At; sinceChange: boolean }>
  change: At | undefined
}

function overwritten(
  { reads, change }: History,
  step: RecordedStep,
  position: number,
  actors: readonly string[],
): string | undefined {
  const known = reads.get(step.actor)
  if (known === undefined || change === undefined || !isBlindWrite(step)) return undefined
  const { read, sinceChange } = known
  const isStale = change.step.actor !== step.actor && change.position > read.position && read.step.after !== step.before
  if (!isStale || (sinceChange && step.after !== read.step.after)) return undefined
  const [own, other] = [actors[step.actor], actors[change.step.actor]]
  return (
    `${own} knew ${step.place} = ${read.step.after} (step ${read.position + 1}), ${other} made it ${change.step.after} ` +
    `(step ${change.position + 1}), ${own} wrote ${step.after} over it (step ${position + 1})`
  )
}

function remember(history: History, step: RecordedStep, position: number): void {
  const { reads, change } = history
  if (step.action === 'notify' || step.action === 'timeout') return
  const known = reads.get(step.actor)
  const isSinceChange =
    change !== undefined &&
    change.step.actor !== step.actor &&
    known !== undefined &&
    known.read.position < change.position
  if (step.before === step.after && isSinceChange) known.sinceChange = true
  else reads.set(step.actor, { read: { step, position }, sinceChange: false })
  if (step.before !== step.after) history.change = { step, position }
}
