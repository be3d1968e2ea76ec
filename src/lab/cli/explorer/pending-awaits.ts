/** Where modules wait at their top level while they are loaded: there is no stack to read it off. */
import { promiseHooks } from 'node:v8'
import { formatFrame, framesOf } from '../../../explore/run/positions.ts'

export interface PendingAwaits {
  /** The line that waits, of those that began to wait the latest; undefined if none does. */
  at(): string | undefined
  /** Stops looking. */
  end(): void
}

/** Notes where each promise is made until `end` is called. Slow, for loading only. */
export function watchAwaits(): PendingAwaits {
  const made = new Map<Promise<unknown>, Error>()
  const stopInit = promiseHooks.onInit((promise: Promise<unknown>) => void made.set(promise, new Error('made here')))
  const stopSettled = promiseHooks.onSettled((promise: Promise<unknown>) => void made.delete(promise))
  return {
    at() {
      for (const { stack = '' } of [...made.values()].toReversed()) {
        const frame = framesOf(stack).find(({ file }) => !file.includes('/node_modules/tsx/'))
        if (frame !== undefined) return formatFrame(frame)
      }
      return undefined
    },
    end() {
      const stops: readonly unknown[] = [stopInit, stopSettled]
      for (const stop of stops) (stop as () => void)()
      made.clear()
    },
  }
}
