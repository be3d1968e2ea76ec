/** Models of locks. */
import type { Model } from '../model.ts'
import { unknownOperation } from './answers.ts'

/**
 * A lock for one process at a time. `lock` returns when the process has the lock; `tryLock` has as its output whether
 * the process got it; `unlock` gives it up. The state is the process that has the lock, null if none has.
 */
export const mutex: Model<number | string | null> = {
  name: 'mutex',
  init: () => null,
  step(holder, operation) {
    const { f, process, output, unknown = false } = operation
    switch (f) {
      case 'lock':
        return holder === null ? [process] : []
      case 'tryLock':
        if (output === false && !unknown) return holder === null ? [] : [holder]
        return holder === null ? [process] : unknown ? [holder] : []
      case 'unlock':
        return holder === process ? [null] : []
      default:
        return unknownOperation('mutex', operation, ['lock', 'tryLock', 'unlock'])
    }
  },
  equal: Object.is,
}

/** Returns the model of a semaphore with this many permits at first. */
export function semaphoreOf(permits: number): Model<number> {
  return {
    name: 'semaphore',
    init: () => permits,
    step(free, operation) {
      const { f, output, unknown = false } = operation
      const amount = (operation.input ?? 1) as number
      switch (f) {
        case 'acquire':
          return free >= amount ? [free - amount] : []
        case 'tryAcquire':
          if (output === false && !unknown) return free >= amount ? [] : [free]
          return free >= amount ? [free - amount] : unknown ? [free] : []
        case 'release':
          return [free + amount]
        default:
          return unknownOperation('semaphore', operation, ['acquire', 'tryAcquire', 'release'])
      }
    },
    equal: Object.is,
  }
}

/**
 * A semaphore with one permit; `semaphoreOf(n)` has n. `acquire` takes the number of permits, 1 if it has no input, and
 * returns when it has them; `tryAcquire` has as its output whether it got them; `release` gives them back.
 */
export const semaphore: Model<number> = semaphoreOf(1)
