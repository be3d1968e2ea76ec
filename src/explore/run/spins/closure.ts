import type { Scope } from './scope.ts'
import type { Source } from './source.ts'
import type { FunctionNode } from './syntax.ts'
import { Made } from './values.ts'

/** A function with the scope and the `this` that it was made with. */
export class Closure extends Made {
  readonly node: FunctionNode
  readonly source: Source
  readonly scope: Scope
  readonly self: unknown

  constructor(node: FunctionNode, source: Source, scope: Scope, self: unknown) {
    super()
    this.node = node
    this.source = source
    this.scope = scope
    this.self = self
  }
}
