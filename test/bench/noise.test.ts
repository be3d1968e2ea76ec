import { describe, expect, test } from 'vitest'
import { noiseLine, noiseOf } from '../../bench/harness/noise.ts'

const IDLE = { cpu: 'a CPU', cores: 2, node: 'v20', load: 0.1 }
const BUSY = { ...IDLE, load: 1.5 }

describe('a run is too noisy', () => {
  test('when more than a quarter of its figures spread beyond 10 %', () => {
    // One of four is a quarter, two of four are more. A spread of exactly 10 % is within the limit.
    expect(noiseOf([0.11, 0.1, 0, 0], 5, IDLE)).toMatchObject({ tooNoisy: false, figures: 4, noisyFigures: 1 })
    expect(noiseOf([0.11, 0.5, 0, 0], 5, IDLE)).toMatchObject({ tooNoisy: true, figures: 4, noisyFigures: 2 })
  })

  test('when the load at the start was above half of the cores', () => {
    expect(noiseOf([0], 5, { ...IDLE, load: 1 })).toMatchObject({ tooNoisy: false, loadPerCore: 0.5 })
    expect(noiseOf([0], 5, BUSY)).toMatchObject({ tooNoisy: true, loadPerCore: 0.75 })
  })
})

test('without three repetitions the spread is unknown, and only the load can decide', () => {
  expect(noiseOf([0, 0.9], 2, IDLE)).toMatchObject({ tooNoisy: null, figures: 0, noisyFigures: 0 })
  expect(noiseOf([], 5, IDLE)).toMatchObject({ tooNoisy: null })
  expect(noiseOf([0], 1, BUSY)).toMatchObject({ tooNoisy: true })
})

test.each([
  [[0.2], 5, IDLE, /^TOO NOISY: 1 of 1 figures spread beyond ±10 % \(limit: 25 % of them\); .*repeat the run/],
  [[0], 5, BUSY, /^TOO NOISY: 0 of 1 figures .*; the load at the start was 0\.75 per core \(limit: 0\.5\)\./],
  [[0.2], 1, IDLE, /^Noise is unknown: the spread is unknown \(.*3 or more repetitions\)/],
  [[0, 0], 5, IDLE, /^Noise is within the limits: 0 of 2 figures/],
])('spreads %j of %i repetitions are described in one line', (spreads, repetitions, machine, line) => {
  const text = noiseLine(noiseOf(spreads, repetitions, machine))
  expect(text).toMatch(line)
  expect(text).not.toContain('\n')
})
