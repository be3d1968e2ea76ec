import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { over } from '../counters.ts'

/**
 * Each waits for word 0 in a loop that carries something, and returns whether the loop carried it through more than two
 * rounds.
 */
type Waiter = (words: Int32Array) => boolean

const closed = (words: Int32Array): boolean => Atomics.load(words, 0) === 0

class Counter {
  #rounds = 0

  get rounds(): number {
    return this.#rounds
  }

  bump(): void {
    this.#rounds++
  }

  /** An index that counts how often it is read. */
  get index(): number {
    this.#rounds++
    return 0
  }
}

const waiters: Record<string, Waiter> = {
  'a property': (words) => {
    const state = { rounds: 0 }
    while (closed(words)) state.rounds++
    return state.rounds > 2
  },
  'a property of a property': (words) => {
    const state = { inner: { rounds: 0 } }
    while (closed(words)) state.inner.rounds += 1
    return state.inner.rounds > 2
  },
  'a variable that a closure changes': (words) => {
    let rounds = 0
    const bump = (): void => void rounds++
    while (closed(words)) bump()
    return rounds > 2
  },
  'the length of an array': (words) => {
    const rounds: number[] = []
    while (closed(words)) rounds.push(1)
    return rounds.length > 2
  },
  'an element of an array': (words) => {
    const rounds = [0]
    while (closed(words)) rounds[0] = (rounds[0] ?? 0) + 1
    return (rounds[0] ?? 0) > 2
  },
  'a private field': (words) => {
    const counter = new Counter()
    while (closed(words)) counter.bump()
    return counter.rounds > 2
  },
  'what a getter counts': (words) => {
    const counter = new Counter()
    while (Atomics.load(words, counter.index) === 0);
    return counter.rounds > 3
  },
  'the size of a map': (words) => {
    const rounds = new Map<number, number>()
    while (closed(words)) rounds.set(rounds.size, 1)
    return rounds.size > 2
  },
  'a text': (words) => {
    let rounds = ''
    while (closed(words)) rounds += '.'
    return rounds.length > 2
  },
  'what a finally counts': (words) => {
    let rounds = 0
    for (;;) {
      try {
        if (!closed(words)) return rounds > 2
      } finally {
        rounds++
      }
    }
  },
  'what a conversion of the index counts': (words) => {
    let rounds = 0
    const index = {
      valueOf(): number {
        rounds++
        return 0
      },
    }
    while (Atomics.load(words, index as unknown as number) === 0);
    return rounds > 3
  },
  'what a default parameter counts': (words) => {
    let rounds = 0
    const bump = (round = rounds++): number => round
    while (closed(words)) bump()
    return rounds > 2
  },
  'an element of a private typed array': (words) => {
    const rounds = new Int32Array(1)
    while (closed(words)) Atomics.add(rounds, 0, 1)
    return Atomics.load(rounds, 0) > 2
  },
  'a BigInt': (words) => {
    let rounds = 0n
    while (closed(words)) rounds++
    return rounds > 2n
  },
  'where an iterator stands': (words) => {
    const rounds = [0, 1, 2, 3, 4, 5, 6][Symbol.iterator]()
    let last = 0
    while (closed(words)) last = rounds.next().value ?? 6
    return last > 1
  },
  'what a comparison counts': (words) => {
    let rounds = 0
    while (closed(words)) [2, 1].sort(() => rounds++)
    return rounds > 2
  },
}

test.each(Object.entries(waiters))(
  'a loop that carries %s is not called complete without its later rounds',
  (_, waiter) => {
    const opener = (words: Int32Array): number => Atomics.store(words, 0, 1)
    const result = explore(over({ waiter, opener }, { observe: (words, { waiter: seen }) => seen }), {
      dataRaces: false,
    })
    expect(result.failures).toEqual([])
    expect(result).toMatchObject({ verdict: 'inconclusive', complete: false })
    // The loop is followed for three more rounds, which show both outcomes.
    expect(Object.keys(result.outcomes).toSorted()).toEqual(['false', 'true'])
    expect(result.spins?.[0]?.reason).toBeTypeOf('string')
  },
)

test('a loop whose rounds repeat after the first few carries nothing from then on', () => {
  const turning = (words: Int32Array): number => {
    let [first, second, third] = [0, 1, 2]
    while (closed(words)) [first, second, third] = [second, third, first]
    return first
  }
  const opener = (words: Int32Array): number => Atomics.store(words, 0, 1)
  const result = explore(over({ turning, opener }, { observe: (words, { turning: seen }) => seen }))
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
  expect(Object.keys(result.outcomes).toSorted()).toEqual(['0', '1', '2'])
})
