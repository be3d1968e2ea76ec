/** The first lesson under parallel load: the broken variant breaks, the sound ones hold, on 2 and 8 real threads. */
import { beforeAll, describe, expect, test } from 'vitest'
import { lostUpdate } from '../../../src/lab/lessons/lost-update.ts'
import type { LessonResult, WitnessStep } from '../../../src/lab/run-thread-lesson.ts'
import { runOnce, variantOf } from './run-once.ts'

describe.each([2, 8])('on %i threads', (workers) => {
  let result: LessonResult

  beforeAll(async () => {
    // Every operation of the broken variant sleeps between its read and its write, so it loses updates for certain.
    result = await runOnce(lostUpdate, workers, { iterations: 50, gap: 'sleep:1' })
  })

  test('each worker is a thread of its own', () => {
    expect(result.threads).toBe(workers)
  })

  test('the buggy variant loses increments and metadata keys', () => {
    const { verdict, violations, expected, actual, metrics } = variantOf(result, 'buggy')
    expect(verdict).toBe('broke')
    expect(expected).toBe(workers * 50)
    expect(actual).toBeLessThan(expected!)
    expect(violations).toBe(expected! - actual!)
    expect(metrics['keysLost']).toBeGreaterThan(0)
  })

  test.each(['write-lock', 'mutex', 'cas'])('%s keeps every increment and every key', (name) => {
    const { verdict, violations, expected, actual, metrics } = variantOf(result, name)
    expect({ verdict, violations, actual }).toEqual({ verdict: 'held', violations: 0, actual: expected })
    expect(metrics['keysArrived']).toBe(workers * 5)
  })

  test('atomic-add keeps every increment, and still loses keys', () => {
    const { verdict, expected, actual, metrics } = variantOf(result, 'atomic-add')
    expect({ verdict, actual }).toEqual({ verdict: 'held', actual: expected })
    expect(metrics['keysLost']).toBeGreaterThan(0)
  })

  test('cas retries where another variant would lose an update', () => {
    expect(variantOf(result, 'cas').metrics['retries']).toBeGreaterThan(0)
  })

  test('the witness is a lost update: two threads read one count, and both write it plus one', () => {
    const steps = result.witness!.steps
    const [read1, read2] = steps.filter(({ action }) => action === 'read') as [WitnessStep, WitnessStep]
    const [write1, write2] = steps.filter(({ action }) => action === 'write') as [WitnessStep, WitnessStep]
    const count = Number(read1.detail.slice('count='.length))
    expect(read2).toMatchObject({ thread: 3 - read1.thread, detail: `count=${count}` })
    expect(write1.detail).toBe(`count=${count + 1}`)
    expect(write2).toMatchObject({ thread: 3 - write1.thread, detail: `count=${count + 1}` })
    expect(read2.time).toBeLessThan(write1.time)
  })
})
