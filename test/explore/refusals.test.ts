import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { over } from './counters.ts'

const { load } = Atomics
/** Newer than the types with which this project is compiled. */
const young = Atomics as unknown as { waitAsync(words: Int32Array, at: number, value: number): unknown }
type Growable = new (length: number, options: { maxByteLength: number }) => SharedArrayBuffer
const NativeInt32Array = Int32Array
const bob = (words: Int32Array): number => Atomics.add(words, 1, 1)

function messageOf(alice: (words: Int32Array) => unknown): string | undefined {
  const result = explore(over({ alice, bob }))
  expect(result.verdict).toBe('error')
  expect(result.complete).toBe(false)
  return result.error?.message
}

test('what differs from one run to the next is named with both accesses and the line', () => {
  let hidden = 0
  const message = messageOf((words) => {
    Atomics.add(words, 0, hidden++)
    Atomics.load(words, 1)
  })
  expect(message).toMatch(/alice is not deterministic/)
  expect(message).toMatch(/Atomics\.add\(Int32Array, 0, \d\).*Atomics\.add\(Int32Array, 0, \d\)/s)
  expect(message).toMatch(/refusals\.test\.ts:\d+/)
})

test('a result that differs is noticed although the accesses are the same', () => {
  let hidden = 0
  expect(messageOf((words) => [Atomics.load(words, 0), hidden++])).toMatch(/alice is not deterministic.*returned/)
})

test('clocks and random numbers are the same in every run', () => {
  const result = explore(
    over({
      alice: (words) => {
        const drawn: unknown[] = [
          Math.random(),
          Date.now(),
          new Date().getTime(),
          performance.now(),
          randomUUID(),
          process.hrtime(),
        ]
        drawn.push(crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(4))], `${process.hrtime.bigint()}`)
        Atomics.add(words, 1, 1)
        return drawn
      },
      bob,
    }),
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true, schedules: 2 })
})

test('two looks at the clock see the same tick, and no deadline is waited for in vain', () => {
  const result = explore(
    over({
      alice: (words) => {
        const equal = Date.now() === Date.now()
        const deadline = Date.now() + 5
        while (Date.now() < deadline) Atomics.load(words, 0)
        return equal
      },
      bob,
    }),
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
  expect(Object.keys(result.outcomes)).toEqual(['{"alice":true,"bob":0}'])
})

test('what the explorer cannot see it refuses by name', () => {
  expect(messageOf((words) => young.waitAsync(words, 0, 0))).toMatch(/waitAsync/)
  expect(messageOf(async (words) => Atomics.load(words, 0))).toMatch(/promise/)
  expect(messageOf(() => setTimeout(() => {}, 1))).toMatch(/setTimeout/)
  expect(messageOf(() => queueMicrotask(() => {}))).toMatch(/queueMicrotask/)
  expect(messageOf((words) => load(words, 0))).toMatch(/kept from before/)
  expect(messageOf((words) => Atomics.load(new NativeInt32Array(words.buffer), 0))).toMatch(/out of sight/)
  expect(messageOf((words) => new NativeInt32Array(words.buffer).fill(0))).toMatch(/out of sight/)
  expect(messageOf(() => new (SharedArrayBuffer as unknown as Growable)(8, { maxByteLength: 16 }))).toMatch(/growable/)
})

test('a write through a view that was kept from before is noticed', () => {
  const message = messageOf((words) => {
    new NativeInt32Array(words.buffer)[2] = 5
    return Atomics.load(words, 0)
  })
  expect(message).toMatch(/word 2 was written unseen/)
})

test('memory that cannot be sent to a worker is refused', () => {
  class Counter {
    words = new Int32Array(new SharedArrayBuffer(4))
  }
  const result = explore({ name: 'class', memory: () => new Counter(), actors: { alice: () => 0 } })
  expect(result.error?.message).toMatch(/an instance of Counter/)
  const withFunction = explore({ name: 'function', memory: () => ({ act: () => 0 }), actors: { alice: () => 0 } })
  expect(withFunction.error?.message).toMatch(/function at "act"/)
})

test('a scenario that is none, or whose own functions throw, is an error with a message', () => {
  expect(explore({ name: 'none' } as never).error?.message).toBe('The scenario has no memory().')
  const throwing = explore({
    name: 'throws',
    memory: () => {
      throw new Error('no memory today')
    },
    actors: { alice: () => 0 },
  })
  expect(throwing.verdict).toBe('error')
  expect(throwing.error?.message).toMatch(/^memory\(\) threw Error: no memory today\n {4}at .*refusals\.test\.ts:\d+/)
})

/** Each waits for the other actor, and goes on whatever is thrown. */
const catching: Record<string, (words: Int32Array) => unknown> = {
  'loads a word': (words) => {
    for (;;)
      try {
        if (Atomics.load(words, 0) === 1) return 'opened'
      } catch {
        // Tries again.
      }
  },
  'swaps a word': (words) => {
    for (let swapped = false; !swapped;)
      try {
        swapped = Atomics.compareExchange(words, 0, 1, 2) === 1
      } catch (error) {
        void error
      }
  },
  'continues in a finally': (words) => {
    for (let seen = 0; ;)
      try {
        seen = Atomics.load(words, 0)
        if (seen === 1) return seen
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- it is what is tested
        if (seen === 0) continue
      }
  },
}

test.each(Object.entries(catching))(
  'an actor that catches everything, and waits, is refused and ends: %s',
  (_, waiter) => {
    const opener = (words: Int32Array): number => Atomics.store(words, 0, 1)
    const { verdict, error } = explore(over({ waiter, opener }))
    expect(verdict).toBe('error')
    expect(error!.message).toContain('waiter catches the exception with which the explorer stops it, and goes on')
  },
)

test('a loop that calls itself for its next round is cut off in each run, however hot its code is', () => {
  const retry = (words: Int32Array, ...labels: readonly string[]): boolean => {
    const shown = labels.join('')
    if (Atomics.compareExchange(words, 0, 1, 2) === 1) return shown.length > 0
    return again(words)
  }
  const again = (words: Int32Array): boolean => retry(words, 'a', 'b', 'c', 'd')
  const opener = (words: Int32Array): number => Atomics.store(words, 0, 1)
  for (let run = 0; run < 4; run++) {
    const { verdict, failures, outcomes } = explore(over({ again, opener }, { observe: (_, { again: done }) => done }))
    expect({ verdict, failures, outcomes: Object.keys(outcomes) }).toEqual({
      verdict: 'inconclusive',
      failures: [],
      outcomes: ['true'],
    })
  }
})

test('unwinding that is swallowed, or meets a finally that writes, changes nothing', () => {
  const swallow = (words: Int32Array): void => {
    try {
      Atomics.add(words, 0, 1)
      Atomics.add(words, 0, 1)
    } catch {
      Atomics.store(words, 0, 100)
    } finally {
      Atomics.add(words, 2, 1)
    }
  }
  const result = explore(
    over({ alice: swallow, bob: swallow }, { observe: (words) => [...words], outcomes: { '[4,0,2,0]': 'acceptable' } }),
    {
      strategy: 'dfs',
    },
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
})

test('what an actor does only because it is unwound is not refused', () => {
  const careful = (words: Int32Array): void => {
    try {
      Atomics.add(words, 0, 1)
      Atomics.add(words, 0, 1)
    } catch (error) {
      setTimeout(() => {}, 0)
      throw error
    }
  }
  expect(explore(over({ alice: careful, bob: careful }))).toMatchObject({ verdict: 'pass', complete: true })
})

test('a loop that catches everything is refused', () => {
  const stubborn = (words: Int32Array): number => {
    for (;;) {
      try {
        return Atomics.add(words, 0, 1)
      } catch {
        // again
      }
    }
  }
  expect(messageOf(stubborn)).toMatch(/rethrow/)
})

test('everything is put back afterwards, also when it ends badly', () => {
  const before = [
    Atomics.load,
    Int32Array,
    DataView,
    Date,
    Math.random,
    Buffer.from,
    Int32Array.prototype.constructor,
    setTimeout,
  ]
  const fill = Object.getPrototypeOf(Int32Array.prototype).fill as unknown
  explore(over({ alice: bob, bob }))
  messageOf((words) => load(words, 0))
  const after = [
    Atomics.load,
    Int32Array,
    DataView,
    Date,
    Math.random,
    Buffer.from,
    Int32Array.prototype.constructor,
    setTimeout,
  ]
  expect(after.every((value, index) => value === before[index])).toBe(true)
  expect(Object.getPrototypeOf(Int32Array.prototype).fill).toBe(fill)
  expect(randomUUID()).not.toBe(randomUUID())
})

test.each(['stackTraceLimit', 'prepareStackTrace'])('an Error whose %s cannot be set is refused by name', (name) => {
  const before = Object.getOwnPropertyDescriptor(Error, name)
  Object.defineProperty(Error, name, { value: undefined, writable: false, configurable: true })
  const { verdict, error } = explore(over({ alice: (words) => Atomics.load(words, 0) }))
  Reflect.deleteProperty(Error, name)
  if (before !== undefined) Object.defineProperty(Error, name, before)
  expect({ verdict, error }).toMatchObject({
    verdict: 'error',
    error: { message: `Error.${name} cannot be set, so no position can be read. Explore before Error is frozen.` },
  })
})
