import { expect, test } from 'vitest'

import { explore, replay } from '../../src/explore/index.ts'
import { decodeToken, TokenError } from '../../src/explore/replay/token.ts'
import { over, splitIncrement } from './counters.ts'

const counter = over(
  { alice: splitIncrement, bob: splitIncrement },
  { observe: (words) => Atomics.load(words, 0), outcomes: { 2: 'acceptable' } },
)

function failingToken(): string {
  const [failure] = explore(counter).failures
  return failure?.token ?? ''
}

test('a token replays to the same outcome 100 times in 100', () => {
  const token = failingToken()
  for (let time = 0; time < 100; time++) {
    const replayed = replay(counter, token)
    expect(replayed).toMatchObject({ kind: 'replayed', recording: { judgement: { outcome: { key: '1' } } } })
  }
})

test('every failure of every kind replays to itself', () => {
  const lockOrder = (first: number, second: number) => (words: Int32Array) => {
    while (Atomics.compareExchange(words, first, 0, 1) !== 0) Atomics.wait(words, first, 1, 5)
    words[3] = (words[3] ?? 0) + 1
    if (Atomics.wait(words, second, 0, 5) === 'ok') throw new Error('woken')
    Atomics.notify(words, first)
  }
  const scenario = over({ alice: lockOrder(0, 1), bob: lockOrder(1, 0), carol: lockOrder(0, 2) })
  const { failures } = explore(scenario, { allFailures: true, maxSchedules: 500 })
  expect(failures.length).toBeGreaterThan(3)
  for (const failure of failures) {
    const replayed = replay(scenario, failure.token)
    if (replayed.kind === 'diverged') throw new Error(replayed.divergence.message)
    const { judgement, steps } = replayed.recording
    expect(judgement.faults.map(({ kind, message }) => [kind, message])).toContainEqual([failure.kind, failure.message])
    expect(steps.length).toBe(failure.steps)
    expect(steps.filter(({ preempts }) => preempts).length).toBe(failure.preemptions)
  }
})

test('every change of a single character is noticed', () => {
  const token = failingToken()
  for (let index = 0; index < token.length; index++) {
    const other = token[index] === 'A' ? 'B' : 'A'
    expect(() => decodeToken(token.slice(0, index) + other + token.slice(index + 1))).toThrow(TokenError)
  }
})

test('a token that is cut, empty, of another version or none at all says so', () => {
  const token = failingToken()
  for (let length = 0; length < token.length; length++)
    expect(() => decodeToken(token.slice(0, length))).toThrow(TokenError)
  expect(() => decodeToken(`${token}A`)).toThrow(/checksum/)
  expect(() => decodeToken('rl2.AAAA')).toThrow(/version 2/)
  expect(() => decodeToken('hello')).toThrow(/not a racelab token/)
})

test('a token of an edited program says at which step and line it diverged', () => {
  const token = failingToken()
  const edited = (words: Int32Array): void => {
    Atomics.compareExchange(words, 1, 0, 1)
    Atomics.store(words, 0, 5)
  }
  const other = over({ alice: edited, bob: splitIncrement })
  const replayed = replay(other, token)
  expect(replayed).toMatchObject({ kind: 'diverged', divergence: { step: 2 } })
  const message = replayed.kind === 'diverged' ? replayed.divergence.message : ''
  expect(message).toMatch(/step 2 at .*token\.test\.ts:\d+:\d+: alice comes to Atomics\.store\(Int32Array, 0, 5\)/)
})

test('a token of a program that has become shorter or longer says so', () => {
  const token = failingToken()
  const once = over({ alice: splitIncrement, bob: () => 0 })
  expect(replay(once, token)).toMatchObject({
    kind: 'diverged',
    divergence: { message: expect.stringContaining('bob has ended') },
  })
  const longer = over({
    alice: splitIncrement,
    bob: (words) => {
      splitIncrement(words)
      Atomics.load(words, 3)
    },
  })
  expect(replay(longer, token)).toMatchObject({
    kind: 'diverged',
    divergence: { step: 13, message: expect.stringContaining('the token ends here') },
  })
})

/** Returns a token with these bytes and a valid checksum. */
function tokenOf(bytes: readonly number[]): string {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(hash >>> 0)
  return `rl1.${Buffer.concat([Buffer.from(bytes), sum]).toString('base64url')}`
}

test('a token whose runs are longer than its list of steps is refused before it is unpacked', () => {
  const [noSubject, seed, oneRun, actor, print] = [0, 1, 1, 0, 77]
  // 2^50 in LEB128: seven bits a byte, so seven empty ones and the 50 - 49 = first bit of the eighth.
  const huge = [...Array.from({ length: 7 }, () => 0x80), 2]
  expect(decodeToken(tokenOf([noSubject, seed, oneRun, actor, 1, print])).schedule).toEqual([0])
  expect(() => decodeToken(tokenOf([noSubject, seed, oneRun, actor, ...huge, print]))).toThrow(/not as long/)
  expect(() => decodeToken(tokenOf([noSubject, seed, oneRun, actor, 1, print, print]))).toThrow(/not as long/)
  const endless = Array.from({ length: 200 }, () => 0xff)
  expect(() => decodeToken(tokenOf([noSubject, seed, oneRun, actor, ...endless, 1]))).toThrow(/too large/)
})
