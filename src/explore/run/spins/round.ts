/**
 * Predicts the next round of a loop. The prediction starts at the access that an actor has come to, and goes on through
 * the actor's code, with the present values of its variables and the answers of its last round, until the code comes to
 * that access again.
 *
 * If the code comes there by the same accesses, and every variable holds the same value as before, the actor would
 * repeat the round until an answer changes: the round carries nothing. Code that cannot be predicted is an obstacle,
 * never a guess.
 */
import type { AnyNode } from 'acorn'
import type { Kind } from '../../model/access.ts'
import { declareOwnName, isSameFunction, refuseHidden, thisOf } from './activation.ts'
import type { Activation, Call } from './activation.ts'
import { Answers } from './answers.ts'
import type { Answer } from './answers.ts'
import { Closure } from './closure.ts'
import type { Before } from './differences.ts'
import { differenceOf, Likeness } from './differences.ts'
import type { CallFrame, Inspection } from './inspection.ts'
import { mayComeBackByException } from './exceptions.ts'
import { namesIn, varNames } from './syntax.ts'
import type { FunctionNode } from './syntax.ts'
import type { Source } from './source.ts'
import { Scope } from './scope.ts'
import { Dead, Obstacle, Unknown, valueIn } from './values.ts'

/** The position where the round starts: an access, and the calls that lead to it. */
interface Start {
  readonly calls: readonly Call[]
  readonly site: AnyNode
}

/** How many nodes of the source the prediction evaluates before it gives up. */
const MOST_NODES = 20_000
const DEEPEST = 200
const ELSEWHERE = 'makes other accesses in its next round'

/** Refuses code that uses variables which are not in its source, as code does that `eval` has made. */
function refuseForeign(outer: readonly object[], source: Source): void {
  for (const scope of outer)
    if (!source.declaresAll(Object.getOwnPropertyNames(scope))) throw new Obstacle('uses variables of another source')
}

/** Thrown when the last round's answers are used up: the prediction has come to the access at the end of the round. */
class RoundEnd {
  readonly site: AnyNode

  constructor(site: AnyNode) {
    this.site = site
  }
}

/**
 * How code is evaluated in a round. It is a parameter of the round, because a round and a language call each other and
 * neither may import the other.
 */
export interface Language {
  evaluate(round: Round, node: AnyNode): unknown
  /**
   * Executes the body of a function and returns its result. `args` is undefined in a function that the actor is in
   * already.
   */
  execute(round: Round, node: FunctionNode, args: readonly unknown[] | undefined): unknown
}

/** A prediction of one round. */
export class Round {
  readonly inspection: Inspection
  readonly #language: Language
  readonly answers: Answers
  readonly #frames: readonly CallFrame[]
  /** The frame of the actor whose present position is sought in the source; undefined once it has been found. */
  #sought: CallFrame | undefined
  /** The variables of the sought frame's function. */
  #own: readonly object[] = []
  /**
   * The result of the call that the sought frame waits for; undefined if the frame waits for the round's first access.
   */
  #returned: { readonly value: unknown } | undefined
  #nodes = 0
  /** The calls that lead to the present position, and the functions among them that the prediction has entered. */
  readonly #calls: Call[]
  readonly #activations: Activation[] = []
  /** The `this` of those arrow functions of the actor of which it is known. */
  readonly #selves = new Map<object, unknown>()
  /** The names of the variables that the round has changed (scope.ts). */
  readonly #changed = new Set<string>()
  /** The variables of the functions that the actor is in, when the prediction entered each of them, by their depth. */
  readonly #variablesBefore = new Map<number, Before>()
  /** The positions of the accesses that the prediction has come to. */
  readonly accesses: AnyNode[] = []
  /** The position where the round starts; undefined until it has been found. */
  #start: Start | undefined

  /** `frames` are the actor's frames at its present access, the outermost first. */
  constructor(inspection: Inspection, frames: readonly CallFrame[], answers: readonly Answer[], language: Language) {
    this.inspection = inspection
    this.#language = language
    this.#frames = frames
    this.answers = new Answers(answers)
    // The outermost function is the actor itself. The position of each other call is still to be found.
    this.#calls = frames.slice(1).map(() => ({ node: undefined }))
  }

  /**
   * Returns why the next round would not repeat the last one, or cannot be predicted; undefined if it would repeat it
   * and carries nothing.
   */
  obstacle(): Obstacle | undefined {
    try {
      this.#goOn()
      return undefined
    } catch (thrown) {
      if (thrown instanceof Obstacle) return thrown
      throw thrown
    }
  }

  #goOn(): void {
    if (mayComeBackByException(this.#frames)) throw new Obstacle('is in a loop that may catch an exception')
    try {
      // From the innermost frame outwards: a function that the round does not leave need not be examined.
      for (const frame of this.#frames.toReversed()) this.#goOnIn(frame)
    } catch (thrown) {
      if (!(thrown instanceof RoundEnd)) throw thrown
      const difference = this.#difference(thrown.site)
      if (difference !== undefined) throw new Obstacle(difference)
      return
    }
    throw new Obstacle('leaves the actor')
  }

  // The present position.

  /** Whether the actor's present position is still sought. */
  get seeking(): boolean {
    return this.#sought !== undefined
  }

  /** The offset in the source that is sought. */
  get target(): number {
    return this.#sought?.offset ?? -1
  }

  get activation(): Activation {
    return this.#activations.at(-1)!
  }

  get scope(): Scope {
    return this.activation.scope
  }

  /** Calls `work` within a scope. */
  within<Result>(scope: Scope, work: () => Result): Result {
    const { activation } = this
    const before = activation.scope
    activation.scope = scope
    // Without `finally`: the end of a round is thrown, and the scopes of its last access are compared after that.
    const result = work()
    activation.scope = before
    return result
  }

  /**
   * Returns the scope of a block. If the actor is in the block, the scope holds the values of the actor's variables.
   */
  scopeOf(node: AnyNode, names: readonly string[]): Scope {
    const scope = new Scope(node, this.scope)
    if (!this.seeking) return scope
    this.refuseShadows(names)
    for (const name of names) scope.declare(name, this.#seen(name))
    return scope
  }

  /**
   * Refuses names of a block that variables around have too. V8 shows the variables of a block also while code before the block is
   * still evaluated, and they must not be taken for those around.
   */
  refuseShadows(names: readonly string[]): void {
    const hidden = names.find((name) => this.scope.chain().some(({ values }) => values.has(name)))
    if (hidden !== undefined) throw new Obstacle(`has two variables named ${hidden}`)
  }

  /** Gives the innermost scope's variables new places, with the same values, for the next iteration of its loop. */
  nextIteration(): void {
    const { activation } = this
    activation.scope = activation.scope.copy()
  }

  /** Evaluates an expression. */
  evaluate(node: AnyNode): unknown {
    return this.#language.evaluate(this, node)
  }

  /** Counts a node that is evaluated. */
  count(): void {
    if (++this.#nodes > MOST_NODES) throw new Obstacle('executes too much code in one round')
  }

  // Calls.

  /** Records that the sought position is found. Returns the result of the access or call there. */
  find(site: AnyNode): unknown {
    this.#sought = undefined
    const depth = this.#calls.length
    const chain = this.scope.chain()
    const { self } = this.activation
    this.#variablesBefore.set(depth, { self, chain, values: chain.map(({ values }) => new Map(values)) })
    if (this.#start === undefined) {
      this.#start = { calls: [...this.#calls], site }
      return this.#answer(site)
    }
    const called = this.#start.calls[depth]
    if (called !== undefined) called.node = site
    return this.#returned?.value
  }

  /** The frame of the actor that has just returned; undefined if the prediction is at the round's first access. */
  get left(): CallFrame | undefined {
    return this.#returned === undefined ? undefined : this.#frames[this.#calls.length + 1]
  }

  /** Calls a function and returns its result. */
  call(site: AnyNode, target: Closure, self: unknown, args: readonly unknown[]): unknown {
    if (this.seeking) throw new Obstacle('starts at a position that cannot be found')
    if (this.#calls.length > DEEPEST) throw new Obstacle('nests calls too deeply')
    const { node, source } = target
    // The variables around a function of the actor are the actor's, not those of the round.
    const real = target.scope.node === node
    const scope = real ? this.#functionScope(node, target.scope.outer) : new Scope(node, target.scope)
    refuseHidden(node, source)
    this.#calls.push({ node: site })
    this.#activations.push({ node, source, self: thisOf(target, self), scope, real })
    const result = this.#language.execute(this, node, args)
    this.#activations.pop()
    this.#calls.pop()
    return result
  }

  /** Returns a function of the actor as a closure that can be executed; undefined if its source cannot be read. */
  closureOf(target: object): Closure | undefined {
    const origin = this.inspection.originOf(target)
    const node = origin?.source.functionAt(origin.offset)
    if (origin === undefined || node === undefined) return undefined
    if (origin.ours) throw new Obstacle('calls code that the explorer controls')
    refuseForeign(origin.outer, origin.source)
    return new Closure(
      node,
      origin.source,
      this.#functionScope(node, origin.outer),
      this.#selves.get(target) ?? new Unknown(),
    )
  }

  /**
   * Returns a method of a class, which the present function is a method of too, so that the same variables are around
   * both; undefined if it is not.
   */
  methodOf(node: FunctionNode, members: readonly AnyNode[]): Closure | undefined {
    const outermost = this.scope.chain().at(-1)!
    if (!members.some((member) => 'value' in member && member.value === outermost.node)) return undefined
    return new Closure(node, this.activation.source, this.#functionScope(node, outermost.outer), new Unknown())
  }

  /** Records the `this` of an arrow function of the actor. */
  learnThis(target: object, self: unknown): void {
    this.#selves.set(target, self)
  }

  /** Executes the rest of a function that the actor is in. */
  #goOnIn(frame: CallFrame): void {
    const { source, offset } = frame
    const { own, outer, self } = frame.variables()
    const node = source.functionAt(offset)
    if (node === undefined) throw new Obstacle('is not in a function')
    this.#sought = frame
    this.#own = own
    const scope = this.#functionScope(node, outer)
    declareOwnName(scope, node)
    const names = [...node.params.flatMap((param) => namesIn(param)), ...varNames(node.body)]
    for (const name of names) scope.values.set(name, this.#seen(name))
    refuseHidden(node, source)
    refuseForeign(outer, source)
    this.#activations.push({ node, source, self, scope, real: false })
    const value = this.#language.execute(this, node, undefined)
    if (this.seeking) throw new Obstacle('starts at a position that cannot be found')
    this.#activations.pop()
    this.#calls.pop()
    this.#returned = { value }
  }

  /** Returns the scope of a function that is not one of the round's own. */
  #functionScope(node: FunctionNode, outer: readonly object[]): Scope {
    return new Scope(node, undefined, outer, this.#changed)
  }

  /** Returns the value that a variable has in the present function. */
  read(name: string): unknown {
    return this.scope.read(name, this.activation.source.declared)
  }

  /** Returns the value of the actor's variable of this name in the sought frame. */
  #seen(name: string): unknown {
    const holder = this.#own.find((each) => Object.hasOwn(each, name))
    return holder === undefined ? new Dead(true) : valueIn(holder, name)
  }

  // Accesses.

  /** Makes an access and returns the answer of the last round. The access must be the one that the actor made then. */
  access(site: AnyNode, kind: Kind, view: unknown, index: unknown): unknown {
    if (this.seeking) throw new Obstacle('starts at a position that cannot be found')
    if (this.answers.areUsedUp) throw new RoundEnd(site)
    if (!this.answers.isNext(kind, view, index)) throw new Obstacle(ELSEWHERE)
    return this.#answer(site)
  }

  #answer(site: AnyNode): unknown {
    this.accesses.push(site)
    return this.answers.take()
  }

  // The end of the round.

  #difference(site: AnyNode): string | undefined {
    const { calls, site: first } = this.#start!
    const same = site === first && this.#calls.length === calls.length && this.answers.buffersAreUsedUp
    if (!same || this.#calls.some(({ node }, index) => node !== calls[index]?.node)) return ELSEWHERE
    // The functions that the prediction has entered are the innermost ones.
    const outside = calls.length + 1 - this.#activations.length
    const likeness = new Likeness()
    for (const [index, activation] of this.#activations.entries()) {
      const before = this.#variablesBefore.get(outside + index)
      if (!isSameFunction(activation, before?.self, this.#frames[outside + index]))
        return 'may be in another function or object'
      const difference = differenceOf(before, activation.scope.chain(), likeness)
      if (difference !== undefined) return difference
    }
    return undefined
  }
}
