/**
 * What memory() returned, as each actor gets it: shared buffers and views of them are shared, everything else is each
 * actor's own copy, as it would be after the way to a worker thread.
 */
import { isView, isWebAssemblyMemory, NativeSharedArrayBuffer } from './control/native.ts'
import { isUnseenView, sharedView } from './control/shared-view.ts'
import type { SharedView } from './control/shared-view.ts'
import { wrap } from './control/wrap.ts'
import { Refusal } from './refusal.ts'

/** Where in the memory value a view stands: `words`, `tables[0].heads`. */
export interface Path {
  readonly path: string
  readonly view: SharedView
}

export class MemoryValue {
  /** The value with every view of shared memory as a proxy. */
  readonly value: unknown
  readonly paths: Path[] = []
  /** In the order in which they were found, which does not depend on who uses them first. */
  readonly buffers: SharedArrayBuffer[] = []
  /** Whether actors can tell copies apart: false for a lone view, which is by far the most common memory. */
  readonly #copied: boolean

  constructor(value: unknown) {
    this.value = this.#wrapped(value, '')
    this.#copied = typeof this.value === 'object' && !isShared(this.value)
  }

  forActor(): unknown {
    return this.#copied ? copied(this.value) : this.value
  }

  /** The value with real views again: proxies cannot be sent. */
  raw(): unknown {
    return unwrapped(this.value)
  }

  #wrapped(value: unknown, path: string): unknown {
    if (typeof value === 'function')
      throw new Refusal(`memory() returned a function at "${path}": it cannot go to a worker.`)
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof NativeSharedArrayBuffer) {
      this.buffers.push(value)
      return value
    }
    if (isUnseenView(value)) return this.#wrapped(wrap(value), path)
    const view = sharedView(value)
    if (view === undefined) return rebuilt(value, path, (part, key) => this.#wrapped(part, key))
    this.paths.push({ path, view })
    this.buffers.push(view.raw.buffer as SharedArrayBuffer)
    return value
  }
}

function isShared(value: unknown): boolean {
  return value instanceof NativeSharedArrayBuffer || sharedView(value) !== undefined
}

function unwrapped(value: unknown): unknown {
  const view = sharedView(value)
  if (view !== undefined) return view.raw
  if (typeof value !== 'object' || value === null || value instanceof NativeSharedArrayBuffer) return value
  return rebuilt(value, '', unwrapped)
}

function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || isShared(value)) return value
  return rebuilt(value, '', copied)
}

/** A container of the same kind whose parts went through `change`. */
function rebuilt(value: object, path: string, change: (part: unknown, path: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((part, index) => change(part, `${path}[${index}]`))
  if (value instanceof Map)
    return new Map([...value].map(([key, part]) => [key, change(part, `${path}.${String(key)}`)]))
  if (value instanceof Set) return new Set([...value].map((part) => change(part, path)))
  if (isView(value) || value instanceof ArrayBuffer || value instanceof Date) return structuredClone(value)
  if (isWebAssemblyMemory(value)) {
    throw new Refusal(
      `memory() returned a WebAssembly.Memory${path === '' ? '' : ` at "${path}"`}: return its buffer, or a view of that.`,
    )
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new Refusal(
      `memory() returned an instance of ${value.constructor.name}${path === '' ? '' : ` at "${path}"`}: ` +
        'a class does not survive the way to a worker. Return its words, and build the instance in each actor.',
    )
  }
  const entries = Object.entries(value).map(([key, part]) => [key, change(part, path === '' ? key : `${path}.${key}`)])
  return Object.fromEntries(entries) as unknown
}
