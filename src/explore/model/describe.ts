/**
 * Describes an access in words, as the author of the code wrote it.
 */
import { Kind, KIND_NAMES } from './access.ts'
import type { Access } from './access.ts'
import type { SharedView } from './shared-view.ts'
import type { Operand } from './elements.ts'

/** Returns an access in words. */
export function describeAccess({ kind, view, index, first, second }: Access): string {
  return describeAsked(kind, view, index, first, second)
}

/** Returns in words what an actor asks for, before an access is made of it. */
export function describeAsked(kind: Kind, view: SharedView, index: number, first: Operand, second: Operand): string {
  if (kind === Kind.LOCAL) return String(first)
  const name = Object.prototype.toString.call(view.raw).slice(8, -1)
  if (kind === Kind.READ) return `read of ${name}[${index}]`
  if (kind === Kind.WRITE) return `write of ${String(first)} to ${name}[${index}]`
  if (kind === Kind.READ_BYTES || kind === Kind.WRITE_BYTES)
    return `${KIND_NAMES[kind]} of ${String(second)} at ${index}`
  const operands = [first, second].filter((operand) => operand !== undefined && operand !== Infinity)
  return `Atomics.${KIND_NAMES[kind]}(${[name, index, ...operands].map(String).join(', ')})`
}
