/**
 * What a browser shows of late work, in the place of Node's async hooks. A hook is told when code makes a promise, waits for one or settles
 * one that it has made: by the constructor and by `then` and its like, all of which ask a promise for its constructor. An async function that
 * waits for no promise asks nothing: it goes on when the exploration is over, where `lateWork` (src/explore/run/late-turns.ts) sees it.
 * Timers and other functions of the browser are refused by name.
 */
const NativePromise = Promise
/** Not as a promise, which it is not. */
const prototype: object = NativePromise.prototype

export interface Hooks {
  init(id: number, type: string, trigger: number, resource: object): void
  promiseResolve(id: number): void
}

type Executor = (resolve: (value: unknown) => void, reject: (why: unknown) => void) => void

export function createHook({ init, promiseResolve }: Hooks): { enable(): void; disable(): void } {
  let telling = false
  /** A hook may use promises itself. */
  const tell = (what: () => void): void => {
    if (telling) return
    telling = true
    try {
      what()
    } finally {
      telling = false
    }
  }
  const settling = (settle: (value: unknown) => void) => (value: unknown) => {
    tell(() => promiseResolve(0))
    settle(value)
  }
  const Told: PromiseConstructor = new Proxy(NativePromise, {
    construct(target, [executor]: [Executor], newTarget) {
      const told: Executor = (resolve, reject) => executor(settling(resolve), settling(reject))
      const args = typeof executor === 'function' ? [told] : [executor]
      const made = Reflect.construct(target, args, newTarget === Told ? target : newTarget) as object
      tell(() => init(0, 'PROMISE', 0, made))
      return made
    },
  })
  return {
    enable() {
      globalThis.Promise = Told
      Object.defineProperty(prototype, 'constructor', {
        configurable: true,
        get() {
          tell(() => init(0, 'PROMISE', 0, this as object))
          return Told
        },
        // A promise may be given a constructor of its own, as if this were no getter.
        set(this: object, value: unknown) {
          Object.defineProperty(this, 'constructor', { value, writable: true, configurable: true, enumerable: true })
        },
      })
    },
    disable() {
      globalThis.Promise = NativePromise
      Object.defineProperty(prototype, 'constructor', { value: NativePromise, writable: true, configurable: true })
    },
  }
}

export default { createHook }
