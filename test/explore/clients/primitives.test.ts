/**
 * The primitives that need more than one word, and what is built on them, in generated clients. A barrier and a start gate are
 * not here: what they promise cannot be said of calls one after another.
 */
import { expect, test } from 'vitest'

import { models } from '../../../src/check/index.ts'
import type { Model } from '../../../src/check/index.ts'
import { RacelabError } from '../../../src/errors.ts'
import { explore } from '../../../src/explore/index.ts'
import type { OperationsScenario } from '../../../src/scenario.ts'
import { Condition } from '../../../src/sync/condition.ts'
import { Mutex } from '../../../src/sync/mutex.ts'
import { RwLock } from '../../../src/sync/rw-lock.ts'
import { object } from './objects.ts'

/** Returns whether `unlock` unlocks, or `refused` if it throws an error of racelab. */
function unlocked(unlock: () => void): true | 'refused' {
  try {
    unlock()
    return true
  } catch (error) {
    if (error instanceof RacelabError) return 'refused'
    throw error
  }
}

interface Inside {
  readonly writer: number | string | null
  readonly readers: number
}

const readersAndWriter: Model<Inside> = {
  name: 'read-write lock',
  init: () => ({ writer: null, readers: 0 }),
  step({ writer, readers }, { f, process, output }) {
    const after = {
      tryReadLock: writer === null ? { writer, readers: readers + 1 } : undefined,
      tryWriteLock: writer === null && readers === 0 ? { writer: process, readers } : undefined,
      readUnlock: readers > 0 ? { writer, readers: readers - 1 } : undefined,
      writeUnlock: writer === process ? { writer: null, readers } : undefined,
    }[f]
    if (after === undefined) return output === true ? [] : [{ writer, readers }]
    return output === true ? [after] : []
  },
  equal: (one, other) => one.writer === other.writer && one.readers === other.readers,
}

const lockOf = (memory: Int32Array): RwLock => new RwLock(memory, 0)

const tryRwLock = object(
  {
    tryReadLock: (memory) => lockOf(memory).tryReadLock(),
    tryWriteLock: (memory) => lockOf(memory).tryWriteLock(),
    readUnlock: (memory) => unlocked(() => lockOf(memory).readUnlock()),
    writeUnlock: (memory) => unlocked(() => lockOf(memory).writeUnlock()),
  },
  readersAndWriter,
)

/** A number that is kept twice. Its lock keeps readers from seeing only one of the two changed. */
const keptTwice = (lock: (memory: Int32Array) => Pick<RwLock, 'reading' | 'writing'>): OperationsScenario =>
  object(
    {
      write(memory, value: number) {
        lock(memory).writing(() => {
          memory[8] = value
          memory[9] = value
        })
      },
      read: (memory) => lock(memory).reading(() => (memory[8] === memory[9] ? memory[8] : 'torn')),
    },
    { ...models.register, init: () => 0 },
    { arguments: { write: [1, 2] }, calls: 1 },
  )

const BUFFER = { lock: 0, changed: 1, count: 4, first: 5 } as const

/** A buffer for one element. Those that wait for it to be filled, or to be emptied, share one condition. */
function bufferThatWakes(wake: (condition: Condition) => void): OperationsScenario {
  const within = <Result>(memory: Int32Array, isReady: () => boolean, act: () => Result): Result => {
    const mutex = new Mutex(memory, BUFFER.lock)
    const changed = new Condition(memory, BUFFER.changed)
    return mutex.holding(() => {
      changed.waitUntil(mutex, isReady)
      const result = act()
      wake(changed)
      return result
    })
  }
  return object(
    {
      put: (memory, value: number) =>
        within(
          memory,
          () => memory[BUFFER.count] === 0,
          () => {
            memory[BUFFER.count] = 1
            memory[BUFFER.first] = value
          },
        ),
      take: (memory) =>
        within(
          memory,
          () => memory[BUFFER.count] === 1,
          () => {
            memory[BUFFER.count] = 0
            return memory[BUFFER.first]
          },
        ),
    },
    {
      name: 'buffer for one element',
      init: () => null,
      step(element: number | null, { f, input, output, unknown = false }) {
        if (f === 'put') return element === null ? [input as number] : []
        return element !== null && (unknown || output === element) ? [null] : []
      },
      equal: Object.is,
    },
    { arguments: { put: [1] }, blocking: ['put', 'take'], calls: 1 },
  )
}

test.each<[name: string, object: OperationsScenario]>([
  ['a read-write lock that is only tried', tryRwLock],
  ['a number under a read-write lock', keptTwice(lockOf)],
  ['a buffer with a condition', bufferThatWakes((condition) => condition.notifyAll())],
])('%s holds in every client', (_, object) => {
  expect(explore(object)).toMatchObject({ verdict: 'pass', complete: true, failures: [] })
})

test('a lock that lets readers in beside a writer fails', () => {
  const readable = (memory: Int32Array): Pick<RwLock, 'reading' | 'writing'> => ({
    reading: (inside) => inside(),
    writing: (inside) => lockOf(memory).writing(inside),
  })
  const { client, failures } = explore(keptTwice(readable), { dataRaces: false })
  expect(client).toEqual({ alice: ['write(1)'], bob: ['read()'] })
  expect(failures[0]).toMatchObject({ kind: 'not-linearizable', outcome: expect.stringContaining('"torn"') as string })
})

test('a condition that wakes nothing fails with one that puts and one that takes', () => {
  const { client, failures } = explore(bufferThatWakes(() => {}))
  expect(client).toEqual({ alice: ['put(1)'], bob: ['take()'] })
  expect(failures[0]).toMatchObject({ kind: 'deadlock' })
})
