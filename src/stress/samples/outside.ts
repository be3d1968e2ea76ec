/**
 * Notes which clocks and random numbers the code of a thread uses. An exploration answers them with values of its own, so what
 * real ones lead to is not predicted by it.
 */
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

const FUNCTIONS: readonly (readonly [owner: object, path: string, names: readonly string[]])[] = [
  [Math, 'Math', ['random']],
  [Date, 'Date', ['now']],
  [performance, 'performance', ['now']],
  [process, 'process', ['hrtime']],
  [process.hrtime, 'process.hrtime', ['bigint']],
  [crypto, 'crypto', ['randomUUID', 'randomBytes', 'randomInt', 'getRandomValues', 'randomFillSync']],
  [globalThis.crypto, 'crypto', ['randomUUID', 'getRandomValues']],
]

type Method = (...args: unknown[]) => unknown

/**
 * Begins to note the uses, for the rest of the thread's life. Call it before the code is loaded. Returns a function that returns
 * the names of what was used while `isActing` returned true.
 */
export function watchOutside(isActing: () => boolean): () => string[] {
  const used = new Set<string>()
  const note = (name: string): void => {
    if (isActing()) used.add(name)
  }
  for (const [owner, path, names] of FUNCTIONS) {
    for (const name of names) {
      const native = Reflect.get(owner, name) as Method
      const noted = function (this: unknown, ...args: unknown[]): unknown {
        note(`${path}.${name}`)
        return Reflect.apply(native, this, args)
      }
      // process.hrtime has a method of its own.
      Reflect.set(owner, name, Object.assign(noted, native))
    }
  }
  const NativeDate = Date
  const noted: DateConstructor = new Proxy(NativeDate, {
    construct(native, args: unknown[], newTarget) {
      if (args.length === 0) note('new Date')
      return Reflect.construct(native, args, newTarget === noted ? native : newTarget) as object
    },
    apply(native) {
      note('Date')
      return native()
    },
  })
  Reflect.set(globalThis, 'Date', noted)
  syncBuiltinESMExports()
  return () => [...used]
}
