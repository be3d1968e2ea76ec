/**
 * Describes an access in words, as the author of the code wrote it.
 */
import { isOfBytes, Kind, KIND_NAMES } from './access.ts'
import type { Access } from './access.ts'

/** What an actor asks for. */
type Asked = Pick<Access, 'kind' | 'view' | 'index' | 'first' | 'second'>

/** Returns in words what an actor asks for. */
export function describeAccess({ kind, view, index, first, second }: Asked): string {
  if (kind === Kind.LOCAL) return String(first)
  if (kind === Kind.CALL) return `the call ${String(first)}`
  if (kind === Kind.CRASH) return 'its crash'
  if (kind === Kind.RETURN) return `the return of ${String(first)}`
  const name = Object.prototype.toString.call(view.raw).slice(8, -1)
  if (kind === Kind.READ) return `read of ${name}[${index}]`
  if (kind === Kind.WRITE) return `write of ${String(first)} to ${name}[${index}]`
  if (isOfBytes(kind)) return `${KIND_NAMES[kind]} of ${String(second)} at ${index}`
  const operands = [first, second].filter((operand) => operand !== undefined && operand !== Infinity)
  return `Atomics.${KIND_NAMES[kind]}(${[name, index, ...operands].map(String).join(', ')})`
}
