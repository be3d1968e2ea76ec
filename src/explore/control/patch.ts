/**
 * Replaced properties, and the way back. Whatever is put in place of a global is recorded here first, so that a `finally`
 * can put everything back as it was, in reverse order.
 */
const ATTRIBUTES = { writable: true, configurable: true }
/** Kept from before it is replaced itself. */
const describe = Reflect.getOwnPropertyDescriptor

export class Patches {
  readonly #undo: (() => void)[] = []

  /** Puts `value` in place of a property, as it was described: enumerable or not, writable or not. */
  replace(owner: object, key: string | symbol, value: unknown): void {
    const holder = holderOf(owner, key)
    const before = holder === undefined ? undefined : describe(holder, key)
    if (holder === undefined || (before?.configurable !== true && before?.writable !== true)) return
    if (before.writable === true) {
      // Keeps the attributes as they are, and is faster: an exploration replaces some 200 properties.
      Reflect.set(holder, key, value)
      // Code may have deleted it meanwhile: then its attributes are gone as well.
      this.#undo.push(() => {
        if (!Object.hasOwn(holder, key)) Object.defineProperty(holder, key, before)
        else Reflect.set(holder, key, before.value)
      })
      return
    }
    Object.defineProperty(holder, key, { ...ATTRIBUTES, value, enumerable: before.enumerable === true })
    this.#undo.push(() => Object.defineProperty(holder, key, before))
  }

  /** Puts a property where there is none, hidden from enumeration. */
  add(owner: object, key: string | symbol, get: (this: object) => unknown): void {
    if (Object.hasOwn(owner, key)) return
    Object.defineProperty(owner, key, { get, configurable: true })
    this.#undo.push(() => Reflect.deleteProperty(owner, key))
  }

  /** Puts a getter in place of another. */
  replaceGetter(owner: object, key: string | symbol, make: (native: (this: object) => unknown) => () => unknown): void {
    const before = describe(owner, key)
    if (before?.get === undefined || before.configurable !== true) return
    Object.defineProperty(owner, key, { ...before, get: make(before.get) })
    this.#undo.push(() => Object.defineProperty(owner, key, before))
  }

  /** Puts another description in place of a property that `owner` has itself: for getters and setters. */
  define(owner: object, key: string | symbol, description: PropertyDescriptor): void {
    const before = Object.getOwnPropertyDescriptor(owner, key)
    if (before?.configurable !== true) return
    Object.defineProperty(owner, key, description)
    this.#undo.push(() => Object.defineProperty(owner, key, before))
  }

  /** Runs something else when all is put back. */
  onRestore(undo: () => void): void {
    this.#undo.push(undo)
  }

  restore(): void {
    for (const undo of this.#undo.splice(0).toReversed()) undo()
  }
}

/** The object on the prototype chain that has the property itself: `now` is not performance's own. */
function holderOf(owner: object, key: string | symbol): object | undefined {
  let holder: object | null = owner
  while (holder !== null && !Object.hasOwn(holder, key)) holder = Object.getPrototypeOf(holder) as object | null
  return holder ?? undefined
}
