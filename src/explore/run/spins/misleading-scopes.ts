/**
 * Positions at which V8's debugger is wrong about scopes. It tells from the position of a frame which blocks the frame is in. While
 * a switch evaluates what it switches on, and while a for-of loop that has been left closes its iterator, the frame is not in
 * the block that its position is in: V8 shows the variables of other blocks, or ends the process.
 */
import type { AnyNode, SwitchStatement } from 'acorn'
import type { Source } from './source.ts'
import { childrenOf, codeWithin, contains, lexicalNames, mentions } from './syntax.ts'

/** Whether V8 may be wrong about a frame that waits at this offset. `calls`: the name of the method that it has called, if known. */
export function hasMisleadingScopes(source: Source, offset: number, calls: string | null): boolean {
  const path = source.pathTo(offset)
  if (path.some((node) => switchesOn(node, offset))) return true
  if (!path.some(({ type }) => type === 'ForOfStatement')) return false
  // The position is that of the statement that leaves the loop, or of a call in it. The frame then calls `return` of the iterator.
  return calls === 'return' || path.at(-1)!.type.endsWith('Statement')
}

function switchesOn(node: AnyNode, offset: number): boolean {
  return node.type === 'SwitchStatement' && contains(node.discriminant, offset) && hasCaptured(node)
}

/**
 * Whether functions may use variables of the block of a switch, or code may find them by their names. V8 keeps only such variables
 * where it could look for them.
 */
function hasCaptured({ cases }: SwitchStatement): boolean {
  const names = lexicalNames(cases.flatMap(({ consequent }) => consequent))
  if (names.length === 0) return false
  if (cases.some((each) => mentions(each, 'eval') || hasWith(each))) return true
  const functions = cases.flatMap((each) => codeWithin(each))
  return functions.some((each) => names.some((name) => mentions(each, name)))
}

function hasWith(node: AnyNode): boolean {
  return node.type === 'WithStatement' || childrenOf(node).some((child) => hasWith(child))
}
