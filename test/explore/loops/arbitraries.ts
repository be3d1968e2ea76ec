/**
 * The smallest random parts: words, values, comparisons, accesses.
 */
import fc from 'fast-check'

import type { Access, Comparison, Expression } from './program.ts'

/** Draws one of several cases, each with its weight. */
export function casesOf<T>(...cases: (readonly [weight: number, arbitrary: fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return fc.oneof(...cases.map(([weight, arbitrary]) => ({ weight, arbitrary })))
}

export const word: fc.Arbitrary<number> = casesOf([6, fc.nat(1)], [1, fc.constant(2)])

export const value: fc.Arbitrary<number> = casesOf([5, fc.nat(2)], [1, fc.constant(3)])

export const comparison: fc.Arbitrary<Comparison> = casesOf<Comparison>(
  [3, fc.constant('===')],
  [3, fc.constant('!==')],
  [1, fc.constant('<')],
)

/** Draws a constant, or one of the variables in scope. */
export function expression(locals: readonly string[]): fc.Arbitrary<Expression> {
  const constant = value as fc.Arbitrary<Expression>
  if (locals.length === 0) return constant
  const variable = fc.record({ local: fc.constantFrom(...locals), plus: fc.constantFrom(0, 0, 1) })
  return casesOf<Expression>([3, constant], [1, variable])
}

/** Draws a read, sometimes a plain one. */
export const look: fc.Arbitrary<Access> = casesOf<Access>(
  [6, word.map((at): Access => ({ op: 'load', word: at }))],
  [1, word.map((at): Access => ({ op: 'read', word: at }))],
)

/** Draws an access that mostly changes memory. */
export function change(locals: readonly string[]): fc.Arbitrary<Access> {
  const by = expression(locals)
  return casesOf<Access>(
    [5, fc.record({ op: fc.constant('store'), word, value: by })],
    [1, fc.record({ op: fc.constant('write'), word, value: by })],
    [2, fc.record({ op: fc.constant('add'), word, value: fc.constantFrom(1, -1) })],
    [1, fc.record({ op: fc.constantFrom('or', 'xor'), word, value: fc.constantFrom(1, 2) })],
    [2, fc.record({ op: fc.constant('exchange'), word, value: by })],
    [2, fc.record({ op: fc.constant('cas'), word, expected: by, value: by })],
  )
}

export const call: fc.Arbitrary<Access> = fc.record({
  op: fc.constant('notify'),
  word,
  count: fc.constantFrom(1, 1, 2),
})

export function sleep(timed: fc.Arbitrary<boolean>): fc.Arbitrary<Access> {
  return fc.record({ op: fc.constant('wait'), word, expected: casesOf([3, fc.constant(0)], [1, value]), timed })
}
