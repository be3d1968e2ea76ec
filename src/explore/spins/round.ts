/**
 * The next round of a loop, gone through in thought: from the access that an actor has come to, on through its code, with
 * the values that its variables hold now and with the answers of its last round, until it comes to that access again.
 *
 * If it does, by the same accesses, and every variable holds what it held, then the actor would go round for ever unless
 * an answer changes: nothing is carried from round to round. Anything that cannot be told is an obstacle, never a guess.
 */
import type { AnyNode } from 'acorn'
import type { Access } from '../access.ts'
import { Kind } from '../access.ts'
import { sharedView } from '../control/shared-view.ts'
import { execute } from './execute.ts'
import type { Frame, Inspection } from './inspection.ts'
import { namesIn, varNames } from './source.ts'
import type { FunctionNode, Source } from './source.ts'
import { Scope } from './scope.ts'
import { Closure, Obstacle, Thrown, Unknown } from './values.ts'

/** What the last round asked for, and what it was told. */
export interface Answered {
  readonly access: Access
  readonly result: unknown
}

/** A function that the round is in. */
interface Activation {
  readonly source: Source
  readonly self: unknown
  scope: Scope
}

/** How much code a round may go through before it counts as too long to be foretold. */
const MOST_NODES = 20_000
const DEEPEST = 200

/** The round has come to where it began. */
class Arrived {
  readonly sites: readonly AnyNode[]
  readonly activations: readonly Activation[]

  constructor(sites: readonly AnyNode[], activations: readonly Activation[]) {
    this.sites = sites
    this.activations = activations
  }
}

export class Round {
  readonly inspection: Inspection
  readonly #answers: readonly Answered[]
  readonly #frames: readonly Frame[]
  /** The frame whose place is being looked for; undefined once the round has begun. */
  #sought = 0
  #begun = false
  #next = 0
  #nodes = 0
  /** The calls that lead to where the round is, and their functions. */
  readonly #sites: AnyNode[] = []
  readonly #activations: Activation[] = []
  #start: { sites: readonly AnyNode[]; chains: readonly Scope[][]; values: readonly Map<string, unknown>[][] } | undefined

  constructor(inspection: Inspection, frames: readonly Frame[], answers: readonly Answered[]) {
    this.inspection = inspection
    this.#frames = frames
    this.#answers = answers
  }

  /** Why the next round is not like the last one, or cannot be told; undefined if it is, and carries nothing. */
  obstacle(): string | undefined {
    try {
      this.#enterFrame()
      return 'leaves the actor'
    } catch (thrown) {
      if (thrown instanceof Obstacle) return thrown.reason
      if (thrown instanceof Thrown) return 'leaves the actor by an exception'
      if (thrown instanceof Arrived) return this.#difference(thrown)
      throw thrown
    }
  }

  // Where the round is.

  get seeking(): boolean {
    return !this.#begun
  }

  /** The place that is looked for, in the function that is being entered. */
  get target(): number {
    return (this.#frames[this.#sought] as Frame).offset
  }

  get activation(): Activation {
    return this.#activations.at(-1) as Activation
  }

  get scope(): Scope {
    return this.activation.scope
  }

  /** Runs `work` within a scope of its own. */
  within<Result>(scope: Scope, work: () => Result): Result {
    const { activation } = this
    const before = activation.scope
    activation.scope = scope
    // No `finally`: a round that has arrived keeps the scopes that it arrived in.
    const result = work()
    activation.scope = before
    return result
  }

  /** Where an exception that is caught here comes back to. */
  mark(): () => void {
    const { activation } = this
    const { scope } = activation
    const [sites, activations] = [this.#sites.length, this.#activations.length]
    return () => {
      this.#sites.length = sites
      this.#activations.length = activations
      activation.scope = scope
    }
  }

  /** The scope of a block, with what the thread's variables hold if the block is one that it is in. */
  scopeOf(node: AnyNode, names: readonly string[]): Scope {
    const scope = new Scope(node, this.scope)
    if (!this.seeking) return scope
    for (const name of names) {
      if (this.scope.chain().some(({ values }) => values.has(name))) throw new Obstacle(`has two variables ${name}`)
      scope.declare(name, this.#seen(name))
    }
    return scope
  }

  count(): void {
    if (++this.#nodes > MOST_NODES) throw new Obstacle('goes through too much code to be foretold')
  }

  // Calls.

  /** Goes into the function that the sought frame has called, from the call at `site`. */
  descend(site: AnyNode): unknown {
    const last = this.#sought === this.#frames.length - 1
    if (last) return this.#begin(site)
    this.#sought++
    this.#sites.push(site)
    const result = this.#enterFrame()
    this.#sites.pop()
    return result
  }

  /** The function that the frame after the sought one is in. */
  get sought(): Frame | undefined {
    return this.#frames[this.#sought + 1]
  }

  call(site: AnyNode, target: Closure, self: unknown, args: readonly unknown[]): unknown {
    if (this.#sites.length > DEEPEST) throw new Obstacle('calls too deep to be foretold')
    const { node, source } = target
    const scope = new Scope(node, target.scope)
    this.#sites.push(site)
    this.#activations.push({ source, self: node.type === 'ArrowFunctionExpression' ? target.self : self, scope })
    const result = execute(this, node, args)
    this.#activations.pop()
    this.#sites.pop()
    return result
  }

  /** A function of the thread as one that can be gone through. */
  closureOf(target: object): Closure | undefined {
    const origin = this.inspection.originOf(target)
    const node = origin?.source.functionAt(origin.offset)
    if (origin === undefined || node === undefined) return undefined
    return new Closure(node, origin.source, new Scope(node, undefined, origin.outer), new Unknown())
  }

  #enterFrame(): unknown {
    const { source, offset, outer, self } = this.#frames[this.#sought] as Frame
    const node = source.functionAt(offset)
    if (node === undefined) throw new Obstacle('is in no function')
    const scope = new Scope(node, undefined, outer)
    for (const name of [...namesOf(node), 'arguments']) scope.declare(name, this.#seen(name))
    this.#activations.push({ source, self, scope })
    const result = execute(this, node, undefined)
    this.#activations.pop()
    return result
  }

  /** What the thread's variable of this name holds, in the function that is looked through. */
  #seen(name: string): unknown {
    const holder = (this.#frames[this.#sought] as Frame).own.find((each) => Object.hasOwn(each, name))
    return holder === undefined ? new Unknown() : Reflect.get(holder, name)
  }

  // Accesses.

  /** The access where the round begins, which is the first of the last round. */
  #begin(site: AnyNode): unknown {
    this.#begun = true
    const chains = this.#activations.map(({ scope }) => scope.chain())
    this.#start = {
      sites: [...this.#sites, site],
      chains,
      values: chains.map((chain) => chain.map(({ values }) => new Map(values))),
    }
    return this.#answer()
  }

  /** An access that the round comes to. What is known of it must fit the last round's. */
  access(site: AnyNode, kind: Kind, view: unknown, index: unknown): unknown {
    if (this.seeking) throw new Obstacle('begins in a place that cannot be found')
    if (this.#next === this.#answers.length) {
      throw new Arrived([...this.#sites, site], this.#activations)
    }
    const { access } = this.#answers[this.#next] as Answered
    const other = view instanceof SharedArrayBuffer ? view : sharedView(view)?.raw.buffer
    const differs = access.kind !== kind || (typeof index === 'number' && index !== access.index)
    if (differs || (other !== undefined && other !== access.view.raw.buffer)) {
      throw new Obstacle('comes to other accesses in its next round')
    }
    return this.#answer()
  }

  #answer(): unknown {
    return this.#answers[this.#next++]?.result
  }

  // Where the round ends.

  #difference({ sites, activations }: Arrived): string | undefined {
    const start = this.#start
    if (start === undefined || sites.length !== start.sites.length) return 'comes to other accesses in its next round'
    if (sites.some((site, index) => site !== start.sites[index])) return 'comes to other accesses in its next round'
    for (const [depth, { scope }] of activations.entries()) {
      const before = start.chains[depth] ?? []
      const now = scope.chain()
      if (now.length !== before.length) return 'comes to the same access in another block'
      for (const [level, { node, values }] of now.entries()) {
        if (node !== before[level]?.node) return 'comes to the same access in another block'
        const name = firstChange(start.values[depth]?.[level] as Map<string, unknown>, values)
        if (name !== undefined) return `changes ${name} from round to round`
      }
    }
    return undefined
  }
}

/** A variable that holds something else than before. What is not initialised yet does not count. */
function firstChange(before: ReadonlyMap<string, unknown>, now: ReadonlyMap<string, unknown>): string | undefined {
  return [...now].find(([name, value]) => !Object.is(before.get(name), value))?.[0]
}

/** What a function declares: parameters, variables, and its own name if it is an expression. */
function namesOf(node: FunctionNode): string[] {
  const own = node.type === 'FunctionExpression' && node.id ? [node.id.name] : []
  return [...own, ...node.params.flatMap((param) => namesIn(param)), ...varNames(node.body as AnyNode)]
}
