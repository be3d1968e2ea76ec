/**
 * Loops of any form, with any test and any body, up to two deep.
 */
import fc from 'fast-check'

import { call, casesOf, change, comparison, expression, look, sleep, value, word } from './arbitraries.ts'
import { again, both, cas, either, exchange, exit, leave, load, perform, when } from './build.ts'
import type { Access, Body, Condition, Loop, Statement } from './program.ts'

/** What is in scope at a point of the program. */
export interface Scope {
  /** The first letter of its variables' names. */
  readonly prefix: string
  /** One more than the number of loops around it. */
  readonly depth: number
  /** The variables that live as long as the function. */
  readonly locals: readonly string[]
  /** The variables of the rounds around it. */
  readonly temps: readonly string[]
  readonly counters: readonly string[]
}

const DEEPEST = 2

/** A loop that may or may not carry something from round to round. */
export function randomLoop(scope: Scope): fc.Arbitrary<Loop> {
  return casesOf([1, loopThat(scope, false)], [1, loopThat(scope, true)])
}

function loopThat(scope: Scope, carries: boolean): fc.Arbitrary<Loop> {
  const temps = [`${scope.prefix}t${scope.depth}`, `${scope.prefix}u${scope.depth}`]
  const counter = `${scope.prefix}i${scope.depth}`
  const inside: Scope = { ...scope, depth: scope.depth + 1, temps: [...scope.temps, ...temps] }
  const counting: Scope = { ...inside, counters: [...scope.counters, counter] }
  const tested = fc.record({
    do: fc.constant('loop'),
    form: casesOf<'while' | 'do'>([2, fc.constant('while')], [1, fc.constant('do')]),
    test: headTest(scope, carries),
    temps: fc.constant(temps),
    body: bodyOf(inside, carries),
  })
  const endless = fc.record({
    do: fc.constant('loop'),
    form: fc.constant('while'),
    temps: fc.constant(temps),
    body: bodyOf(inside, carries),
  })
  const bounded = fc.record(
    {
      do: fc.constant('loop'),
      form: fc.constant('for'),
      counter: fc.constant(counter),
      rounds: casesOf([4, fc.integer({ min: 1, max: 3 })], [1, fc.integer({ min: 4, max: 6 })]),
      test: headTest(scope, carries),
      temps: fc.constant(temps),
      body: bodyOf(counting, carries),
    },
    { requiredKeys: ['do', 'form', 'counter', 'temps', 'body'] },
  )
  return carries ? casesOf<Loop>([2, tested], [1, endless], [2, bounded]) : casesOf<Loop>([2, tested], [1, endless])
}

/** The body begins with an access, so that no loop runs without one. */
function headTest(scope: Scope, carries: boolean): fc.Arbitrary<Condition> {
  const readable = [...scope.locals, ...scope.temps]
  const asks = fc.record({
    test: fc.constant('access'),
    access: casesOf<Access>(
      [4, look],
      [1, fc.tuple(word, value, value).map(([at, from, to]) => cas(at, from, to))],
      [1, fc.tuple(word, value).map(([at, to]) => exchange(at, to))],
    ),
    is: comparison,
    value: expression(readable),
  })
  const second = condition(scope, carries)
  return casesOf<Condition>(
    [5, asks],
    [1, fc.tuple(asks, second).map(([left, right]) => both(left, right))],
    [1, fc.tuple(asks, second).map(([left, right]) => either(left, right))],
  )
}

function condition(scope: Scope, carries: boolean): fc.Arbitrary<Condition> {
  const readable = [...scope.locals, ...scope.temps]
  const asks = fc.record({ test: fc.constant('access'), access: look, is: comparison, value })
  const compares = fc.record({
    test: fc.constant('local'),
    local: fc.constantFrom(...readable),
    is: comparison,
    value: expression(readable),
  })
  const counts = fc.record({
    test: fc.constant('counter'),
    counter: fc.constantFrom(...scope.counters),
    is: comparison,
    value: fc.integer({ min: 1, max: 5 }),
  })
  return carries
    ? casesOf<Condition>([3, compares], [2, asks], [2, counts])
    : casesOf<Condition>([3, compares], [3, asks])
}

function bodyOf(scope: Scope, carries: boolean): fc.Arbitrary<Body> {
  const first = fc
    .tuple(look, fc.constantFrom(undefined, ...scope.temps))
    .map(([access, into]) => perform(access, into))
  const rest = fc.array(statement(scope, carries), { maxLength: 3 })
  return fc.tuple(first, rest).map(([head, tail]) => [head].concat(tail))
}

function statement(scope: Scope, carries: boolean): fc.Arbitrary<Statement> {
  const readable = [...scope.locals, ...scope.temps]
  const into = fc.constantFrom(undefined, ...scope.temps, ...(carries ? scope.locals : []))
  const effects = change(readable)
  const reads = fc.tuple(look, into).map(([access, to]) => perform(access, to))
  const sleeps = fc.tuple(sleep(fc.boolean()), into).map(([access, to]) => perform(access, to))
  const branches = fc
    .tuple(condition(scope, carries), departure(readable), fc.option(reads))
    .map(([test, yes, no]) => when(test, yes, no === null ? [] : [no]))
  const shared = [
    [4, reads],
    [5, branches],
    [1, sleeps],
  ] as const
  const deeper = scope.depth > DEEPEST ? [] : ([[1, randomLoop(scope)]] as const)
  const helped = scope.prefix === '' ? ([[1, fc.record({ do: fc.constant('call'), helper: fc.nat(1) })]] as const) : []
  if (!carries) return casesOf<Statement>(...shared, ...deeper, ...helped)
  const assigns = fc.record({
    do: fc.constant('assign'),
    local: fc.constantFrom(...scope.locals),
    value: expression(readable),
  })
  const counts = fc.constantFrom(...scope.counters.slice(0, 1)).map((counter): Statement => ({ do: 'count', counter }))
  const changes = fc.tuple(effects, into).map(([access, to]) => perform(access, to))
  return casesOf<Statement>(
    ...shared,
    ...deeper,
    ...helped,
    [2, assigns],
    [2, counts],
    [1, changes],
    [1, call.map((access) => perform(access))],
  )
}

/** Ways to leave a round, with or without an assignment before. */
function departure(readable: readonly string[]): fc.Arbitrary<Body> {
  const way = casesOf<Statement>(
    [3, fc.constant(leave)],
    [3, fc.integer({ min: 1, max: 3 }).map(exit)],
    [1, fc.constant(again)],
  )
  return casesOf<Body>(
    [3, way.map((only) => [only])],
    [1, fc.tuple(change(readable), way).map(([access, last]) => [perform(access), last])],
    [1, word.map((at) => [perform(load(at))])],
  )
}
