/** Finds where modules wait at their top level while they are loaded. No stack shows it. */
import { promiseHooks } from 'node:v8'
import { formatFrame, framesOf } from '../../../explore/run/positions.ts'

/** The top-level awaits that have not ended. */
export interface PendingAwaits {
  /** Returns the line of the await that began last, as `file:line:column`; undefined if there is none. */
  at(): string | undefined
  /** Stops watching. */
  end(): void
}

/** Records where each promise is made until `end` is called. It is slow, so it is used only while a file is loaded. */
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
