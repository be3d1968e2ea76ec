/** A step in a few words: what it did, and to which word. */
import type { RecordedStep } from '../replay/recording.ts'

/** Returns a step as text. `actors`: the names of the actors, by their indexes. */
export function stepText(step: RecordedStep, actors: readonly string[]): string {
  const { action, location, before, after, result } = step
  switch (action) {
    case 'wait':
      if (result === 'not-equal') return `${location} = ${before}, stays awake`
      return `${location} = ${before}, ${step.slept ? 'sleeps' : 'time is up at once'}`
    case 'crash':
      return '✝ crashes'
    case 'timeout':
      return `${location}: time is up, wakes`
    case 'notify':
      return `${location}: wakes ${step.woken.length === 0 ? 'none' : step.woken.map((actor) => actors[actor]).join(', ')}`
    case 'compareExchange':
      return step.writes ? `${location} ${before} → ${after}` : `${location} = ${before}, not exchanged`
    default:
      return step.writes ? `${location} ${before} → ${after}` : `${location} = ${before}`
  }
}

/** Returns the name of a called function, without its class: `lock()` for `Mutex.lock`. */
export function callText(call: string): string {
  const name = call.slice(call.lastIndexOf('.') + 1)
  return name === '<anonymous>' || name === '' ? '(anonymous)()' : `${name}()`
}

/** Whether a step is only the begin or the return of a call, and touches no memory. */
export function isEvent({ action }: RecordedStep): boolean {
  return action === 'call' || action === 'return'
}
