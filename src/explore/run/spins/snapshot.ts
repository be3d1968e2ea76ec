/**
 * What an actor's variables hold, to be compared before and after a round. This is a second check of a prediction, and
 * shares nothing with it: a prediction knows what code does, a snapshot sees what code has done. It does not see what
 * no variable leads to, such as the operands of an expression.
 */
import { types } from 'node:util'
import { isView, NativeUint8Array } from '../../model/native.ts'
import { sharedView } from '../../model/shared-view.ts'
import type { CallFrame, Inspection } from './inspection.ts'
import { Dead, isPrimitive, valueIn } from './values.ts'

const NO_NAMES: ReadonlySet<string> = new Set()

export interface SnapshotOptions {
  /** Returns the names of a function's own variables that have no value now, whatever V8 shows. Default: none. */
  readonly unset?: (frame: CallFrame) => ReadonlySet<string>
  /** Whether snapshots of different runs are compared, which make other functions of the same code. Default: false. */
  readonly comparesRuns?: boolean
}

/** How many objects a snapshot looks into. Of the others, only the identity counts. */
const MOST_OBJECTS = 500
/** How far the variables of functions are compared: those of functions in variables of functions, and so on. */
const DEEPEST = 4
/** The most bytes of an array of numbers that are compared. */
const MOST_BYTES = 2 ** 16

/**
 * The variables that an actor can use, and the objects that they lead to. Objects are numbered in the order in which
 * they are found, so two snapshots are equal if the same variables lead to objects of the same content in the same way.
 */
export class Snapshot {
  /** Whether V8 had optimised a variable away, so that it is not compared. */
  misses = false
  readonly #inspection: Inspection
  readonly #made: ReadonlySet<unknown>
  readonly #comparesRuns: boolean
  /** The content of each variable, by its frame, scope and name. A dead variable has none. */
  readonly #variables = new Map<string, string>()
  readonly #numbers = new Map<object, number>()
  /** The weak maps and sets among them, and the variables that lead there. */
  readonly #weak = new Map<object, string>()
  /** The content of each object that was looked into, by its number. */
  readonly #contents: string[] = []
  /** The variable that leads to each object, by its number. */
  readonly #origins: string[] = []

  /** `made`: the shared buffers that the actor has made. Each round may make others, with the same content. */
  constructor(
    inspection: Inspection,
    frames: readonly CallFrame[],
    made: ReadonlySet<unknown>,
    { unset = () => NO_NAMES, comparesRuns = false }: SnapshotOptions = {},
  ) {
    this.#inspection = inspection
    this.#made = made
    this.#comparesRuns = comparesRuns
    for (const [depth, frame] of frames.entries()) {
      const { own, outer, self } = frame.variables()
      const left = unset(frame)
      this.#variables.set(`${depth} this`, this.#contentOf(self, 'this'))
      for (const [level, scope] of [...own, ...outer].entries()) {
        for (const name of Object.getOwnPropertyNames(scope)) {
          if (level < own.length && left.has(name)) continue
          const value = valueIn(scope, name)
          if (value instanceof Dead) this.misses ||= value.optimised
          else this.#variables.set(`${depth} ${level} ${name}`, this.#contentOf(value, name))
        }
      }
    }
    this.#lookIntoAll()
  }

  #lookIntoAll(): void {
    // A Map can be iterated while it grows.
    for (const [object, number] of this.#numbers) {
      if (number < this.#contents.length) continue
      if (number >= MOST_OBJECTS) this.#contents.push(identityOf(object))
      else this.#contents.push(this.#lookInto(object, this.#origins[number]!))
    }
    if (this.#lookIntoWeak()) this.#lookIntoAll()
  }

  /** Notes what weak maps and sets hold for the objects that are known; returns whether that leads to others. */
  #lookIntoWeak(): boolean {
    const before = this.#numbers.size
    for (const [weak, origin] of this.#weak) {
      for (const [object, number] of Array.from(this.#numbers)) {
        if (!hasWeakly(weak, object)) continue
        const value = weak instanceof WeakMap ? this.#contentOf(weakGet.call(weak, object), origin) : ''
        this.#variables.set(`${this.#numbers.get(weak)} of ${number} ${origin}`, value)
      }
    }
    return this.#numbers.size > before
  }

  /** The variables and the objects as text, which is equal for equal snapshots. */
  get text(): string {
    return `${[...this.#variables].map(([key, content]) => `${key}: ${content}`).join()}; ${this.#contents.join()}`
  }

  /** Returns the name of a variable that leads to something else in a later snapshot; undefined if there is none. */
  changeTo(later: Snapshot): string | undefined {
    for (const [key, content] of this.#variables) {
      const now = later.#variables.get(key)
      if (now !== undefined && now !== content) return key.slice(key.lastIndexOf(' ') + 1)
    }
    const [before, now] = [[...this.#numbers.keys()], [...later.#numbers.keys()]]
    for (let number = 0; number < Math.max(before.length, now.length); number++) {
      if (this.#contents[number] === later.#contents[number]) continue
      if (!this.#isSameFunction(before[number], now[number])) return this.#origins[number] ?? later.#origins[number]
    }
    return undefined
  }

  /** Whether two values are functions of the same source with equal variables. A round may make a function anew. */
  #isSameFunction(one: unknown, other: unknown, depth = 0): boolean {
    if (typeof one !== 'function' || typeof other !== 'function' || depth > DEEPEST) return false
    const [first, second] = [this.#inspection.originOf(one), this.#inspection.originOf(other)]
    if (first === undefined || first.source !== second?.source || first.offset !== second.offset) return false
    return first.outer.every((scope, level) => {
      const around = second.outer[level]
      return around !== undefined && this.#haveEqualVariables(scope, around, depth)
    })
  }

  #haveEqualVariables(one: object, other: object, depth: number): boolean {
    return Object.getOwnPropertyNames(one).every((name) => {
      const [first, second] = [valueIn(one, name), valueIn(other, name)]
      if (first instanceof Dead || second instanceof Dead) return true
      return Object.is(first, second) || this.#isSameFunction(first, second, depth + 1)
    })
  }

  /** Returns a text for a value: a primitive's own, or an object's number. */
  #contentOf(value: unknown, origin: string): string {
    if (typeof value === 'symbol') return identityOf(value)
    if (isPrimitive(value)) return `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`
    const object = value as object
    let number = this.#numbers.get(object)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(object, number)
      this.#origins.push(origin)
    }
    return `#${number}`
  }

  #lookInto(object: object, origin: string): string {
    const view = sharedView(object)
    if (view !== undefined) {
      const { raw, buffer, byteOffset, byteLength } = view
      return `view ${this.#propertiesOf(raw, origin)} ${this.#contentOf(buffer, origin)} ${byteOffset} ${byteLength}`
    }
    if (typeof object === 'function' && this.#comparesRuns) return this.#lookIntoFunction(object, origin)
    const isOpaque = typeof object === 'function' || types.isProxy(object) || types.isModuleNamespaceObject(object)
    if (isOpaque || object === globalThis) return identityOf(object)
    if (types.isSharedArrayBuffer(object)) return this.#made.has(object) ? bytesOf(object) : identityOf(object)
    return `${this.#propertiesOf(object, origin)} ${this.#insideOf(object, origin)} ${this.#privateFieldsOf(object, origin)}`
  }

  /** Returns the code of a function that this run has made, and the variables around it. Others have their identity. */
  #lookIntoFunction(target: object, origin: string): string {
    if (firstSeen.get(target) === undefined) firstSeen.set(target, this)
    if (firstSeen.get(target) !== this) return identityOf(target)
    const found = this.#inspection.originOf(target)
    if (found === undefined || found.ours) return identityOf(target)
    const variables = found.outer.flatMap((scope) =>
      Object.getOwnPropertyNames(scope).map((name) => {
        const value = valueIn(scope, name)
        return `${name}: ${value instanceof Dead ? 'none' : this.#contentOf(value, origin)}`
      }),
    )
    return `function ${identityOf(found.source)}:${found.offset} ${variables.join()}`
  }

  /** Returns the properties of an object, without the elements of an array of numbers. */
  #propertiesOf(object: object, origin: string): string {
    const prototype = Object.getPrototypeOf(object) as object | null
    const texts = [prototype === null ? 'null' : identityOf(prototype)]
    if (isView(object) && object.byteLength > MOST_BYTES) return texts[0]!
    for (const key of ownKeys(object)) {
      if (isView(object) && typeof key === 'string' && /^\d+$/.test(key)) continue
      const property = getOwnPropertyDescriptor(object, key)!
      const value = 'value' in property ? this.#contentOf(property.value, origin) : identityOf(property.get ?? object)
      texts.push(`${typeof key === 'symbol' ? identityOf(key) : JSON.stringify(key)}: ${value}`)
    }
    return texts.join()
  }

  /** Returns what an object of the language holds beside its properties. */
  #insideOf(object: object, origin: string): string {
    if (types.isDate(object)) return String(Date.prototype.getTime.call(object))
    if (types.isMap(object))
      return [...mapEntries.call(object)]
        .map((pair) => pair.map((each) => this.#contentOf(each, origin)).join(' '))
        .join()
    if (object instanceof WeakMap || object instanceof WeakSet) this.#weak.set(object, origin)
    if (types.isSet(object)) return [...setValues.call(object)].map((each) => this.#contentOf(each, origin)).join()
    if (types.isArrayBuffer(object)) return object.byteLength > MOST_BYTES ? '' : bytesOf(object)
    return isView(object) ? numbersIn(object) : ''
  }

  #privateFieldsOf(object: object, origin: string): string {
    if (!mayHavePrivateFields(object)) return ''
    const fields = this.#inspection.privateFields(object)
    return fields.map(({ name, value }) => `${name}: ${this.#contentOf(value, origin)}`).join()
  }
}

// As they were before the explorer replaced them.
const { getOwnPropertyDescriptor } = Object
const { ownKeys } = Reflect
const { has: weakHas, get: weakGet } = WeakMap.prototype
const { has: weakSetHas } = WeakSet.prototype
const mapEntries = Map.prototype.entries as (this: unknown) => IterableIterator<[unknown, unknown]>
const setValues = Set.prototype.values as (this: unknown) => IterableIterator<unknown>

function hasWeakly(weak: object, key: object): boolean {
  return weak instanceof WeakMap ? weakHas.call(weak, key) : weakSetHas.call(weak, key)
}

/** The snapshot in which each function was seen first. */
const firstSeen = new WeakMap<object, Snapshot>()
const identities = new WeakMap<object, number>()
const symbols = new Map<symbol, number>()
let identitiesGiven = 0

/** Returns a text that is the same for the same object only. */
function identityOf(value: object | symbol): string {
  const known = typeof value === 'symbol' ? symbols.get(value) : identities.get(value)
  const number = known ?? ++identitiesGiven
  if (known !== undefined) return `@${number}`
  if (typeof value === 'symbol') symbols.set(value, number)
  else identities.set(value, number)
  return `@${number}`
}

/** Returns the bytes of a private view as text. Of a very long one, only the identity counts. */
function numbersIn(view: ArrayBufferView): string {
  return view.byteLength > MOST_BYTES ? identityOf(view) : bytesOf(view.buffer, view.byteOffset, view.byteLength)
}

/** Returns a short text for some bytes: their number and a hash, FNV-1a. */
function bytesOf(buffer: ArrayBufferLike, from = 0, length: number = buffer.byteLength): string {
  let hash = 0x81_1c_9d_c5
  const bytes = new NativeUint8Array(buffer, from, length)
  // By index: the iterators of views are replaced, and refuse a view of shared memory that is not a proxy.
  for (let index = 0; index < length; index++) hash = Math.imul(hash ^ bytes[index]!, 0x01_00_01_93)
  return `${length} bytes ${hash}`
}

const classes = new WeakMap<object, boolean>()

/** Whether a class of the object, or a class that it extends, has private names. */
function mayHavePrivateFields(object: object): boolean {
  let prototype = Object.getPrototypeOf(object) as object | null
  for (
    ;
    prototype !== null && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    if (types.isProxy(prototype)) return true
    const constructor = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value as unknown
    if (typeof constructor !== 'function') continue
    const known = classes.get(constructor) ?? Function.prototype.toString.call(constructor).includes('#')
    classes.set(constructor, known)
    if (known) return true
  }
  return false
}
