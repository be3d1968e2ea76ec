/** `lab explore --workers n`: the result is the same whatever n. */
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { boundsOf } from '../../../src/explore/search/options.ts'
import { Pace } from '../../../src/explore/search/pace.ts'
import type { Reported } from '../../../src/explore/search/parts/helpers.ts'
import { searchInParts } from '../../../src/explore/search/parts/search-in-parts.ts'
import { ControlledScenario } from '../../../src/explore/subject/controlled-scenario.ts'
import { SearchThreads } from '../../../src/lab/cli/explorer/search-threads.ts'
import type { Scenario } from '../../../src/scenario.ts'
import { workerFile } from '../../../src/stress/worker-file.ts'
import { Files } from './files.ts'
import { lab } from './lab.ts'
import { expectSameResult, increments, LOCK } from './same-result.ts'

const files = new Files()

/** Two actors with five increments each have some ten thousand schedules: the search is divided several times. */
const INCREMENTS = increments(5)
const LOCKED = `${LOCK}
  const locked = (words) => { lock(words); const seen = words[0]; unlock(words); lock(words); words[0] = seen + 1; unlock(words) }`
const SPINNING = `
  const locked = (words) => { while (Atomics.compareExchange(words, 1, 0, 1) !== 0); words[0]++; Atomics.store(words, 1, 0) }`
const THREE = '{ a: locked, b: locked, c: locked }'

const CASES: readonly (readonly [string, Readonly<Record<string, string>>, string, readonly string[]])[] = [
  ['a complete one', INCREMENTS, '', []],
  ['one of which few schedules fail', { ...INCREMENTS, outcomes: "{ 2: ['forbidden', 'too few'] }" }, '', []],
  [
    'one of which many schedules fail, in several ways',
    { ...INCREMENTS, outcomes: "{ 2: ['forbidden', 'two'], 3: ['forbidden', 'three'], 4: ['forbidden', 'four'] }" },
    '',
    ['--all-failures'],
  ],
  ['one with waits', { observe: '(words) => words[0]', actors: '{ a: locked, b: locked }' }, LOCKED, ['--no-races']],
  ['one with crashes', { ...INCREMENTS, crashes: '1', recover: '(words) => words[0]' }, '', []],
  [
    'one of which few schedules with a crash fail',
    {
      ...INCREMENTS,
      crashes: '["b"]',
      recover: '(words) => Atomics.load(words, 0)',
      invariant: '(words, { recover }, crashed) => crashed === undefined || recover !== 8',
    },
    '',
    [],
  ],
  ['one with a loop', { observe: '(words) => words[0]', actors: THREE }, SPINNING, []],
  [
    'one that throws late',
    { ...INCREMENTS, observe: '(words) => { if (words[0] === 2) throw new Error("two"); return words[0] }' },
    '',
    [],
  ],
]

test.each(CASES)('%s', { timeout: 120_000 }, async (name, parts, before, options) => {
  const file = files.scenario(`${name.replaceAll(/\W/g, '-')}.mjs`, parts, before)
  await expectSameResult(file, ...options)
})

/** Waits for the threads where others would go on, so that they report for certain. */
class AwaitedThreads extends SearchThreads {
  heard: (readonly [number, 'again' | 'report'])[] = []
  #given = 0

  override give(...args: Parameters<SearchThreads['give']>): boolean {
    const isGiven = super.give(...args)
    if (isGiven) this.#given++
    return isGiven
  }

  override reports(): readonly Reported[] {
    let reports = super.reports()
    while (reports.length === 0 && this.#given > this.heard.length) reports = super.reports()
    for (const [number, report] of reports) this.heard.push([number, report === 'again' ? 'again' : 'report'])
    return reports
  }
}

describe('threads', () => {
  test('search parts of a file’s scenario', async () => {
    const file = pathToFileURL(files.scenario('awaited.mjs', INCREMENTS)).href
    const { default: scenario } = (await import(file)) as { readonly default: Scenario }
    const worker = await workerFile('search')
    const control = { ...boundsOf({}), dataRaces: false }
    const tallies = [0, 1, 2].map((count) =>
      ControlledScenario.use(scenario, control, (controlled) => {
        const helpers = new AwaitedThreads(count, worker, { kind: 'file', url: file, name: 'default' }, control)
        const options = { most: 1000, ...(count === 0 ? {} : { helpers }) }
        const { schedules, complete } = searchInParts(
          controlled,
          boundsOf({}),
          false,
          new Pace(0, Infinity, undefined),
          options,
        )
        helpers.end()
        return { schedules, complete, heard: helpers.heard }
      }),
    )
    const [alone, ...together] = tallies
    for (const { schedules, complete, heard } of together) {
      expect({ schedules, complete }).toEqual({ schedules: alone!.schedules, complete: true })
      expect(heard.length).toBeGreaterThan(5)
      expect(heard.filter(([, report]) => report === 'again')).toEqual([])
    }
  })
})

test.each(['0', '65', '1.5', 'two'])('--workers %s is misuse', async (workers) => {
  const { code, stderr } = await lab('explore', 'nothing.ts', '--workers', workers)
  expect(code).toBe(2)
  expect(stderr).toContain('--workers')
})
