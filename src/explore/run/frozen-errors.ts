import { Refusal } from '../model/refusal.ts'

/** Refuses to explore where code has made the stack unreadable: without positions, no two accesses could be told apart. */
export function refuseFrozenErrors(): void {
  for (const name of ['stackTraceLimit', 'prepareStackTrace']) {
    const found = Object.getOwnPropertyDescriptor(Error, name)
    const isSettable = found === undefined ? Object.isExtensible(Error) : found.writable === true || found.set
    if (!isSettable)
      throw new Refusal(`Error.${name} cannot be set, so no position can be read. Explore before Error is frozen.`)
  }
}
