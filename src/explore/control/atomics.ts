/**
 * Atomics, replaced: each call on shared memory becomes an access. A call that the language would reject goes to the real
 * function, which throws what it always throws.
 */
import { Kind } from '../access.ts'
import { installedController, watcher } from './controller.ts'
import { isUnseenView, sharedView } from './shared-view.ts'
import type { Operand, SharedView } from './shared-view.ts'
import { nativeAtomics } from './native.ts'
import { toElement } from './wrap.ts'

type Method = (...args: never[]) => unknown

/** The methods to put in place of those of Atomics. */
export function controlledAtomics(): Map<string, Method> {
  const methods = new Map<string, Method>([
    ['load', load],
    ['compareExchange', compareExchange],
    ['wait', wait],
    ['notify', notify],
    ['waitAsync', waitAsync],
  ])
  for (const [name, kind] of Object.entries(MODIFY)) methods.set(name, modify(name as keyof typeof MODIFY, kind))
  return methods
}

const MODIFY = {
  store: Kind.STORE,
  add: Kind.ADD,
  sub: Kind.SUB,
  and: Kind.AND,
  or: Kind.OR,
  xor: Kind.XOR,
  exchange: Kind.EXCHANGE,
} as const

/** The shared view that an atomic operation is to act on, if it will not be rejected. */
function target(view: unknown, index: unknown): SharedView | undefined {
  const shared = sharedView(view)
  if (shared?.atomic === true && typeof index === 'number' && index >= 0 && index < shared.length && index % 1 === 0) {
    return shared
  }
  if (shared === undefined && isUnseenView(view)) refuseUnseen()
  return undefined
}

/** For arguments that are unusual: the real view, so that the real function can reject or convert them. */
function real(view: unknown): ArrayBufferView {
  return sharedView(view)?.raw ?? (view as ArrayBufferView)
}

export function refuseUnseen(): void {
  watcher()?.refuse(
    'a view of shared memory was made out of sight (before the exploration began, or by a constructor kept from then), ' +
      'so that its plain accesses cannot be seen: make it in memory() or in the actor.',
  )
}

function load(view: unknown, index: number): unknown {
  const shared = target(view, index)
  const controller = installedController()
  if (shared === undefined || controller === undefined) return nativeAtomics.load(real(view), index)
  return controller.access(Kind.LOAD, shared, index, undefined, undefined)
}

function modify(name: keyof typeof MODIFY, kind: Kind) {
  return function (view: unknown, index: number, value: unknown): unknown {
    const shared = target(view, index)
    const controller = installedController()
    if (shared === undefined || controller === undefined)
      return nativeAtomics[name](real(view), index, value as Operand)
    return controller.access(kind, shared, index, toInteger(shared, value), undefined)
  }
}

function compareExchange(view: unknown, index: number, expected: unknown, replacement: unknown): unknown {
  const shared = target(view, index)
  const controller = installedController()
  if (shared === undefined || controller === undefined) {
    return nativeAtomics.compareExchange(real(view), index, expected as Operand, replacement as Operand)
  }
  return controller.access(
    Kind.COMPARE_EXCHANGE,
    shared,
    index,
    toInteger(shared, expected),
    toInteger(shared, replacement),
  )
}

function wait(view: unknown, index: number, value: unknown, timeout?: unknown): unknown {
  const shared = target(view, index)
  const controller = installedController()
  if (shared?.waitable !== true || controller === undefined) {
    return nativeAtomics.wait(real(view), index, value as Operand, timeout as number)
  }
  const limit = timeout === undefined ? Infinity : Number(timeout)
  const patience = Number.isNaN(limit) ? Infinity : Math.max(limit, 0)
  // Compared with the word as the view's elements are: 2^32 - 1 is -1 in an Int32Array.
  const expected = shared.big ? BigInt.asIntN(64, toElement(shared, value) as bigint) : Number(value) | 0
  return controller.access(Kind.WAIT, shared, index, expected, patience)
}

function notify(view: unknown, index: number, count?: unknown): unknown {
  const shared = target(view, index)
  const controller = installedController()
  if (shared === undefined || controller === undefined) {
    return nativeAtomics.notify(real(view), index, count as number)
  }
  const most = count === undefined ? Infinity : Math.max(Math.trunc(Number(count)) || 0, 0)
  return controller.access(Kind.NOTIFY, shared, index, most, undefined)
}

/** Refused in an actor. Elsewhere it goes on as ever: Node's own module loader waits so. */
function waitAsync(view: unknown, ...args: readonly unknown[]): unknown {
  watcher()?.refuse('Atomics.waitAsync is not supported: an actor is synchronous. Use Atomics.wait.')
  return nativeAtomics.waitAsync(real(view), ...args)
}

/** As Atomics does: the value becomes an integer before anything happens. */
function toInteger(view: SharedView, value: unknown): Operand {
  if (view.big) return toElement(view, value)
  return Math.trunc(toElement(view, value) as number) || 0
}
