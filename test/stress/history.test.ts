/** Recording the calls of a run: what was called and returned when, also where there is no space for all. */
import { expect, test } from 'vitest'

import { allocateHistory, HistoryRecorder, readHistory } from '../../src/stress/history.ts'
import type { CallOf } from '../../src/stress/history.ts'

const READ: CallOf<number> = { f: 1, part: 7, input: 3, output: (value) => value * 10 }

test('a call has its operation, its part, its input, its answer, and the ticks of one clock', () => {
  const memory = allocateHistory(2, 4)
  const [alice, bob] = [new HistoryRecorder(memory, 0), new HistoryRecorder(memory, 1)]
  const answer = alice.recording(READ, () => bob.recording(READ, () => 2)() + 1)()
  expect(answer).toBe(3)
  const same = { f: 1, part: 7, input: 3 }
  expect(readHistory(memory)).toEqual({
    calls: [
      { worker: 0, ...same, output: 30, called: 1, returned: 4 },
      { worker: 1, ...same, output: 20, called: 2, returned: 3 },
    ],
    left: 0,
  })
})

test('a call that throws has not returned', () => {
  const memory = allocateHistory(1, 4)
  const failing = new HistoryRecorder(memory, 0).recording(READ, (): number => {
    throw new Error('failed')
  })
  expect(failing).toThrow('failed')
  expect(readHistory(memory).calls).toMatchObject([{ called: 1, returned: Infinity }])
})

test('when the space of a worker is full, the history ends with its last recorded call', () => {
  const memory = allocateHistory(2, 2)
  const [alice, bob] = [new HistoryRecorder(memory, 0), new HistoryRecorder(memory, 1)]
  const once = (recorder: HistoryRecorder, within = (): unknown => 0): void =>
    void recorder.recording({ f: 0, part: 0, output: () => 1 }, within)()
  once(alice)
  once(bob, () => {
    once(alice)
    once(alice)
  })
  once(bob)
  const { calls, left } = readHistory(memory)
  // Bob's first call returned after Alice's third call, which is not recorded, so its answer may not be explained.
  expect(calls.map(({ worker, called, returned }) => [worker, called, returned])).toEqual([
    [0, 1, 2],
    [1, 3, Infinity],
    [0, 4, 5],
  ])
  expect(left).toBe(2)
})
