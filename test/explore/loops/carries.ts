/**
 * Determines from a program what its loops carry from round to round. For statistics only: for how many of the programs
 * whose loops carry nothing the exploration is complete.
 *
 * A compareExchange counts as carrying nothing, and so does an exchange in a test: with them a round tries and fails.
 */
import type { Access, Body, Condition, Loop, Program, Statement } from './program.ts'

/** What a loop carries: nothing; the order of the sleepers in a queue; memory or variables. */
export type Carried = 'nothing' | 'sleepers' | 'state'

const CARRIED = ['nothing', 'sleepers', 'state'] as const

/** Returns the most that a loop of the program carries. */
export function carriedBy(program: Program): Carried {
  const levels = program.actors
    .flatMap((body) => loopsIn(body, program))
    .map((loop) => new Round(loop, program).level())
  return CARRIED[Math.max(0, ...levels)]!
}

function loopsIn(body: Body, program: Program): Loop[] {
  return body.flatMap((statement) => {
    if (statement.do === 'loop') return [statement, ...loopsIn(statement.body, program)]
    if (statement.do === 'call') return loopsIn(program.helpers[statement.helper]!, program)
    return statement.do === 'if' ? loopsIn([...statement.yes, ...statement.no], program) : []
  })
}

/** One round of a loop: determines the most that it carries on any path to another round. */
class Round {
  readonly #loop: Loop
  readonly #program: Program
  /** The variables that do not outlive the round. */
  readonly #own: Set<string>
  #again = 0

  constructor(loop: Loop, program: Program) {
    this.#loop = loop
    this.#program = program
    const within = loopsIn(loop.body, program)
    this.#own = new Set(
      [loop.temps, ...within.map(({ temps }) => temps), within.map(({ counter = '' }) => counter)].flat(),
    )
  }

  level(): number {
    if (this.#loop.form === 'for') return 2
    const head = this.#loop.test === undefined ? 0 : this.#test(this.#loop.test)
    const end = this.#body(this.#loop.body, 0)
    return Math.max(head, this.#again, end ?? 0)
  }

  /** Returns what is carried when the statements have been executed; undefined if no path executes all of them. */
  #body(body: Body, before: number): number | undefined {
    let level: number | undefined = before
    for (const statement of body) if (level !== undefined) level = this.#statement(statement, level)
    return level
  }

  #statement(statement: Statement, before: number): number | undefined {
    switch (statement.do) {
      case 'access':
        return Math.max(before, this.#kept(statement.into), levelOf(statement.access, statement.into !== undefined))
      case 'assign':
        return Math.max(before, this.#kept(statement.local))
      case 'count':
        return Math.max(before, this.#kept(statement.counter))
      case 'if':
        return this.#if(statement, before)
      case 'call': {
        const inside = this.#all(this.#program.helpers[statement.helper]!)
        return Math.max(before, inside, this.#kept(statement.into))
      }
      case 'loop':
        return Math.max(
          before,
          this.#all(statement.body),
          statement.test === undefined ? 0 : this.#test(statement.test),
        )
      case 'continue':
        this.#again = Math.max(this.#again, before)
        return undefined
      default:
        return undefined
    }
  }

  #if(statement: Statement & { readonly do: 'if' }, before: number): number | undefined {
    const level = Math.max(before, this.#test(statement.test))
    const [yes, no] = [this.#body(statement.yes, level), this.#body(statement.no, level)]
    return yes === undefined || no === undefined ? (yes ?? no) : Math.max(yes, no)
  }

  /** Returns the most that any statement carries, whichever path it is on: for what is inside a round as a whole. */
  #all(body: Body): number {
    const levels = body.map((statement) => {
      if (statement.do !== 'if') return this.#statement(statement, 0) ?? 0
      return Math.max(this.#test(statement.test), this.#all(statement.yes), this.#all(statement.no))
    })
    return Math.max(0, ...levels)
  }

  #test(condition: Condition): number {
    if (condition.test === 'and' || condition.test === 'or')
      return Math.max(this.#test(condition.left), this.#test(condition.right))
    if (condition.test !== 'access') return 0
    return Math.max(levelOf(condition.access, true), this.#kept(condition.between?.local))
  }

  #kept(name: string | undefined): number {
    return name === undefined || this.#own.has(name) || name.startsWith('h') ? 0 : 2
  }
}

function levelOf({ op }: Access, tested: boolean): number {
  if (op === 'load' || op === 'read') return 0
  if (op === 'wait' || op === 'notify') return 1
  return tested && (op === 'cas' || op === 'exchange') ? 0 : 2
}
