/**
 * Exceptions. What the language throws is not predicted. A round that nothing catches from cannot go on after an
 * exception, so the last round had none, and neither has the next one.
 */
import type { AnyNode } from 'acorn'
import type { CallFrame } from './inspection.ts'
import { childrenOf, contains, isFunction, isLoop } from './syntax.ts'

/** Whether an exception in the block of a statement may be caught, or dropped by its finally block. */
export function catches(node: AnyNode): boolean {
  if (node.type !== 'TryStatement') return false
  return (node.handler ?? undefined) !== undefined || (node.finalizer ? leaves(node.finalizer) : false)
}

function leaves(node: AnyNode): boolean {
  if (/^(Break|Continue|Return)Statement$/.test(node.type)) return true
  return childrenOf(node).some((child) => !isFunction(child) && leaves(child))
}

/**
 * Whether an exception could lead back to the present access. That needs a try statement that catches, and code that
 * comes to the statement again: a loop in the actor's function, or a caller of any other function.
 */
export function mayComeBackByException(frames: readonly CallFrame[]): boolean {
  return frames.some(({ source, offset }, depth) => {
    const path = source.pathTo(offset)
    const own = path.slice(path.findLastIndex((node) => isFunction(node)))
    let again = depth > 0
    return own.some((node) => {
      again ||= isLoop(node)
      return again && node.type === 'TryStatement' && contains(node.block, offset) && catches(node)
    })
  })
}
