/** The parts of the section "run" that need no browser. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { choicesIn, defaultsOf, mostIterations, stateOf } from '../../page/run/choices.ts'
import { gapOf, gapPartsOf, lengthsWith, sharesWith } from '../../page/run/gap-steps.ts'
import { BEGUN, heard } from '../../page/run/run-log.ts'
import type { Look } from '../../page/run/threads/messages.ts'
import { threadLessons } from '../../src/lab/lessons/index.ts'
import { parseGap } from '../../src/stress/gap.ts'

const gap = fc.oneof(
  fc.constant('none'),
  fc
    .tuple(fc.constantFrom('spin:3', 'sleep:0.05', 'sleep:7'), fc.integer({ min: 2, max: 99 }))
    .map((each) => each.join('/')),
)

test('what is chosen comes back from the address, without a complaint', () => {
  const choices = fc.constantFrom(...threadLessons).chain((lesson) =>
    fc.record({
      lesson: fc.constant(lesson),
      variants: fc.subarray(
        lesson.variants.map(({ name }) => name),
        { minLength: 1 },
      ),
      workers: fc.integer({ min: 1, max: 16 }),
      iterations: fc.integer({ min: 1, max: mostIterations(lesson) }),
      gap,
    }),
  )
  fc.assert(
    fc.property(choices, (chosen) => {
      const entries = Object.entries(stateOf(chosen)).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      )
      expect(choicesIn(new URLSearchParams(entries))).toEqual({ choices: chosen, complaints: [] })
    }),
  )
})

test.each(threadLessons.map((lesson) => [lesson.name, lesson] as const))(
  'the address of %s names its defaults by its bug alone',
  (name, lesson) => {
    expect(choicesIn(new URLSearchParams({ bug: name })).choices).toEqual(defaultsOf(lesson))
  },
)

test('the bug that needs a server is refused with the command that runs it', () => {
  const { complaints } = choicesIn(new URLSearchParams({ bug: 'express-session' }))
  expect(complaints).toHaveLength(1)
  expect(complaints[0]).toContain('npx racelab --bug express-session')
})

test('any gap has its place on the sliders', () => {
  fc.assert(
    fc.property(gap, (text) => {
      const parts = gapPartsOf(text)
      expect(parseGap(gapOf(parts))).toEqual(parseGap(text))
      expect(lengthsWith(parts.length)).toContain(parts.length)
      expect(sharesWith(parts.every)).toContain(parts.every)
    }),
  )
})

test('a log keeps no more looks than a plot can show, from the first to the last', () => {
  let log = heard(BEGUN, { kind: 'started', variant: 'buggy' })
  const look = (time: number): Look => ({ time, operations: time, count: time })
  for (let time = 1; time <= 5000; time++) log = heard(log, { kind: 'look', look: look(time) })
  const { looks } = log.traces.get('buggy')!
  expect(looks.length).toBeLessThanOrEqual(500)
  expect(looks.at(-1)).toEqual(look(5000))
  // Every second look is left out each time, so none of the gaps is much wider than the others.
  expect(looks.at(0)!.time).toBeLessThanOrEqual(32)
  expect(looks.map(({ time }) => time)).toEqual(looks.map(({ time }) => time).toSorted((one, other) => one - other))
})
