/** Loops that change memory in each round, loops that read one word several times, and buffers that a round makes. */
import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { over } from '../counters.ts'
import { exploreWaiter, opener } from './waiters.ts'

const closed = (words: Int32Array): boolean => Atomics.load(words, 0) === 0
type Waiter = (words: Int32Array) => unknown

const counting: Waiter = (words) => {
  while (closed(words)) Atomics.add(words, 2, 1)
  return Atomics.load(words, 2)
}

/** Each waits for word 0 and changes memory in each round. */
const changing: Record<string, Waiter> = {
  'adds to a word': counting,
  'takes a ticket': (words) => {
    for (;;) {
      const ticket = Atomics.add(words, 1, 1)
      if (Atomics.load(words, 0) === 1) return ticket
    }
  },
  'sets a word and clears it': (words) => {
    while (closed(words)) {
      Atomics.store(words, 2, 1)
      Atomics.store(words, 2, 0)
    }
    return 'opened'
  },
}

test.each(Object.entries(changing))('a loop that %s in each round is cut off and named', (_, waiter) => {
  const result = exploreWaiter(waiter)
  expect(result).toMatchObject({ verdict: 'inconclusive', complete: false, failures: [] })
  expect(result.spins).toMatchObject([{ actor: 'waiter', reason: 'changes memory' }])
  expect(Object.keys(result.outcomes)).not.toHaveLength(0)
})

test('two actors that take a lock by a counter, and give it back, are cut off', () => {
  const visit = (words: Int32Array): void => {
    while (Atomics.add(words, 0, 1) !== 0) Atomics.sub(words, 0, 1)
    Atomics.sub(words, 0, 1)
  }
  const result = explore(over({ one: visit, other: visit }))
  expect(result).toMatchObject({ verdict: 'inconclusive', complete: false })
  expect(result.spins?.[0]?.reason).toBe('changes memory')
})

test('two actors that raise their flags, and lower them to try again, are cut off', () => {
  const worker = (own: number) => (words: Int32Array) => {
    for (;;) {
      Atomics.store(words, own, 1)
      if (Atomics.load(words, 1 - own) === 0) break
      Atomics.store(words, own, 0)
    }
    Atomics.add(words, 2, 1)
    Atomics.store(words, own, 0)
  }
  const result = explore(over({ one: worker(0), other: worker(1) }, { observe: (words) => words[2] }), {
    maxSteps: 200,
    maxSchedules: 100,
  })
  expect(result).toMatchObject({ verdict: 'inconclusive', complete: false, failures: [] })
  expect(result.spins?.[0]?.reason).toBe('changes memory')
  expect(Object.keys(result.outcomes)).toEqual(['2'])
})

test('an outcome of two rounds that change memory is found', () => {
  const result = explore(
    over(
      { counting, opener },
      {
        observe: (_, { counting: rounds }) => (rounds === 2 ? 'two' : 'another number'),
        outcomes: { 'another number': 'acceptable', two: ['forbidden', 'two rounds'] },
      },
    ),
  )
  expect(result).toMatchObject({ verdict: 'fail', failures: [{ kind: 'outcome' }] })
})

test('a loop of 500 writes that ends is explored to its end', () => {
  const writer = (words: Int32Array): number => {
    for (let round = 0; round < 500; round++) Atomics.store(words, 2, round)
    return 500
  }
  expect(exploreWaiter(writer)).toMatchObject({ verdict: 'pass', complete: true })
})

test('memory is as it was after a lookahead through the changes of a loop', () => {
  const adder = (words: Int32Array): void => {
    for (let round = 0; round < 8; round++) Atomics.add(words, 0, 1)
  }
  const result = explore(over({ adder, reader: (words) => Atomics.load(words, 1) }, { observe: (words) => words[0] }))
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
  expect(Object.keys(result.outcomes)).toEqual(['8'])
})

/** Each counts its rounds, and reads word 0 several times in each. */
const several: Record<string, (words: Int32Array) => boolean> = {
  two: (words) => {
    for (let rounds = 0; ; rounds++) {
      if (!closed(words)) return rounds > 2
      if (Atomics.load(words, 0) !== 0) return rounds > 2
    }
  },
  three: (words) => {
    for (let rounds = 0; ; rounds++) {
      if (!closed(words)) return rounds > 2
      if (Atomics.load(words, 0) !== 0) return rounds > 2
      if (Atomics.load(words, 0) !== 0) return rounds > 2
    }
  },
}

test.each(Object.entries(several))('a loop with %s equal loads in a round is named and cut off', (_, waiter) => {
  const result = exploreWaiter(waiter)
  expect(result).toMatchObject({ verdict: 'inconclusive', complete: false, failures: [] })
  expect(Object.keys(result.outcomes).toSorted()).toEqual(['false', 'true'])
  expect(result.spins).toMatchObject([{ actor: 'waiter', reason: 'changes rounds from round to round' }])
})

test('a lock that sleeps on a buffer of each round is explored completely', () => {
  const sleep = (): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
  const visit = (words: Int32Array): void => {
    while (Atomics.compareExchange(words, 0, 0, 1) !== 0) sleep()
    words[1]!++
    Atomics.store(words, 0, 0)
  }
  const result = explore(over({ one: visit, other: visit }, { observe: (words) => words[1] }))
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
  expect(Object.keys(result.outcomes)).toEqual(['2'])
})

test('a loop that makes another buffer in each round, and keeps it until the next, is named and cut off', () => {
  const waiter = (words: Int32Array): number => {
    for (;;) {
      const view = new Int32Array(new SharedArrayBuffer(8))
      if (Atomics.load(words, 0) !== 0) return view.length
    }
  }
  const result = exploreWaiter(waiter)
  expect(result).toMatchObject({ verdict: 'inconclusive', complete: false })
  expect(Object.keys(result.outcomes)).toEqual(['2'])
  expect(result.spins).toMatchObject([{ actor: 'waiter', rounds: 4 }])
})
