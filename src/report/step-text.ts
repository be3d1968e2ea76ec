/**
 * A step, or a folded call, in a few words: what it did to which word.
 */
import type { RecordedStep } from '../explore/recording.ts'
import type { Folded } from './folding.ts'

/** `actors` are the names; steps know only numbers. */
export function foldedText({ call, steps }: Folded, actors: readonly string[]): string {
  const [first] = steps
  if (first === undefined) return ''
  if (steps.length === 1) {
    const text = stepText(first, actors)
    return call === undefined || call === '' ? text : `${text} · ${shortName(call)}()`
  }
  const changes = changesOf(steps)
  const last = steps.at(-1)
  // A call that the actor never comes back from ends in a sleep.
  if (last?.action === 'wait' && last.result === null) changes.push(stepText(last, actors))
  return changes.length === 0 ? `${shortName(call ?? '')}()` : `${shortName(call ?? '')}(): ${changes.join(', ')}`
}

export function stepText(step: RecordedStep, actors: readonly string[]): string {
  const { action, place, before, after, result } = step
  switch (action) {
    case 'wait':
      if (result === 'not-equal') return `${place} = ${before}, stays awake`
      return `${place} = ${before}, sleeps`
    case 'timeout':
      return `${place}: time is up, wakes`
    case 'notify':
      return step.woken.length === 0
        ? `${place}: nobody to wake`
        : `${place}: wakes ${step.woken.map((actor) => actors[actor]).join(', ')}`
    case 'compareExchange':
      return result === before && before !== after ? `${place} ${before} → ${after}` : `${place} = ${before}, left so`
    default:
      return step.writes ? `${place} ${before} → ${after}` : `${place} = ${before}`
  }
}

/** What a call changed in all, word by word; what it put back is left out. */
function changesOf(steps: readonly RecordedStep[]): string[] {
  const words = new Map<string, { before: string; after: string }>()
  for (const { place, before, after, writes } of steps) {
    if (!writes) continue
    words.set(place, { before: words.get(place)?.before ?? before, after })
  }
  return [...words]
    .filter(([, { before, after }]) => before !== after)
    .map(([place, { before, after }]) => `${place} ${before} → ${after}`)
}

/** `Mutex.lock` reads as `lock` does. */
function shortName(call: string): string {
  return call.slice(call.lastIndexOf('.') + 1)
}
