import { expect, test } from 'vitest'

import { sizesOf } from '../../../src/explore/clients/sizes.ts'
import type { Bounds } from '../../../src/explore/clients/sizes.ts'

/** Returns the clients of all sizes as texts: `0.1/1` has two threads, the first with the calls 0 and 1. */
function texts(bounds: Bounds, ...rest: [seed?: number, few?: number, drawn?: number]): string[][] {
  const [seed = 1, ...limits] = rest
  return sizesOf(bounds, seed, ...limits).map(({ members }) => [...members()].map(textOf))
}

function textOf(threads: readonly (readonly number[])[]): string {
  return threads.map((calls) => calls.join('.')).join('/')
}

test('two threads of two calls, of one operation and of two', () => {
  expect(texts({ calls: 1, threads: 2, each: 2 })).toEqual([['0'], ['0.0', '0/0'], ['0.0/0'], ['0.0/0.0']])
  expect(texts({ calls: 2, threads: 2, each: 2 })).toEqual([
    ['0', '1'],
    ['0.0', '0.1', '1.0', '1.1', '0/0', '0/1', '1/1'],
    ['0.0/0', '0.0/1', '0.1/0', '0.1/1', '1.0/0', '1.0/1', '1.1/0', '1.1/1'],
    '0.0/0.0 0.0/0.1 0.0/1.0 0.0/1.1 0.1/0.1 0.1/1.0 0.1/1.1 1.0/1.0 1.0/1.1 1.1/1.1'.split(' '),
  ])
})

/** Returns all ways to give calls to threads, up to the order of the threads, as texts. */
function bruteForce({ calls, threads, each }: Bounds): Set<string> {
  const sequences = [[]] as number[][]
  for (let from = 0, length = 1; length <= each; length++) {
    const longest = sequences.slice(from)
    from = sequences.length
    for (const rest of longest) for (let call = 0; call < calls; call++) sequences.push([...rest, call])
  }
  let found = [[]] as number[][][]
  for (let thread = 0; thread < threads; thread++) {
    found = found.flatMap((rest) => sequences.map((sequence) => rest.concat([sequence])))
  }
  return new Set(found.map(sortedText))
}

function sortedText(threads: readonly (readonly number[])[]): string {
  const own = threads.filter(({ length }) => length > 0)
  return own
    .map((calls) => calls.join('.'))
    .toSorted()
    .join('/')
}

test.each<Bounds>([
  { calls: 2, threads: 3, each: 2 },
  { calls: 3, threads: 2, each: 3 },
  { calls: 3, threads: 3, each: 1 },
  { calls: 2, threads: 1, each: 4 },
])('each client is there once, up to the order of its threads: %j', (bounds) => {
  const sizes = sizesOf(bounds, 1)
  const found = sizes.flatMap(({ members }) => [...members()].map(sortedText))
  const wanted = bruteForce(bounds)
  wanted.delete('')
  expect(found.toSorted()).toEqual([...wanted].toSorted())
  for (const { calls, clients, explored, members } of sizes) {
    const own = [...members()]
    expect({ clients, explored }).toEqual({ clients: own.length, explored: own.length })
    expect(own.every((threads) => threads.flat().length === calls)).toBe(true)
  }
})

test('only clients that the scenario has are explored', () => {
  const isClient = (threads: readonly (readonly number[])[]): boolean =>
    threads.filter((calls) => calls.includes(0)).length <= 1
  expect(texts({ calls: 2, threads: 2, each: 1, isClient })).toEqual([
    ['0', '1'],
    ['0/1', '1/1'],
  ])
  const [size] = sizesOf({ calls: 100, threads: 2, each: 1, isClient }, 1, 10, 20)
  expect({ ...size, members: [] }).toEqual({ calls: 1, clients: undefined, explored: 20, drawn: true, members: [] })
  expect([...size!.members()].every(isClient)).toBe(true)
})

test('of many clients some are drawn, others with another seed, and each is a client of its size', () => {
  const bounds = { calls: 3, threads: 2, each: 3 }
  const all = texts(bounds)
  const drawn = texts(bounds, 1, 100, 20)
  expect(drawn.map(({ length }) => length)).toEqual(all.map(({ length }) => (length > 100 ? 20 : length)))
  for (const [size, members] of drawn.entries()) {
    expect(new Set(members).size).toBe(members.length)
    expect(all[size]).toEqual(expect.arrayContaining(members))
  }
  expect(texts(bounds, 1, 100, 20)).toEqual(drawn)
  expect(texts(bounds, 2, 100, 20)).not.toEqual(drawn)
})

test('the number of clients is known where there are far too many to list', () => {
  const sizes = sizesOf({ calls: 20, threads: 3, each: 3 }, 1)
  const { clients, explored, members } = sizes.at(-1)!
  // The multisets of three of the 8,000 sequences.
  expect({ clients, explored }).toEqual({ clients: (8000 * 8001 * 8002) / 6, explored: 1000 })
  expect([...members()]).toHaveLength(1000)
})
