/**
 * The scopes of a prediction. A scope holds the variables that a block or a function declares. Around the scopes are
 * the actor's own variables, which a prediction reads and never changes.
 */
import type { AnyNode } from 'acorn'
import { BUILT_IN, isOfLanguage } from './language.ts'
import { Dead, MissedVariable, Obstacle, OwnFunction, valueIn } from './values.ts'

/** The variables that a block or a function declares, inside the scopes around it. */
export class Scope {
  /** The block, loop or function that declares the variables. */
  readonly node: AnyNode
  readonly parent: Scope | undefined
  readonly values = new Map<string, unknown>()
  /** The actor's variables around the function, innermost scope first. Empty for a scope within the function. */
  readonly outer: readonly object[]
  /**
   * The names of the variables that the round has changed. A function that was made before the round may use the same
   * variables, but `outer` still has their values from before the round.
   */
  readonly #changed: Set<string>

  constructor(node: AnyNode, parent: Scope | undefined, outer: readonly object[] = [], changed = new Set<string>()) {
    this.node = node
    this.parent = parent
    this.outer = outer
    this.#changed = parent === undefined ? changed : parent.#changed
  }

  /** Returns the value of a variable, given the names that the source declares. */
  read(name: string, declared: readonly string[]): unknown {
    for (const scope of this.chain()) {
      if (scope.values.has(name)) return alive(name, scope.values.get(name))
      const holder = scope.#around(name)
      if (holder !== undefined) return alive(name, valueIn(holder, name))
    }
    const found = BUILT_IN.has(name) ? Object.getOwnPropertyDescriptor(globalThis, name) : undefined
    if (found === undefined || !('value' in found) || !isOfLanguage(found.value) || isHidden(name, found.value))
      // Of optimised code, V8 may leave out a whole scope.
      throw declared.includes(name) ? new MissedVariable(name) : new Obstacle(`uses the global ${name}`)
    return found.value
  }

  write(name: string, value: unknown): void {
    for (const scope of this.chain()) {
      const before = scope.values.get(name)
      if (before instanceof OwnFunction) break
      if (before instanceof Dead && !before.optimised) throw new Obstacle(`assigns ${name} before its declaration`)
      if (scope.values.has(name)) return scope.declare(name, value)
      const holder = scope.#around(name)
      if (holder === undefined) continue
      // A prediction must not change the actor's variables. Assigning the value that a variable holds changes nothing.
      if (Object.is(valueIn(holder, name), value)) return
      break
    }
    throw new Obstacle(`changes ${name}`)
  }

  declare(name: string, value: unknown): void {
    const before = this.values.get(name)
    if (this.values.has(name) && !(before instanceof Dead) && !Object.is(before, value)) this.#changed.add(name)
    this.values.set(name, value)
  }

  /** Returns this scope and the scopes around it, the innermost first. */
  chain(): Scope[] {
    return [this, ...(this.parent?.chain() ?? [])]
  }

  /** Returns a scope with variables of its own that hold the same values: the next iteration of a loop has new ones. */
  copy(): Scope {
    const copy = new Scope(this.node, this.parent, this.outer, this.#changed)
    for (const [name, value] of this.values) copy.values.set(name, value)
    return copy
  }

  /** Returns the object that holds the actor's variable of this name around the function; undefined if none does. */
  #around(name: string): object | undefined {
    const holder = this.outer.find((each) => Object.hasOwn(each, name))
    if (holder !== undefined && this.#changed.has(name)) {
      throw new Obstacle(`changes a variable named ${name}, which a function that it calls uses`)
    }
    return holder
  }
}

/** Whether a variable of a script hides the global of this name. No object holds such variables. */
function isHidden(name: string, value: unknown): boolean {
  let read = readers.get(name)
  // oxlint-disable-next-line no-implied-eval -- the function sees only the variables of scripts and the globals
  if (read === undefined) readers.set(name, (read = new OriginalFunction(`return ${name}`) as () => unknown))
  return !Object.is(read(), value)
}

const OriginalFunction = Function
const readers = new Map<string, () => unknown>()

/** A dead variable may still be in use in optimised code: what the code computed from it is kept instead. */
function alive(name: string, value: unknown): unknown {
  if (value instanceof Dead) throw new MissedVariable(name)
  return value
}
