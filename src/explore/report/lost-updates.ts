/**
 * Finds lost updates: changes that an actor overwrote without having seen them. The actor had read the word before the
 * change, and then wrote it without reading it again, or wrote back the value that it had read. Each is a fact of one
 * schedule; the reader decides whether it is the bug.
 */
import type { Recording, RecordedStep } from '../replay/recording.ts'
import { isBlindWrite } from './call-entries.ts'

/** The largest number of lost updates to report: a lost update of one word often comes with those of its neighbours. */
const MOST = 2

/** Returns a sentence for each lost update, in the order of the overwriting writes. */
export function lostUpdates({ actors, steps }: Recording): string[] {
  const words = new Map<string, History>()
  const sentences: string[] = []
  for (const [position, step] of steps.entries()) {
    const history = words.get(step.location) ?? { reads: new Map(), change: undefined }
    words.set(step.location, history)
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

/** The accesses to one word so far. */
interface History {
  /**
   * For each actor: its last access before the last change by another actor, and whether it has read the word since.
   */
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
    `${own} knew ${step.location} = ${read.step.after} (step ${read.position + 1}), ${other} made it ${change.step.after} ` +
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
  // An actor knows the value that it has written, also if that is the value that was there.
  if (step.before === step.after && !step.writes && isSinceChange) known.sinceChange = true
  else reads.set(step.actor, { read: { step, position }, sinceChange: false })
  if (step.before !== step.after) history.change = { step, position }
}
