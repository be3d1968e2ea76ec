/** What a check says in words. */
import { expect, test } from 'vitest'

import { checkLinearizable, historyFromJsonLines, models, textOf } from '../../src/check/index.ts'
import type { Operation } from '../../src/check/index.ts'

const at = (process: number, f: string, called: number, rest: Partial<Operation> = {}): Operation => ({
  process,
  f,
  called,
  returned: called + 1,
  ...rest,
})

test.each<[operation: Operation, text: string]>([
  [at(1, 'read', 0, { output: 5n }), 'read() = 5n'],
  [at(1, 'read', 0, { output: new Map([['a', 1]]) }), 'read() = [["a",1]]'],
  [at(1, 'read', 0, { output: new Set(['a', 'b']) }), 'read() = ["a","b"]'],
  [at(1, 'read', 0, { output: undefined }), 'read()'],
  [at(1, 'write', 0, { input: 'a', output: 'a' }), 'write("a")'],
  [at(1, 'cas', 0, { input: [1, 2], output: true }), 'cas(1, 2) = true'],
  [at(1, 'read', 0, { output: 1, unknown: true }), 'read()'],
])('an operation as text: %#', (operation, text) => {
  expect(textOf(operation)).toBe(text)
})

test('the message tells the last eight operations of a long order, and the state', () => {
  const pushes = Array.from({ length: 10 }, (_, index) => at(1, 'push', 2 * index, { input: index }))
  const { failure } = checkLinearizable([...pushes, at(2, 'pop', 100, { output: 9 })], models.queue)
  expect(failure?.message).toBe(
    'pop() = 9 of process 2 cannot be placed anywhere between its call and its return. The other operations that were called before its return have an order: ' +
      `… ${[2, 3, 4, 5, 6, 7, 8, 9].map((value) => `push(${value}) of process 1`).join(', ')}. It ends in the state [0,1,2,3,4,5,6,7,8,9].`,
  )
  expect(failure?.prefix).toHaveLength(10)
})

test('eight operations are told without a sign that there are more', () => {
  const pushes = Array.from({ length: 8 }, (_, index) => at(1, 'push', 2 * index, { input: index }))
  const { failure } = checkLinearizable([...pushes, at(2, 'pop', 100, { output: 7 })], models.queue)
  expect(failure?.message).toContain('have an order: push(0) of process 1, ')
})

test('the part of an object is named', () => {
  const { failure } = checkLinearizable([at(1, 'get', 0, { input: 'a', output: 1 })], models.map)
  expect(failure).toMatchObject({
    partition: '"a"',
    message:
      'get("a") = 1 of process 1 ("a") cannot be placed anywhere between its call and its return. No other operation was called before it returned.',
  })
})

test.each<[what: string, history: Operation[], message: RegExp]>([
  [
    'returns before it is called',
    [at(1, 'read', 5, { returned: 4 })],
    /^read\(\) of process 1 returns before it is called\.$/,
  ],
  [
    'is called before the one before has returned',
    [at(1, 'read', 1, { returned: 5 }), at(1, 'read', 4)],
    /^Process 1 calls read\(\) before its read\(\) has returned\.$/,
  ],
  [
    'is called as the one before returns',
    [at(1, 'read', 1, { returned: 5 }), at(1, 'read', 5)],
    /^Process 1 calls read\(\) at the time at which its read\(\) has returned\.$/,
  ],
])('a history in which an operation %s is refused', (_, history, message) => {
  expect(() => checkLinearizable(history, models.register)).toThrow(message)
})

test('an operation that may not have returned does not keep its process from the next call', () => {
  const history = [at(1, 'write', 1, { input: 1, unknown: true, returned: 9 }), at(1, 'read', 4, { output: 1 })]
  expect(checkLinearizable(history, models.register).verdict).toBe('linearizable')
})

const line = (process: number, type: string, f: string): string => JSON.stringify({ process, type, f, value: null })

test.each<[what: string, lines: string[], message: RegExp]>([
  [
    'a response without its call',
    [line(1, 'invoke', 'read'), line(2, 'ok', 'read')],
    /^Line 2 .*ok of process 2 has no call before it/,
  ],
  [
    'a response of another operation',
    [line(0, 'invoke', 'read'), line(1, 'invoke', 'read'), line(1, 'ok', 'write')],
    /^Line 3 .*ok is of write, but the call of process 1 in line 2 is read/,
  ],
  ['two open calls of a process', [line(1, 'invoke', 'read'), line(1, 'invoke', 'read')], /^Line 2 .*line 1/],
])('JSON lines with %s are refused with the line', (_, lines, message) => {
  expect(() => historyFromJsonLines(lines.join('\n'))).toThrow(message)
})
