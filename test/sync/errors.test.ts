import { expect, test } from 'vitest'
import { RacelabError } from '../../src/errors.ts'
import { Barrier } from '../../src/sync/barrier.ts'
import { deadlineIn } from '../../src/sync/deadline.ts'
import * as errors from '../../src/sync/errors.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { Semaphore } from '../../src/sync/semaphore.ts'
import { StartGate } from '../../src/sync/start-gate.ts'
import { freshWords } from '../threads.ts'

const all = {
  NotOwnerError: new errors.NotOwnerError('mutex', 1, 'agent 2 holds it'),
  RelockError: new errors.RelockError('mutex', 1),
  OverReleaseError: new errors.OverReleaseError(2, 1),
  SyncRangeError: new errors.SyncRangeError('The timeout', -1, 'a number'),
  LockBusyError: new errors.LockBusyError(3, 1000),
  NotRecoverableError: new errors.NotRecoverableError(),
  ThreadError: new errors.ThreadError('Thread 3 has not exited', 'Recover a thread when it has ended'),
  TooManyReadersError: new errors.TooManyReadersError(2),
  TooManyArrivalsError: new errors.TooManyArrivalsError(2),
}

test('every error of sync is in this test', () => {
  expect(Object.keys(all).sort()).toEqual(Object.keys(errors).sort())
})

test('every error carries the name of its class, and a code of its own', () => {
  for (const [name, error] of Object.entries(all)) {
    expect(error).toBeInstanceOf(RacelabError)
    expect(error.name).toBe(name)
    expect(error.code).toMatch(/^ERR_RACELAB_[A-Z_]+$/)
  }
  expect(new Set(Object.values(all).map((error) => error.code)).size).toBe(Object.keys(all).length)
})

test('every message consists of sentences: what happened, then what to do', () => {
  for (const error of Object.values(all)) expect(error.message).toMatch(/^[A-Z].*\.$/)
})

const words = freshWords(4)
const PARTIES = 'it must be a whole number from 1 to 2147483647.'
const PERMITS = 'it must be a whole number from 1 to 2147483647.'
const RELEASED = 'it must be a whole number, at least 1.'
const TIMEOUT = 'it must be a number of milliseconds, at least 0, or Infinity to wait without a limit.'

test.each<[string, (left: never) => unknown, unknown]>([
  ['The memory is undefined; it must be an Int32Array on shared memory.', (memory) => new Mutex(memory, 0), undefined],
  [
    'The memory is of type object; it must be an Int32Array on shared memory.',
    (memory) => new Mutex(memory, 0),
    words.buffer,
  ],
  [
    'The index is undefined; it must be a whole number that leaves room for 1 word in an Int32Array of length 4.',
    (at) => new Mutex(words, at),
    undefined,
  ],
  [
    'The index is "0"; it must be a whole number that leaves room for 1 word in an Int32Array of length 4.',
    (at) => new Mutex(words, at),
    '0',
  ],
  [
    'The index is 3; it must be a whole number that leaves room for 2 words in an Int32Array of length 4.',
    (at) => new Semaphore(words, at, 1),
    3,
  ],
  [`The number of permits is "3"; ${PERMITS}`, (permits) => new Semaphore(words, 0, permits), '3'],
  [`The number of permits to release is 0; ${RELEASED}`, (count) => new Semaphore(words, 0, 1).release(count), 0],
  [`The number of parties is undefined; ${PARTIES}`, (parties) => new Barrier(words, 0, parties), undefined],
  [`The number of parties is of type object; ${PARTIES}`, (parties) => new StartGate(words, 0, parties), [2]],
  [`The timeout is -1; ${TIMEOUT}`, (timeout) => deadlineIn(timeout), -1],
  [`The timeout is "5"; ${TIMEOUT}`, (timeout) => deadlineIn(timeout), '5'],
  [`The timeout is null; ${TIMEOUT}`, (timeout) => deadlineIn(timeout), null],
])('%s', (message, act, given) => {
  const attempt = () => act(given as never)
  expect(attempt).toThrow(errors.SyncRangeError)
  expect(attempt).toThrow(message)
})
