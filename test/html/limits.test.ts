/** What a report keeps, whatever the schedules are: its size, and the element of its script. */
import { h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { expect, test } from 'vitest'
import { explore } from '../../src/explore/index.ts'
import { stepThrough } from '../../src/explore/replay/stepping.ts'
import type { Failure } from '../../src/explore/search/result.ts'
import { SteppedDiagram } from '../../src/html/stepped.tsx'
import { exploredHtml } from '../../src/lab/html/index.tsx'
import type { Scenario } from '../../src/scenario.ts'

const ROUNDS = 300

/** Each round writes and reads a word that has its turn only once, so that no two rows are alike. */
const scenario = {
  name: 'long',
  memory: () => new Int32Array(new SharedArrayBuffer(4 * ROUNDS)),
  actors: {
    alice: (memory: Int32Array) => {
      for (let round = 0; round < ROUNDS; round++) {
        Atomics.add(memory, round, 1)
        Atomics.load(memory, round)
      }
    },
  },
  observe: (memory: Int32Array) => memory[0],
  outcomes: { never: 'acceptable' },
} as unknown as Scenario

const { recording } = stepThrough(scenario, Array<number>(2 * ROUNDS).fill(0))
const exploration = explore(scenario)
const [failure] = exploration.failures as [Failure]

/** A report on `count` failures, each with the schedule of 600 steps. */
function reportOn(count: number): string {
  const failures = Array.from({ length: count }, (_, index) => ({ ...failure, token: `rl1.${index}` }))
  const shown = failures.map((each) => ({ failure: each, recording }))
  return exploredHtml(
    { title: 'Limits', about: [] },
    { explored: [{ exploration: { ...exploration, failures }, failures: shown }] },
  )
}

const count = (text: string, pattern: RegExp): number => (text.match(pattern) ?? []).length

test('the diagrams of many failures have fewer rows, so that the report stays below a megabyte', () => {
  const [one, many, more] = [reportOn(1), reportOn(40), reportOn(5000)]
  expect(count(one, /<li class="diagram-row/g)).toBe(299)
  for (const text of [many, more]) expect(Buffer.byteLength(text)).toBeLessThan(1_000_000)
  // Each failure that is shown has its diagram, of 299 rows or fewer; those that are not are counted.
  const shown = count(many, /class="stepped"/g)
  expect(shown).toBeGreaterThan(1)
  expect(count(many, /<li class="diagram-row/g)).toBeLessThan(299 * shown)
  if (shown < 40) expect(many).toContain(`… and ${40 - shown} more failures`)
  const left = 5000 - count(more, /class="command"/g)
  expect(more).toContain(`… and ${left.toLocaleString('en-US')} more failures`)
})

test('no value of the memory ends the script that has it', () => {
  const hostile = '</script><img src=x onerror=alert(1)>'
  const steps = recording.steps.slice(0, 2).map((step) => Object.assign({}, step, { before: hostile, after: hostile }))
  const text = renderToString(h(SteppedDiagram, { recording: { ...recording, steps }, noReturn: undefined, most: 300 }))
  expect(count(text, /<\/script/g)).toBe(1)
  expect(text).not.toContain('<img')
  // The script gets the value as it is.
  const [, json] = /<script type="application\/json">(.*)<\/script>/.exec(text) as unknown as [string, string]
  expect(JSON.parse(json)).toEqual({ first: [hostile], rows: [[[0, hostile, 1]], [[0, hostile, 0]]] })
})
