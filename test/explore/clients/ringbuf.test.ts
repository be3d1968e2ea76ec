/** ringbuf.js by P. Adenot, a queue from npm for one producer and one consumer, as it is published. */
import { RingBuffer } from 'ringbuf.js'
import { expect, test } from 'vitest'

import { queueOf } from '../../../src/check/index.ts'
import { explore } from '../../../src/explore/index.ts'
import type { OperationsScenario } from '../../../src/scenario.ts'

/** The published types name the class and not an instance of it. */
const Ring = RingBuffer as unknown as {
  getStorageForCapacity(capacity: number, type: Int32ArrayConstructor): SharedArrayBuffer
  new (
    buffer: SharedArrayBuffer,
    type: Int32ArrayConstructor,
  ): {
    push(elements: Int32Array): number
    pop(elements: Int32Array): number
    available_read(): number
  }
}

const CAPACITY = 2

const ring: OperationsScenario<SharedArrayBuffer> = {
  name: 'ringbuf.js',
  memory: () => Ring.getStorageForCapacity(CAPACITY, Int32Array),
  operations: {
    push: (memory, value: number) => new Ring(memory, Int32Array).push(Int32Array.of(value)) === 1,
    pop(memory) {
      const elements = new Int32Array(1)
      return new Ring(memory, Int32Array).pop(elements) === 1 ? elements[0] : null
    },
    size: (memory) => new Ring(memory, Int32Array).available_read(),
  },
  arguments: { push: [1, 2] },
  model: queueOf(CAPACITY),
  calls: 3,
}

const { push, pop } = ring.operations

test('holds with one producer and one consumer', () => {
  const scenario = { ...ring, operations: { push: push!, pop: pop! }, callers: { push: 1, pop: 1 } }
  expect(explore(scenario)).toMatchObject({ verdict: 'pass', complete: true })
})

test('a thread that is neither may read a number of elements that the queue never had', () => {
  const { client, failures } = explore({ ...ring, callers: { push: 1, pop: 1 } })
  expect(client).toEqual({ alice: ['push(1)', 'pop()', 'push(1)'], bob: ['size()'] })
  expect(failures[0]).toMatchObject({ kind: 'not-linearizable', preemptions: 1 })
  expect(failures[0]?.message).toMatch(/^size\(\) of bob returned 2, which fits in no order of the calls/)
})

test.each([
  ['producers', { pop: 1 }, { alice: ['push(1)', 'push(1)'], bob: ['push(1)'] }],
  ['consumers', { push: 1 }, { alice: ['push(1)', 'pop()'], bob: ['pop()'] }],
])('does not hold with two %s, as it says', (_, callers, client) => {
  expect(explore({ ...ring, callers }, { dataRaces: false })).toMatchObject({
    client,
    failures: [{ kind: 'not-linearizable' }],
  })
})
