import { expect, test } from 'vitest'
import { explore } from '../../src/explore/index.ts'
import type { Progress } from '../../src/explore/search/options.ts'
import type { Scenario } from '../../src/scenario.ts'

/** A scenario with too many schedules to explore in a test. */
const endless: Scenario<Int32Array> = {
  name: 'endless',
  memory: () => new Int32Array(new SharedArrayBuffer(64)),
  actors: Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, tenIncrements])),
  observe: (words) => (words[0] === 40 ? 'all' : 'some'),
}

function tenIncrements(words: Int32Array): void {
  for (let round = 0; round < 10; round++) Atomics.store(words, 0, Atomics.load(words, 0) + 1)
}

test('onProgress receives the result that the exploration would have if it stopped now', () => {
  const heard: Progress[] = []
  explore(endless, { timeout: 3, onProgress: (progress) => void heard.push(progress) })
  expect(heard.length).toBeGreaterThan(1)
  // Each actor makes ten loads and ten stores.
  for (const { exploration, deepest } of heard) {
    expect(deepest).toBe(80)
    expect(exploration).toMatchObject({ scenario: 'endless', verdict: 'inconclusive', complete: false, failures: [] })
  }
  const counts = heard.map(({ exploration }) => exploration.schedules)
  expect(counts).toEqual(counts.toSorted((one, other) => one - other))
})

test('a text that onProgress returns stops the exploration and becomes its reason', () => {
  const { verdict, stopped } = explore(endless, { onProgress: () => 'enough' })
  expect({ verdict, stopped }).toEqual({ verdict: 'inconclusive', stopped: 'enough' })
})

test('a failure is reported with a token before its smallest schedule is searched for', () => {
  const failing: Scenario<Int32Array> = { ...endless, outcomes: { all: 'acceptable' } }
  let last: Progress | undefined
  explore(failing, {
    allFailures: true,
    onProgress: (progress) => {
      last = progress
      return 'enough'
    },
  })
  expect(last?.exploration).toMatchObject({ verdict: 'fail', failures: [{ kind: 'outcome', token: /^rl1\./ }] })
})

test('a scenario whose name cannot be read has the verdict error', () => {
  const unreadable = {
    get name(): string {
      throw new Error('no name today')
    },
    memory: () => new Int32Array(new SharedArrayBuffer(4)),
    actors: { a: () => 1 },
  }
  const { verdict, error } = explore(unreadable)
  expect({ verdict, message: error?.message }).toEqual({
    verdict: 'error',
    message: expect.stringContaining('The scenario threw Error: no name today') as string,
  })
})
