/**
 * Compiles programs to code for a small machine, which the oracle steps through: flat instructions with jumps. Helpers
 * are inlined, and variables are numbered slots.
 */
import { ACTOR_COUNTERS, ACTOR_LOCALS, HELPER_COUNTERS, HELPER_LOCALS } from './program.ts'
import type { Access, Body, Comparison, Condition, Expression, Loop, Program, Statement } from './program.ts'

/** Slot 0 holds the value of an access until the test in which the access stands. */
export const SCRATCH = 0

/** A constant, or the slot of a variable and a constant that is added. */
export type Source = { readonly constant: number } | { readonly slot: number; readonly plus: number }

export interface CompiledAccess {
  readonly op: Access['op']
  readonly word: number
  readonly value: Source
  readonly expected: Source
  readonly timed: boolean
  readonly count: number
}

export type Instruction =
  | { readonly op: 'access'; readonly access: CompiledAccess; readonly into: number }
  | { readonly op: 'set'; readonly slot: number; readonly value: Source }
  | { readonly op: 'count'; readonly slot: number }
  /** Continues with the next instruction if the comparison holds, else at `target`. */
  | { readonly op: 'unless'; readonly slot: number; readonly is: Comparison; readonly value: Source; target: number }
  | { readonly op: 'jump'; target: number }
  | { readonly op: 'end' }

export interface Code {
  readonly instructions: readonly Instruction[]
  readonly slots: number
  /** The slots of the results: what the code returned, and the long-lived variables. */
  readonly results: readonly number[]
}

const ZERO: Source = { constant: 0 }

/** The jumps whose target is not known yet. */
type Pending = { target: number }[]

interface Context {
  /** The jumps out of the innermost loop, to its next round, and out of the function. */
  readonly breaks: Pending
  readonly continues: Pending
  readonly exits: Pending
  /** The slot for the value of a return. */
  readonly result: number
}

class Compiler {
  readonly instructions: Instruction[] = []
  readonly #slots = new Map<string, number>([['scratch', SCRATCH]])
  readonly #program: Program

  constructor(program: Program) {
    this.#program = program
  }

  get slots(): number {
    return this.#slots.size
  }

  slot(name: string): number {
    const known = this.#slots.get(name)
    if (known !== undefined) return known
    this.#slots.set(name, this.#slots.size)
    return this.#slots.size - 1
  }

  body(body: Body, context: Context): void {
    for (const statement of body) this.#statement(statement, context)
  }

  #statement(statement: Statement, context: Context): void {
    switch (statement.do) {
      case 'access':
        this.#access(statement.access, statement.into === undefined ? SCRATCH : this.slot(statement.into))
        break
      case 'assign':
        this.#set(this.slot(statement.local), this.#source(statement.value))
        break
      case 'count':
        this.instructions.push({ op: 'count', slot: this.slot(statement.counter) })
        break
      case 'if':
        this.#if(statement, context)
        break
      case 'loop':
        this.#loop(statement, context)
        break
      case 'call':
        this.#call(statement.helper, statement.into)
        break
      case 'exit':
        this.#set(context.result, { constant: statement.code })
        this.#jump(context.exits)
        break
      default:
        this.#jump(statement.do === 'break' ? context.breaks : context.continues)
    }
  }

  #if(statement: Statement & { readonly do: 'if' }, context: Context): void {
    const otherwise = this.#unless(statement.test)
    this.body(statement.yes, context)
    const after: Pending = []
    this.#jump(after)
    this.#land(otherwise)
    this.body(statement.no, context)
    this.#land(after)
  }

  #loop(loop: Loop, outer: Context): void {
    const { form, test, temps, rounds } = loop
    const counter = loop.counter === undefined ? undefined : this.slot(loop.counter)
    const context: Context = { ...outer, breaks: [], continues: [] }
    if (form === 'for' && counter !== undefined) this.#set(counter, ZERO)
    const head = this.instructions.length
    const out: Pending = []
    if (form === 'for' && counter !== undefined && rounds !== undefined) {
      out.push(this.#branch(counter, '<', { constant: rounds }))
    }
    if (form !== 'do' && test !== undefined) out.push(...this.#unless(test))
    this.#forget(temps)
    this.body(loop.body, context)
    this.#land(context.continues)
    // No round can read the variables of another round. They are cleared here too, so that states which differ only in
    // them are one.
    this.#forget(temps)
    if (form === 'do' && test !== undefined) out.push(...this.#unless(test))
    if (form === 'for' && counter !== undefined) this.instructions.push({ op: 'count', slot: counter })
    this.instructions.push({ op: 'jump', target: head })
    this.#land(out)
    this.#land(context.breaks)
    this.#forget(temps)
    if (counter !== undefined) this.#set(counter, ZERO)
  }

  #call(helper: number, into: string | undefined): void {
    const result = this.slot('h result')
    this.#forget([...HELPER_LOCALS, ...HELPER_COUNTERS])
    const context: Context = { breaks: [], continues: [], exits: [], result }
    this.body(this.#program.helpers[helper] ?? [], context)
    this.#land(context.exits)
    if (into !== undefined) this.#set(this.slot(into), { slot: result, plus: 0 })
    // A return from inside a loop left that loop's variables as they were.
    this.#forget([...this.#slots.keys()].filter((name) => name.startsWith('h')))
  }

  /** Compiles a condition, and returns the jumps that are taken if it does not hold. */
  #unless(condition: Condition): Pending {
    switch (condition.test) {
      case 'access': {
        const { access, is, value, between } = condition
        const than = between === undefined ? this.#source(value) : { slot: this.slot('operand'), plus: 0 }
        if (between !== undefined) {
          this.#set(this.slot('operand'), this.#source(value))
          this.#set(this.slot(between.local), { constant: between.value })
        }
        this.#access(access, SCRATCH)
        return [this.#branch(SCRATCH, is, than)]
      }
      case 'local':
        return [this.#branch(this.slot(condition.local), condition.is, this.#source(condition.value))]
      case 'counter':
        return [this.#branch(this.slot(condition.counter), condition.is, { constant: condition.value })]
      case 'and':
        return [...this.#unless(condition.left), ...this.#unless(condition.right)]
      default: {
        const right = this.#unless(condition.left)
        const holds: Pending = []
        this.#jump(holds)
        this.#land(right)
        const fails = this.#unless(condition.right)
        this.#land(holds)
        return fails
      }
    }
  }

  #access(access: Access, into: number): void {
    const compiled: CompiledAccess = {
      op: access.op,
      word: access.word,
      value: 'value' in access ? this.#source(access.value) : ZERO,
      expected: 'expected' in access ? this.#source(access.expected) : ZERO,
      timed: access.op === 'wait' && access.timed,
      count: access.op === 'notify' ? access.count : 0,
    }
    this.instructions.push({ op: 'access', access: compiled, into })
  }

  #source(expression: Expression): Source {
    if (typeof expression === 'number') return { constant: expression }
    return { slot: this.slot(expression.local), plus: expression.plus ?? 0 }
  }

  #branch(slot: number, is: Comparison, value: Source): { target: number } {
    const branch: Instruction = { op: 'unless', slot, is, value, target: -1 }
    this.instructions.push(branch)
    return branch
  }

  #jump(to: Pending): void {
    const jump: Instruction = { op: 'jump', target: -1 }
    this.instructions.push(jump)
    to.push(jump)
  }

  #land(jumps: Pending): void {
    for (const jump of jumps) jump.target = this.instructions.length
  }

  #set(slot: number, value: Source): void {
    this.instructions.push({ op: 'set', slot, value })
  }

  #forget(names: readonly string[]): void {
    for (const name of names) this.#set(this.slot(name), ZERO)
  }
}

export function compileActor(program: Program, body: Body): Code {
  const compiler = new Compiler(program)
  const result = compiler.slot('result')
  const locals = ACTOR_LOCALS.map((local) => compiler.slot(local))
  for (const counter of ACTOR_COUNTERS) compiler.slot(counter)
  const context: Context = { breaks: [], continues: [], exits: [], result }
  compiler.body(body, context)
  for (const jump of context.exits) jump.target = compiler.instructions.length
  compiler.instructions.push({ op: 'end' })
  return { instructions: compiler.instructions, slots: compiler.slots, results: [result, ...locals] }
}
