/** What the JUnit file says of each kind of result. */
import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import type { ExploreOptions } from '../../../src/explore/search/options.ts'
import { junit } from '../../../src/lab/report/junit.ts'
import { nth, over } from '../../explore/counters.ts'

const crowd = over(
  nth(5, (words) => {
    for (let round = 0; round < 6; round++) Atomics.add(words, 0, 1)
  }),
)

test.each<[ExploreOptions, string]>([
  [{ maxSchedules: 3 }, '--max-schedules'],
  [{ timeout: 0.001 }, '--timeout'],
  [{ maxSteps: 5, maxSchedules: 50, strategy: 'dfs', preemptions: 0 }, '--max-steps'],
  [{ preemptions: 0 }, '--preemptions'],
  [{ strategy: 'random', maxSchedules: 3 }, 'leave out --strategy random'],
])('an inconclusive exploration is skipped, with the advice on its bound: %o', (options, advice) => {
  expect(junit([explore(crowd, options)])).toMatch(new RegExp(`<skipped message="[^"]*${advice}`))
})

test('a skipped test case names each spin loop that was cut off', () => {
  const cut = { place: 'src/queue.ts:12:5', actor: 'taker', rounds: 3, reason: 'it counts its rounds in a variable' }
  const spins = [cut, { ...cut, place: 'src/queue.ts:40:9' }]
  expect(junit([{ ...explore(crowd, { maxSchedules: 1 }), spins }])).toMatch(
    /<skipped message="[^"]*src\/queue\.ts:12:5[^"]*src\/queue\.ts:40:9[^"]*--spin-rounds/,
  )
})

test('the data races of one schedule are one failure, which names each of them once', () => {
  const torn = over({ writer: (words) => words.fill(7), reader: (words) => words.slice().length })
  const xml = junit([explore(torn)])
  const text = xml.replace(/ message="[^"]*"/, '')
  for (const index of [0, 1, 2, 3]) {
    const race = index === 0 ? `writer's write and reader's read of word 0` : `reader's read of word ${index}`
    expect(text.split(race)).toHaveLength(2)
  }
  expect(xml.split('<failure')).toHaveLength(2)
})

test('characters that XML does not accept are escaped or left out', () => {
  const nasty = explore({ ...over({ alice: () => '<&>"\u0001' }), name: 'a <b> & "c"\u0002' })
  const xml = junit([{ ...nasty, elapsedMs: 12 }])
  expect(xml).toContain('name="a &lt;b&gt; &amp; &quot;c&quot;" time="0.012"/>')
})
