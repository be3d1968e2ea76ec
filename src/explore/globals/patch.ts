/**
 * Patches: replaced properties. Each replacement is recorded here, so that a `finally` can put all properties back as
 * they were, in reverse order.
 */
const ATTRIBUTES = { writable: true, configurable: true }
/** Kept from before it is replaced. */
const describe = Reflect.getOwnPropertyDescriptor

/** What was put in the place of functions and constructors. */
const replacements = new WeakSet<object>()

/** Whether the explorer put this value in the place of another one. */
export function isReplacement(value: object): boolean {
  return replacements.has(value)
}

/** Replaces properties, and puts them back. */
export class Patches {
  readonly #undo: (() => void)[] = []

  /**
   * Replaces the value of a property. Its attributes (enumerable, writable) stay as they are. Does nothing if the
   * property is missing or cannot be changed.
   */
  replace(owner: object, key: string | symbol, value: unknown): void {
    const holder = holderOf(owner, key)
    const before = holder === undefined ? undefined : describe(holder, key)
    if (holder === undefined || (before?.configurable !== true && before?.writable !== true)) return
    if (typeof value === 'function') replacements.add(value)
    if (before.writable === true) {
      // Assignment keeps the attributes, and is faster: an exploration replaces some 200 properties.
      Reflect.set(holder, key, value)
      // Code may have deleted the property meanwhile, and with it the attributes.
      this.#undo.push(() => {
        if (!Object.hasOwn(holder, key)) Object.defineProperty(holder, key, before)
        else Reflect.set(holder, key, before.value)
      })
      return
    }
    Object.defineProperty(holder, key, { ...ATTRIBUTES, value, enumerable: before.enumerable === true })
    this.#undo.push(() => Object.defineProperty(holder, key, before))
  }

  /** Adds a getter that is not enumerable. Does nothing if `owner` has such a property. */
  add(owner: object, key: string | symbol, get: (this: object) => unknown): void {
    if (Object.hasOwn(owner, key)) return
    Object.defineProperty(owner, key, { get, configurable: true })
    this.#undo.push(() => Reflect.deleteProperty(owner, key))
  }

  /** Replaces a getter. `make` gets the original. */
  replaceGetter(owner: object, key: string | symbol, make: (native: (this: object) => unknown) => () => unknown): void {
    const before = describe(owner, key)
    if (before?.get === undefined || before.configurable !== true) return
    Object.defineProperty(owner, key, { ...before, get: make(before.get) })
    this.#undo.push(() => Object.defineProperty(owner, key, before))
  }

  /** Replaces the descriptor of a property of `owner` itself: for getters and setters. */
  define(owner: object, key: string | symbol, descriptor: PropertyDescriptor): void {
    const before = Object.getOwnPropertyDescriptor(owner, key)
    if (before?.configurable !== true) return
    Object.defineProperty(owner, key, descriptor)
    this.#undo.push(() => Object.defineProperty(owner, key, before))
  }

  /** Calls `undo` when the properties are put back. */
  onRestore(undo: () => void): void {
    this.#undo.push(undo)
  }

  /** Puts all properties back, the last replaced first. */
  restore(): void {
    for (const undo of this.#undo.splice(0).toReversed()) undo()
  }
}

/**
 * Returns the object on the prototype chain that has the property itself: `now` is not an own property of performance.
 */
function holderOf(owner: object, key: string | symbol): object | undefined {
  let holder: object | null = owner
  while (holder !== null && !Object.hasOwn(holder, key)) holder = Object.getPrototypeOf(holder) as object | null
  return holder ?? undefined
}
