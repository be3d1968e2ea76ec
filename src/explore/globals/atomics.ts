/**
 * The replacements of the methods of Atomics: each call on shared memory becomes an access. Arguments are checked and
 * converted in the order of the specification: the array, the index, the values. What the language rejects is rejected
 * before memory is touched.
 */
import { Kind } from '../model/access.ts'
import { installedController, watcher } from './controller.ts'
import { isUnseenView, sharedView } from '../model/shared-view.ts'
import type { Operand } from '../model/elements.ts'
import { toAtomicIndex, toBigInt, toInteger, toNumber, toOperand } from './convert.ts'
import { nativeAtomics } from '../model/native.ts'

type Method = (...args: never[]) => unknown

/**
 * Returns the replacements of the methods of Atomics, by name. Like the originals they have these names and are not
 * constructors.
 */
export function replacedAtomics(): Map<string, Method> {
  const methods = new Map<string, Method>(Object.entries(SEPARATE))
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

/**
 * Returns the view for the real function: one that is not shared, or that Atomics rejects. Atomics rejects a view
 * before it converts the other arguments.
 */
function real(view: unknown): ArrayBufferView {
  const shared = sharedView(view)
  if (shared !== undefined) return shared.raw
  if (isUnseenView(view) && !isCalledByNode()) refuseUnseen()
  return view as ArrayBufferView
}

/** The frames of `isCalledByNode`, of `real` and of the method of Atomics stand above the caller's. */
const CALLER = 3

/** Whether Node's own code has called the method: in a worker of Node 20, `process.cwd` reads a word of its own. */
function isCalledByNode(): boolean {
  const { stackTraceLimit, prepareStackTrace } = Error
  Error.stackTraceLimit = CALLER + 1
  // Not called while another stack is prepared: then the last line of the text is the caller's.
  Error.prepareStackTrace = (_, sites) => `(${sites[CALLER]?.getFileName() ?? ''}`
  const { stack = '' } = new Error('position')
  Error.stackTraceLimit = stackTraceLimit
  Error.prepareStackTrace = prepareStackTrace
  return stack.slice(stack.lastIndexOf('(')).startsWith('(node:')
}

/** Refuses a view of shared memory that is not a proxy, if code of the scenario runs. */
export function refuseUnseen(): void {
  watcher()?.refuse(
    'a view of shared memory was made out of sight (before the exploration began, or by a constructor kept from then), ' +
      'so that its plain accesses cannot be seen: make it in memory() or in the actor.',
  )
}

function modify(name: keyof typeof MODIFY, kind: Kind): Method {
  const { [name]: method } = {
    [name](view: unknown, index: number, value: unknown): unknown {
      const shared = sharedView(view)
      const controller = installedController()
      if (shared?.atomic !== true || controller === undefined) {
        return nativeAtomics[name](real(view), index, value as Operand)
      }
      return controller.access(kind, shared, toAtomicIndex(shared, index), toOperand(shared, value), undefined)
    },
  }
  return method as Method
}

const SEPARATE = {
  load(view: unknown, index: number): unknown {
    const shared = sharedView(view)
    const controller = installedController()
    if (shared?.atomic !== true || controller === undefined) return nativeAtomics.load(real(view), index)
    return controller.access(Kind.LOAD, shared, toAtomicIndex(shared, index), undefined, undefined)
  },

  compareExchange(view: unknown, index: number, expected: unknown, replacement: unknown): unknown {
    const shared = sharedView(view)
    const controller = installedController()
    if (shared?.atomic !== true || controller === undefined) {
      return nativeAtomics.compareExchange(real(view), index, expected as Operand, replacement as Operand)
    }
    return controller.access(
      Kind.COMPARE_EXCHANGE,
      shared,
      toAtomicIndex(shared, index),
      toOperand(shared, expected),
      toOperand(shared, replacement),
    )
  },

  wait(view: unknown, index: number, value: unknown, timeout?: unknown): unknown {
    const shared = sharedView(view)
    const controller = installedController()
    if (shared?.waitable !== true || controller === undefined) {
      return nativeAtomics.wait(real(view), index, value as Operand, timeout as number)
    }
    const at = toAtomicIndex(shared, index)
    // Converted as an element of the view is: 2^32 - 1 is -1 in an Int32Array.
    const expected = shared.big ? BigInt.asIntN(64, toBigInt(value)) : toNumber(value) | 0
    const limit = timeout === undefined ? Infinity : toNumber(timeout)
    const milliseconds = Number.isNaN(limit) ? Infinity : Math.max(limit, 0)
    return controller.access(Kind.WAIT, shared, at, expected, milliseconds)
  },

  notify(view: unknown, index: number, count?: unknown): unknown {
    const shared = sharedView(view)
    const controller = installedController()
    if (shared?.waitable !== true || controller === undefined) {
      return nativeAtomics.notify(real(view), index, count as number)
    }
    const at = toAtomicIndex(shared, index)
    const most = count === undefined ? Infinity : Math.max(toInteger(count), 0)
    return controller.access(Kind.NOTIFY, shared, at, most, undefined)
  },

  /** Refuses in an actor. Elsewhere it does what it always did: Node's own module loader waits in this way. */
  waitAsync(view: unknown, index: unknown, value: unknown, timeout: unknown): unknown {
    watcher()?.refuse('Atomics.waitAsync is not supported: an actor is synchronous. Use Atomics.wait.')
    return nativeAtomics.waitAsync(real(view), index, value, timeout)
  },
}
