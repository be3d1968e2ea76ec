/**
 * A step in a few words: what it did to which word.
 */
import type { RecordedStep } from '../replay/recording.ts'

/** `actors` are the names; steps know only numbers. */
export function stepText(step: RecordedStep, actors: readonly string[]): string {
  const { action, place, before, after, result } = step
  switch (action) {
    case 'wait':
      if (result === 'not-equal') return `${place} = ${before}, stays awake`
      return `${place} = ${before}, ${step.slept ? 'sleeps' : 'time is up at once'}`
    case 'timeout':
      return `${place}: time is up, wakes`
    case 'notify':
      return `${place}: wakes ${step.woken.length === 0 ? 'none' : step.woken.map((actor) => actors[actor]).join(', ')}`
    case 'compareExchange':
      return step.writes ? `${place} ${before} → ${after}` : `${place} = ${before}, not exchanged`
    default:
      return step.writes ? `${place} ${before} → ${after}` : `${place} = ${before}`
  }
}

/** `Mutex.lock` reads as `lock()` does. */
export function callText(call: string): string {
  const name = call.slice(call.lastIndexOf('.') + 1)
  return name === '<anonymous>' || name === '' ? '(anonymous)()' : `${name}()`
}
