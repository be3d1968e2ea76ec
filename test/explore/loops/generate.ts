/**
 * Random programs with loops: two or three actors of a few parts each. A part is one of the kinds of loops in kinds.ts,
 * a loop of any form from random-loop.ts, or a step that changes what the loops of other actors read.
 */
import fc from 'fast-check'

import { answered } from './answers.ts'
import type { Answer } from './answers.ts'
import { casesOf, word } from './arbitraries.ts'
import { kinds, straightPart } from './kinds.ts'
import { ACTOR_COUNTERS, ACTOR_LOCALS, HELPER_COUNTERS, HELPER_LOCALS } from './program.ts'
import type { Body, Program } from './program.ts'
import { randomLoop } from './random-loop.ts'
import type { Scope } from './random-loop.ts'
import { cas, exchange, exit, finds, load, loop, perform, rounds, when } from './build.ts'

const IN_ACTOR: Scope = { prefix: '', depth: 1, locals: ACTOR_LOCALS, temps: [], counters: ACTOR_COUNTERS }
const IN_HELPER: Scope = { prefix: 'h', depth: 1, locals: HELPER_LOCALS, temps: [], counters: HELPER_COUNTERS }

const loopPart: fc.Arbitrary<Body> = fc.oneof(
  { weight: 3, arbitrary: kinds },
  { weight: 1, arbitrary: randomLoop(IN_ACTOR).map((made) => [made]) },
)

/** Draws an actor: usually a loop among other steps, sometimes steps without a loop. */
function actor(mostParts: number): fc.Arbitrary<Body> {
  const straight = fc.array(straightPart, { maxLength: mostParts - 1 })
  const around = fc
    .tuple(straight, loopPart, straight)
    .map(([before, made, after]) => [...before, made, ...after].flat())
  const without = fc.array(straightPart, { minLength: 1, maxLength: mostParts + 1 }).map((parts) => parts.flat())
  const twice = fc.tuple(loopPart, straight, loopPart).map((parts) => parts.flat(2))
  return casesOf([5, around], [2, without], [1, twice])
}

/** Draws a helper: a read, a spin, taking a lock, spinning for some rounds, or anything. */
const helper: fc.Arbitrary<Body> = casesOf(
  [2, word.map((at) => [perform(load(at), 'h0'), when(finds(load(at), '===', 1), [exit(1)])])],
  [3, word.map((at) => [loop(finds(load(at), '===', 0))])],
  [1, word.map((at) => [loop(finds(cas(at, 0, 1), '!==', 0))])],
  [1, word.map((at) => [loop(finds(exchange(at, 1), '!==', 0))])],
  [
    1,
    fc
      .tuple(word, fc.integer({ min: 1, max: 4 }))
      .map(([at, most]) => [rounds('hi', most, undefined, [when(finds(load(at), '!==', 0), [exit(1)])])]),
  ],
  [2, randomLoop(IN_HELPER).map((made) => [made])],
)

const actors = casesOf<readonly Body[]>([3, fc.tuple(actor(3), actor(3))], [1, fc.tuple(actor(2), actor(2), actor(1))])

const initial = casesOf<number>([4, fc.constant(0)], [1, fc.integer({ min: 1, max: 2 })])

const answer: fc.Arbitrary<Answer> = fc.record({
  given: casesOf([8, fc.constant(true)], [1, fc.constant(false)]),
  calls: fc.boolean(),
  which: fc.nat(3),
  place: casesOf([1, fc.constant(0)], [1, fc.nat(6)]),
})

const shapes = fc.record({
  memory: fc.tuple(initial, initial, initial),
  helpers: fc.tuple(helper, helper),
  actors,
  style: fc.record({ oneLine: fc.boolean(), closures: fc.boolean(), reversed: fc.boolean() }),
})

/** Programs in which at least one actor has a loop. */
export const programs: fc.Arbitrary<Program> = shapes
  .filter((program) => loopsIn(program) > 0)
  .chain((program) => fc.tuple(answer, answer, answer).map((answers) => answered(program, answers)))

const straightActor = fc.array(straightPart, { minLength: 1, maxLength: 4 }).map((parts) => parts.flat())

/** Programs without a loop: each step is executed at most once. */
export const straightPrograms: fc.Arbitrary<Program> = fc
  .tuple(shapes, fc.array(straightActor, { minLength: 2, maxLength: 3 }))
  .map(([{ memory, helpers, style }, straight]) => ({ memory, helpers, style, actors: straight }))
  .filter((program) => loopsIn(program) === 0)

function loopsIn(program: Program): number {
  return program.actors.flat().filter((statement) => {
    if (statement.do !== 'call') return statement.do === 'loop'
    return program.helpers[statement.helper]?.some((part) => part.do === 'loop') === true
  }).length
}
