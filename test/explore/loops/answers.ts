/**
 * Answers: steps of another actor that bring about what a loop waits for. Without them, most random loops would never
 * end.
 */
import { notify, perform, store } from './build.ts'
import type { Body, Comparison, Condition, Expression, Loop, Program, Statement } from './program.ts'

/** A value of a word with which a loop ends. */
interface Wish {
  readonly word: number
  readonly value: number
}

/** Whether the actor's loops are answered, with which of their wishes, and at which index of the other actor. */
export interface Answer {
  readonly given: boolean
  readonly calls: boolean
  readonly which: number
  readonly place: number
}

/** More steps would make many more schedules, and would test nothing else. */
const MOST = 2

/** Returns the actors, each with added steps that end a loop of the actor before it. */
export function answered(program: Program, answers: readonly Answer[]): Program {
  const actors = program.actors.map((body, index) => {
    const waiting = (index + program.actors.length - 1) % program.actors.length
    const answer = answers[waiting]!
    const wishes = wishesOf(program.actors[waiting]!, program)
    if (!answer.given || wishes.length === 0) return body
    // Answers all wishes, beginning with a random one, since a loop after the first must be able to end too.
    const first = answer.which % wishes.length
    const steps = [...wishes.slice(first), ...wishes.slice(0, first)].slice(0, MOST).flatMap(({ word, value }) => {
      const change = perform(store(word, value))
      return answer.calls ? [change, perform(notify(word))] : [change]
    })
    return body.toSpliced(answer.place % (body.length + 1), 0, ...steps)
  })
  return { ...program, actors }
}

function wishesOf(body: Body, program: Program): Wish[] {
  return body.flatMap((statement) => {
    if (statement.do === 'loop') return wishesOfLoop(statement, program)
    if (statement.do === 'call') return wishesOf(program.helpers[statement.helper]!, program)
    return statement.do === 'if' ? wishesOf([...statement.yes, ...statement.no], program) : []
  })
}

function wishesOfLoop(loop: Loop, program: Program): Wish[] {
  const head = loop.test === undefined ? [] : wishesOfTest(loop.test, false)
  const tests = loop.body.filter((statement): statement is Statement & { do: 'if' } => statement.do === 'if')
  return [...head, ...tests.flatMap(({ test }) => wishesOfTest(test, true)), ...wishesOf(loop.body, program)]
}

function wishesOfTest(condition: Condition, fulfilled: boolean): Wish[] {
  if (condition.test === 'and' || condition.test === 'or')
    return [...wishesOfTest(condition.left, fulfilled), ...wishesOfTest(condition.right, fulfilled)]
  if (condition.test !== 'access') return []
  return [{ word: condition.access.word, value: valueThat(fulfilled, condition.is, condition.value) }]
}

function valueThat(fulfilled: boolean, is: Comparison, than: Expression): number {
  const constant = typeof than === 'number' ? than : 1
  if (is === '<') return fulfilled ? constant - 1 : constant
  return fulfilled === (is === '===') ? constant : constant + 1
}
