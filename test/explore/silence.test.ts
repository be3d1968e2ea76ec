import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'
import { over } from './counters.ts'

const writes: readonly (readonly [string, (words: Int32Array, word: number, value: number) => void])[] = [
  ['atomically', (words, word, value) => Atomics.store(words, word, value)],
  ['plainly', (words, word, value) => (words[word] = value)],
  ['in bytes', (words, word, value) => words.fill(value, word, word + 1)],
]

test.each(writes)(
  'of a record that is written whole, %s, only words that change are tried on both sides',
  (_, write) => {
    const record = over({
      writer: (words) => {
        for (let word = 0; word < 4; word++) write(words, word, word === 3 ? 1 : 0)
      },
      reader: (words) => [words[0], words[1], words[2], words[3]].join(''),
    })
    // One word changes, and is read before or after the change.
    const reduced = explore(record, { dataRaces: false })
    expect(reduced).toMatchObject({ complete: true, schedules: 2 })
    // Eight steps, four each: 8! / (4! 4!) orders.
    const all = explore(record, { dataRaces: false, strategy: 'dfs' })
    expect(all).toMatchObject({ complete: true, schedules: 70 })
    expect(Object.keys(reduced.outcomes).toSorted()).toEqual(Object.keys(all.outcomes).toSorted())
  },
)

/** Word 0 is always 0, so each store to it is silent. Which store a load sees decides whether the accesses of word 1 race. */
const ordering: readonly (readonly [string, Scenario])[] = [
  [
    'a plain write in place of the store that orders',
    over(
      {
        alice: (words) => {
          words[1] = 5
          Atomics.store(words, 0, 0)
          words[2] = 1
        },
        bob: (words) => {
          if (words[2] === 0) return undefined
          Atomics.load(words, 0)
          return words[1]
        },
        // If bob reads this zero, he has not read the zero that alice stored.
        carol: (words) => {
          words[0] = 0
        },
      },
      { names: (words) => ({ handed: [words, 0], early: [words, 2] }), races: ['handed', 'early'] },
    ),
  ],
  [
    'a flag that is set to what it was',
    over({
      alice: (words) => {
        words[1] = 5
        Atomics.store(words, 0, 0)
      },
      bob: (words) => {
        Atomics.load(words, 0)
        return words[1]
      },
    }),
  ],
  [
    'a hand-over in both directions',
    over({
      alice: (words) => {
        Atomics.load(words, 0)
        words[1] = 5
        Atomics.store(words, 0, 0)
      },
      bob: (words) => {
        Atomics.load(words, 0)
        const seen = words[1]
        Atomics.store(words, 0, 0)
        return seen
      },
    }),
  ],
  [
    'a hand-over that a race lets begin too early',
    over(
      {
        alice: (words) => {
          words[1] = 5
          words[2] = 1
          Atomics.store(words, 0, 0)
        },
        bob: (words) => {
          // Past this line, alice has written word 1. Only the store to word 0 decides whether that write is ordered before the read.
          if (words[2] === 0) return undefined
          Atomics.load(words, 0)
          return words[1]
        },
      },
      { names: (words) => ({ early: [words, 2] }), races: ['early'] },
    ),
  ],
]

test.each(ordering)('%s: a silent store that another actor reads atomically hides no data race', (_, scenario) => {
  const failuresBy = (strategy: 'dpor' | 'dfs') =>
    explore(scenario, { strategy, allFailures: true })
      .failures.map(({ kind, message }) => `${kind}: ${message}`)
      .toSorted()
  expect(failuresBy('dpor')).not.toEqual([])
  expect(failuresBy('dpor')).toEqual(failuresBy('dfs'))
})
