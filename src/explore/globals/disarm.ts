/**
 * Disarms work that an actor starts with a function that was kept from before the exploration. Node reports the object
 * that stands for the work before the work begins. Then Node stores the callback in the object, or calls the method
 * that starts the work: both are refused, or the callback that is there already is replaced by one that does nothing.
 *
 * The names are those of Node's internal objects. Where a version of Node has other names, the work is still refused,
 * but it happens.
 */
import { watcher } from './controller.ts'

const nothing = (): void => {}

/** What is changed in an object that has its callback from the start. A timer fires once, and soon. */
const READY: Readonly<Record<string, object>> = {
  TickObject: { callback: nothing },
  Timeout: { _onTimeout: nothing, _repeat: null, _idleTimeout: 1 },
  Immediate: { _onImmediate: nothing },
}
/** The properties in which Node stores the callback of a request, before it makes the request. */
const CALLBACKS = ['callback', 'oncomplete', 'ondone']
/** The methods by which Node starts what a handle stands for. */
const STARTERS = ['bind', 'bind6', 'listen', 'open', 'spawn', 'start', 'startThread']
/** The methods of compression that take a callback from the object. */
const ASYNCHRONOUS = ['write']

/** Disarms the work that `resource` stands for. `type` is Node's name for its kind, and `message` the refusal. */
export function disarm(type: string, resource: object, message: string): void {
  const ready = READY[type]
  if (ready !== undefined) Object.assign(resource, ready)
  else {
    for (const key of CALLBACKS) refuseSetting(resource, key, message)
    refuseMethods(resource, STARTERS, message)
  }
}

/** Refuses the work that `resource` stands for if it is given a callback. Without a callback it is synchronous. */
export function refuseCallback(resource: object, message: string): void {
  refuseSetting(resource, 'ondone', message)
  refuseMethods(resource, ASYNCHRONOUS, message)
}

function refuseSetting(resource: object, key: string, message: string): void {
  Reflect.defineProperty(resource, key, {
    configurable: true,
    get: () => nothing,
    set: (value: unknown) => {
      watcher()?.refuse(message)
      Reflect.defineProperty(resource, key, { value, writable: true, configurable: true })
    },
  })
}

function refuseMethods(resource: object, names: readonly string[], message: string): void {
  for (const name of names) {
    const native: unknown = Reflect.get(resource, name)
    if (typeof native !== 'function') continue
    const value = function (this: unknown, ...args: unknown[]): unknown {
      watcher()?.refuse(message)
      return Reflect.apply(native, this, args)
    }
    Reflect.defineProperty(resource, name, { value, writable: true, configurable: true })
  }
}
