/**
 * Short names for the parts of programs, for the generators and for programs that are written by hand.
 */
import type { Access, Comparison, Condition, Expression, Loop, Statement } from './program.ts'

export const local = (name: string, plus = 0): Expression => ({ local: name, plus })

export const load = (word: number): Access => ({ op: 'load', word })

export const store = (word: number, value: Expression): Access => ({ op: 'store', word, value })

export const exchange = (word: number, value: Expression): Access => ({ op: 'exchange', word, value })

export const cas = (word: number, expected: Expression, value: Expression): Access => ({
  op: 'cas',
  word,
  expected,
  value,
})

export const wait = (word: number, expected: Expression, timed = false): Access => ({
  op: 'wait',
  word,
  expected,
  timed,
})

export const notify = (word: number, count = 1): Access => ({ op: 'notify', word, count })

export function perform(access: Access, into?: string): Statement {
  return into === undefined ? { do: 'access', access } : { do: 'access', access, into }
}

export const finds = (access: Access, is: Comparison, value: Expression): Condition => ({
  test: 'access',
  access,
  is,
  value,
})

export const holds = (name: string, is: Comparison, value: Expression): Condition => ({
  test: 'local',
  local: name,
  is,
  value,
})

export const counted = (counter: string, is: Comparison, value: number): Condition => ({
  test: 'counter',
  counter,
  is,
  value,
})

export const both = (left: Condition, right: Condition): Condition => ({ test: 'and', left, right })

export const either = (left: Condition, right: Condition): Condition => ({ test: 'or', left, right })

export const when = (test: Condition, yes: readonly Statement[], no: readonly Statement[] = []): Statement => ({
  do: 'if',
  test,
  yes,
  no,
})

export const exit = (code: number): Statement => ({ do: 'exit', code })

export const leave: Statement = { do: 'break' }

export const again: Statement = { do: 'continue' }

/** `while (test) { body }`. Without a test, only its body can leave the loop. */
export function loop(
  test: Condition | undefined,
  body: readonly Statement[] = [],
  temps: readonly string[] = [],
): Loop {
  return { do: 'loop', form: 'while', temps, body, ...(test === undefined ? {} : { test }) }
}

/** `for (let counter = 0; counter < rounds && test; counter++) { body }`. */
export function rounds(
  counter: string,
  bound: number | undefined,
  test: Condition | undefined,
  body: readonly Statement[],
  temps: readonly string[] = [],
): Loop {
  return {
    do: 'loop',
    form: 'for',
    counter,
    temps,
    body,
    ...(bound === undefined ? {} : { rounds: bound }),
    ...(test === undefined ? {} : { test }),
  }
}
