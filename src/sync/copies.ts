/**
 * The copies of racelab's primitives in this thread. A thread may load the primitives more than once, because a user's file may bring its
 * own copy. An engine that knows what a class does must reach each copy.
 */

/** A class, its name in the source, and the URL of the module that declares it. */
export interface Copy {
  readonly name: string
  readonly of: { readonly prototype: object }
  readonly url: string
}

const KEY = Symbol.for('racelab.primitives')
const copies = ((globalThis as { [KEY]?: Copy[] })[KEY] ??= [])

/** Makes a primitive known to engines in this thread. `url`: that of the module that declares it. */
export function makeKnown(name: string, of: Copy['of'], url: string): void {
  copies.push({ name, of, url })
}

/** Returns all copies of all primitives. */
export function knownCopies(): readonly Copy[] {
  return copies
}
