/**
 * The next round of a loop, gone through in thought: from the access that an actor has come to, on through its code, with
 * the values that its variables hold now and with the answers of its last round, until it comes to that access again.
 *
 * If it does, by the same accesses, and every variable holds what it held, then the actor would go round for ever unless
 * an answer changes: nothing is carried from round to round. Anything that cannot be told is an obstacle, never a guess.
 */
import type { AnyNode } from 'acorn'
import type { Access } from '../../model/access.ts'
import { Kind } from '../../model/access.ts'
import { sharedView } from '../../model/shared-view.ts'
import { Closure } from './closure.ts'
import type { Before } from './differences.ts'
import { differenceOf } from './differences.ts'
import type { Frame, Inspection } from './inspection.ts'
import { namesIn, varNames } from './source.ts'
import type { FunctionNode, Source } from './source.ts'
import { Scope } from './scope.ts'
import { Obstacle, Thrown, Unknown, valueIn } from './values.ts'

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

/** A place that a function is called from; of a function that the thread is in, known once that place has been found. */
interface Site {
  node: AnyNode | undefined
}

/** Where a round began. */
interface Start {
  readonly sites: readonly Site[]
  readonly site: AnyNode
}

/** How much code a round may go through before it counts as too long to be foretold. */
const MOST_NODES = 20_000
const DEEPEST = 200
const ELSEWHERE = 'comes to other accesses in its next round'

/** The round has come to where it may have begun. */
class Arrived {
  readonly site: AnyNode

  constructor(site: AnyNode) {
    this.site = site
  }
}

/** How JavaScript is carried out within a round. A parameter of the round, since both call each other. */
export interface Language {
  evaluate(round: Round, node: AnyNode): unknown
  /** Carries out the body of a function. `args` is undefined in a function that the actor is in already. */
  execute(round: Round, node: FunctionNode, args: readonly unknown[] | undefined): unknown
}

export class Round {
  readonly inspection: Inspection
  readonly #language: Language
  readonly #answers: readonly Answered[]
  readonly #frames: readonly Frame[]
  /** The frame whose place is being looked for; undefined while the round goes on. */
  #sought: Frame | undefined
  /** The variables of that frame's function. */
  #own: readonly object[] = []
  /** What the call gives back that the sought frame waits for; undefined if it waits for the round's first access. */
  #returned: { readonly value: unknown } | undefined
  #next = 0
  #nodes = 0
  /** The calls that lead to where the round is, and their functions, as far as they have been entered. */
  readonly #sites: Site[]
  readonly #activations: Activation[] = []
  /** What the functions that the thread is in held when they were entered. */
  readonly #before = new Map<number, Before>()
  /** The accesses that it has come to. */
  readonly accesses: AnyNode[] = []
  /** Where the round began. */
  #start: Start | undefined

  /** The frames are those of the thread as it is, the outermost first. */
  constructor(inspection: Inspection, frames: readonly Frame[], answers: readonly Answered[], language: Language) {
    this.inspection = inspection
    this.#language = language
    this.#frames = frames
    this.#answers = answers
    // A function that the thread is in was called from somewhere; the outermost one is the actor's own.
    this.#sites = frames.slice(1).map(() => ({ node: undefined }))
  }

  /** Why the next round is not like the last one, or cannot be told; undefined if it is, and carries nothing. */
  obstacle(): string | undefined {
    try {
      // From the inside out: a function that the round does not leave need not be looked at.
      for (const frame of this.#frames.toReversed()) this.#goOnIn(frame)
      return 'leaves the actor'
    } catch (thrown) {
      if (thrown instanceof Obstacle) return thrown.reason
      if (thrown instanceof Thrown) return 'leaves the actor by an exception'
      if (thrown instanceof Arrived) return this.#difference(thrown.site)
      throw thrown
    }
  }

  // Where the round is.

  get seeking(): boolean {
    return this.#sought !== undefined
  }

  /** The place that is looked for. */
  get target(): number {
    return this.#sought?.offset ?? -1
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

  /** The value of an expression. */
  evaluate(node: AnyNode): unknown {
    return this.#language.evaluate(this, node)
  }

  count(): void {
    if (++this.#nodes > MOST_NODES) throw new Obstacle('goes through too much code to be foretold')
  }

  // Calls.

  /** The place that was looked for is found. Returns what the access there, or the call, gives. */
  find(site: AnyNode): unknown {
    this.#sought = undefined
    const depth = this.#sites.length
    const chain = this.scope.chain()
    this.#before.set(depth, { chain, values: chain.map(({ values }) => new Map(values)) })
    if (this.#start === undefined) {
      this.#start = { sites: [...this.#sites], site }
      return this.#answer(site)
    }
    const called = this.#start.sites[depth]
    if (called !== undefined) called.node = site
    return this.#returned?.value
  }

  /** The function that has just been left, if it is one that the thread was in. */
  get left(): Frame | undefined {
    return this.#returned === undefined ? undefined : this.#frames[this.#sites.length + 1]
  }

  call(site: AnyNode, target: Closure, self: unknown, args: readonly unknown[]): unknown {
    if (this.#sites.length > DEEPEST) throw new Obstacle('calls too deep to be foretold')
    const { node, source } = target
    // Around a function of the thread there is nothing of the round.
    const real = target.scope.node === node
    const scope = real ? new Scope(node, undefined, target.scope.outer) : new Scope(node, target.scope)
    this.#sites.push({ node: site })
    this.#activations.push({ source, self: node.type === 'ArrowFunctionExpression' ? target.self : self, scope })
    const result = this.#language.execute(this, node, args)
    this.#activations.pop()
    this.#sites.pop()
    return result
  }

  /** A function of the thread as one that can be gone through. */
  closureOf(target: object): Closure | undefined {
    const origin = this.inspection.originOf(target)
    const node = origin?.source.functionAt(origin.offset)
    if (origin === undefined || node === undefined) return undefined
    if (origin.ours) throw new Obstacle('calls code that the explorer controls')
    return new Closure(node, origin.source, new Scope(node, undefined, origin.outer), new Unknown())
  }

  /** Goes on in a function that the thread is in, to its end. */
  #goOnIn(frame: Frame): void {
    const { source, offset } = frame
    const { own, outer, self } = frame.variables()
    const node = source.functionAt(offset)
    if (node === undefined) throw new Obstacle('is in no function')
    this.#sought = frame
    this.#own = own
    const scope = new Scope(node, undefined, outer)
    for (const name of [...namesOf(node), 'arguments']) scope.declare(name, this.#seen(name))
    this.#activations.push({ source, self, scope })
    const value = this.#language.execute(this, node, undefined)
    if (this.seeking) throw new Obstacle('begins in a place that cannot be found')
    this.#activations.pop()
    this.#sites.pop()
    this.#returned = { value }
  }

  /** What the thread's variable of this name holds, in the function that is looked through. */
  #seen(name: string): unknown {
    const holder = this.#own.find((each) => Object.hasOwn(each, name))
    return holder === undefined ? new Unknown() : valueIn(holder, name)
  }

  // Accesses.

  /** An access that the round comes to. What is known of it must fit the last round's. */
  access(site: AnyNode, kind: Kind, view: unknown, index: unknown): unknown {
    if (this.seeking) throw new Obstacle('begins in a place that cannot be found')
    if (this.#next === this.#answers.length) {
      throw new Arrived(site)
    }
    const { access } = this.#answers[this.#next] as Answered
    const other = view instanceof SharedArrayBuffer ? view : sharedView(view)?.raw.buffer
    const differs = access.kind !== kind || (typeof index === 'number' && index !== access.index)
    if (differs || (other !== undefined && other !== access.view.raw.buffer)) {
      throw new Obstacle(ELSEWHERE)
    }
    return this.#answer(site)
  }

  #answer(site: AnyNode): unknown {
    this.accesses.push(site)
    return this.#answers[this.#next++]?.result
  }

  // Where the round ends.

  #difference(site: AnyNode): string | undefined {
    const { sites, site: first } = this.#start as Start
    const same = site === first && this.#sites.length === sites.length
    if (!same || this.#sites.some(({ node }, index) => node !== sites[index]?.node)) return ELSEWHERE
    // The functions that have been entered are the innermost ones.
    const outside = sites.length + 1 - this.#activations.length
    for (const [index, { scope }] of this.#activations.entries()) {
      const difference = differenceOf(this.#before.get(outside + index), scope.chain())
      if (difference !== undefined) return difference
    }
    return undefined
  }
}

/** What a function declares: parameters, variables, and its own name if it is an expression. */
function namesOf(node: FunctionNode): string[] {
  const own = node.type === 'FunctionExpression' && node.id ? [node.id.name] : []
  return [...own, ...node.params.flatMap((param) => namesIn(param)), ...varNames(node.body)]
}
