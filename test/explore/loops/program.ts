/**
 * Small programs with loops, as data. Each is executed in two ways that share no code: text.ts prints it as JavaScript
 * for the explorer, and oracle.ts steps through it with a memory of its own.
 *
 * Each actor is a function over a few shared words. Its results are its long-lived variables, so that an outcome shows
 * what the actor read.
 */

/** A constant, or a variable plus a constant. */
export type Expression = number | { readonly local: string; readonly plus?: number }

export type Comparison = '===' | '!==' | '<'

export type Access =
  | { readonly op: 'load' | 'read'; readonly word: number }
  | {
      readonly op: 'store' | 'write' | 'add' | 'or' | 'xor' | 'exchange'
      readonly word: number
      readonly value: Expression
    }
  | { readonly op: 'cas'; readonly word: number; readonly expected: Expression; readonly value: Expression }
  /** The value is 1 if a timed sleep timed out, or if an endless sleep was woken; else 0. */
  | { readonly op: 'wait'; readonly word: number; readonly expected: Expression; readonly timed: boolean }
  | { readonly op: 'notify'; readonly word: number; readonly count: number }

export type Condition =
  | {
      readonly test: 'access'
      readonly access: Access
      readonly is: Comparison
      readonly value: Expression
      /** A variable that is assigned between the reading of `value` and the access. */
      readonly between?: { readonly local: string; readonly value: number }
    }
  | { readonly test: 'local'; readonly local: string; readonly is: Comparison; readonly value: Expression }
  /** A counter is compared only with constants below COUNTED, so that the oracle may stop counting there. */
  | { readonly test: 'counter'; readonly counter: string; readonly is: Comparison; readonly value: number }
  | { readonly test: 'and' | 'or'; readonly left: Condition; readonly right: Condition }

export interface Loop {
  readonly do: 'loop'
  /** `while (test) {}`, `do {} while (test)`, or `for (let counter = 0; counter < rounds && test; counter++) {}`. */
  readonly form: 'while' | 'do' | 'for'
  /** Without a test, only its body can leave the loop. */
  readonly test?: Condition
  readonly counter?: string
  readonly rounds?: number
  /** The variables of one round, declared as 0 at the beginning of the body. */
  readonly temps: readonly string[]
  readonly body: readonly Statement[]
}

export type Statement =
  | { readonly do: 'access'; readonly access: Access; readonly into?: string }
  | { readonly do: 'assign'; readonly local: string; readonly value: Expression }
  | { readonly do: 'count'; readonly counter: string }
  | {
      readonly do: 'if'
      readonly test: Condition
      readonly yes: readonly Statement[]
      readonly no: readonly Statement[]
    }
  | Loop
  | { readonly do: 'call'; readonly helper: number; readonly into?: string }
  | { readonly do: 'break' | 'continue' }
  /** Returns from the function. */
  | { readonly do: 'exit'; readonly code: number }

export type Body = readonly Statement[]

export interface Program {
  /** The values of the words at the start. */
  readonly memory: readonly number[]
  readonly helpers: readonly Body[]
  readonly actors: readonly Body[]
  readonly style: Style
}

/** How a program is printed. */
export interface Style {
  /** On one line, so that positions in the source differ only in their columns. */
  readonly oneLine: boolean
  /** Long-lived variables are tested, and counters counted, by functions within the function that declares them. */
  readonly closures: boolean
  /** A value that is compared with an access stands before the access. */
  readonly reversed: boolean
}

/** The oracle counts up to this number; in JavaScript the counters count on. */
export const COUNTED = 9

/** The long-lived variables of an actor, which it returns, and its counters, which it does not. */
export const ACTOR_LOCALS = ['v0', 'v1'] as const
export const ACTOR_COUNTERS = ['n0'] as const
/**
 * The long-lived variables and counters of a helper, new in each call. All names that a helper declares begin with an
 * h.
 */
export const HELPER_LOCALS = ['h0'] as const
export const HELPER_COUNTERS = ['hn0'] as const
