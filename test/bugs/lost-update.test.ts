/** The first lesson under parallel load: the broken variant breaks, the sound ones hold, on 2 and 8 real threads. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lostUpdate } from '../../src/bugs/lost-update.ts'
import type { Step } from '../../src/load.ts'
import { parseGap } from '../../src/stress/gap.ts'
import { type BugResult, runBug } from '../../src/stress/run-bug.ts'
import { Team } from '../../src/stress/team.ts'

describe.each([2, 8])('on %i threads', (workers) => {
  let team: Team
  let result: BugResult

  beforeAll(async () => {
    team = await Team.gather(workers)
    // Every operation of the broken variant sleeps between its read and its write: losing is certain.
    const options = { workers, gap: parseGap('sleep:0.01'), iterations: 200, seed: 1, database: 'memory' as const }
    result = await runBug(team, lostUpdate, options)
  })
  afterAll(() => team.disband())

  const of = (name: string) => result.variants.find(({ variant }) => variant === name)!

  test('each worker is a thread of its own', () => {
    expect(result.threads).toBe(workers)
  })

  test('the buggy variant loses increments and metadata keys', () => {
    const { verdict, violations, expected, actual, metrics } = of('buggy')
    expect(verdict).toBe('broke')
    expect(expected).toBe(workers * 200)
    expect(actual).toBeLessThan(expected!)
    expect(violations).toBe(expected! - actual!)
    expect(metrics['keysLost']).toBeGreaterThan(0)
  })

  test.each(['write-lock', 'mutex', 'cas'])('%s keeps every increment and every key', (name) => {
    const { verdict, violations, expected, actual, metrics } = of(name)
    expect({ verdict, violations, actual }).toEqual({ verdict: 'held', violations: 0, actual: expected })
    expect(metrics['keysArrived']).toBe(workers * 5)
  })

  test('atomic-add keeps every increment, and still loses keys', () => {
    const { verdict, expected, actual, metrics } = of('atomic-add')
    expect({ verdict, actual }).toEqual({ verdict: 'held', actual: expected })
    expect(metrics['keysLost']).toBeGreaterThan(0)
  })

  test('cas tries again where others would have lost', () => {
    expect(of('cas').metrics['retries']).toBeGreaterThan(0)
  })

  test('the witness is a lost update: two threads read one count, and both write it plus one', () => {
    const steps = result.witness!.steps
    const [read1, read2] = steps.filter(({ action }) => action === 'read') as [Step, Step]
    const [write1, write2] = steps.filter(({ action }) => action === 'write') as [Step, Step]
    expect(read1.worker).not.toBe(read2.worker)
    expect(read2.session).toEqual(read1.session)
    expect(write1.worker).not.toBe(write2.worker)
    expect(write1.session!.accessCount).toBe(read1.session!.accessCount + 1)
    expect(write2.session!.accessCount).toBe(write1.session!.accessCount)
    expect(read2.sequence).toBeLessThan(write1.sequence)
  })
})
