/**
 * Small random programs for comparing strategies: a few actors, a few operations each, on a few words, with locks, waits
 * and plain accesses. Each actor returns the values that it read.
 */
import fc from 'fast-check'

import type { Scenario } from '../../src/scenario.ts'

type Operation =
  | {
      readonly do: 'load' | 'read' | 'exchange' | 'add' | 'notify' | 'wait' | 'locked increment' | 'half'
      readonly word: number
    }
  | { readonly do: 'store' | 'write' | 'cas'; readonly word: number; readonly value: number }
  | { readonly do: 'timed wait'; readonly word: number }

export type Program = readonly (readonly Operation[])[]

const LOCK = 3

function lock(words: Int32Array): void {
  if (Atomics.compareExchange(words, LOCK, 0, 1) === 0) return
  while (Atomics.exchange(words, LOCK, 2) !== 0) Atomics.wait(words, LOCK, 2)
}

function unlock(words: Int32Array): void {
  if (Atomics.exchange(words, LOCK, 0) === 2) Atomics.notify(words, LOCK, 1)
}

function perform(words: Int32Array, operation: Operation): unknown {
  const { word } = operation
  switch (operation.do) {
    case 'load':
      return Atomics.load(words, word)
    case 'read':
      return words[word]
    case 'write':
      words[word] = operation.value
      return undefined
    case 'half':
      return new Int16Array(words.buffer)[word * 2]
    case 'store':
      return Atomics.store(words, word, operation.value)
    case 'add':
      return Atomics.add(words, word, 1)
    case 'exchange':
      return Atomics.exchange(words, word, 2)
    case 'cas':
      return Atomics.compareExchange(words, word, operation.value, operation.value + 1)
    case 'wait':
      return Atomics.wait(words, word, 0)
    case 'timed wait':
      return Atomics.wait(words, word, 0, 5)
    case 'notify':
      return Atomics.notify(words, word, 1)
    default: {
      lock(words)
      const seen = words[word] ?? 0
      words[word] = seen + 1
      unlock(words)
      return seen
    }
  }
}

export function programScenario(program: Program): Scenario {
  const actors = program.map((operations, index) => [
    `actor${index}`,
    (words: unknown) => operations.map((operation) => perform(words as Int32Array, operation)),
  ])
  return {
    name: 'random program',
    memory: () => new Int32Array(new SharedArrayBuffer(16)),
    actors: Object.fromEntries(actors) as Scenario['actors'],
    observe: (words, results) => [[...(words as Int32Array)], results],
  }
}

const word = fc.nat(2)
const value = fc.integer({ min: 0, max: 2 })

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ do: fc.constantFrom('load', 'read', 'exchange', 'add', 'notify', 'wait', 'half'), word }),
  fc.record({ do: fc.constantFrom('store', 'write', 'cas'), word, value }),
  fc.record({ do: fc.constant('timed wait'), word }),
  fc.record({ do: fc.constantFrom('locked increment', 'load', 'add'), word }),
)

/** Two actors of up to five operations, or three of up to three: small enough for brute force. */
export const programs: fc.Arbitrary<Program> = fc.oneof(
  fc.array(fc.array(operation, { minLength: 2, maxLength: 5 }), { minLength: 2, maxLength: 2 }),
  fc.array(fc.array(operation, { minLength: 2, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
)
