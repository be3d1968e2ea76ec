import { describe, expect, test } from 'vitest'
import { growth as bench } from '../../bench/growth.ts'
import { growth as load } from '../../bench/loads/growth.ts'
import { SessionManager } from '../../src/store/index.ts'
import type { LoadWorker } from '../../src/stress/load.ts'

const SETTING = { variant: '10 sessions', workers: 1, iterations: 10, seed: 1, database: 'memory' } as const

/** Of the only thread: it waits for nobody. */
const hand = { index: 0, start() {}, meet() {}, operation: (work: () => unknown) => work() } as LoadWorker

/** What a life leaves behind. */
function lived() {
  const memory = load.prepare(SETTING)
  return { memory, report: load.work(memory, SETTING, hand) }
}

describe('the life of a store', () => {
  test('leaves it full, and every session was read and deleted in each round', () => {
    const { memory, report } = lived()
    // 50,000 operations a phase are 5,000 rounds of 10 sessions, each read and deleted in each; in the end 10 are there.
    expect(load.judge(memory, SETTING, [report])).toMatchObject({ expected: 100_010, actual: 100_010, violations: 0 })
  })

  test('counts what was read wrong, what is missing and what is left over', () => {
    const { memory, report } = lived()
    const manager = new SessionManager(memory.sessions)
    manager.deleteSession(manager.getIds()[0]!)
    // One is missing, and waits for its clean-up; and three were not right.
    expect(load.judge(memory, SETTING, [{ ...report, right: report.right - 3 }]).violations).toBe(1 + 1 + 3)
  })

  test('visits each session once a round, in an order of its own', () => {
    const { order } = load.prepare({ ...SETTING, iterations: 1000 })
    expect(order).not.toEqual(order.toSorted())
    expect(order.toSorted()).toEqual(Int32Array.from(order.keys()))
  })
})

describe('the text', () => {
  const figure = { median: 500, low: 400, high: 600 }
  const nanoseconds = { fill: figure, increment: figure, set: figure, get: figure, delete: figure, create: figure }
  const row = { bytesReserved: 1500, bytesTouched: 1200, allocateMilliseconds: figure, nanoseconds }
  const show = (wrong: number): string => {
    const rows = [
      { ...row, sessions: 1000, wrong: 0 },
      { ...row, sessions: 10_000, wrong },
    ]
    return bench.show({ workers: 2, nameBytes: 64, metadataBytes: 128, rows })
  }

  test('has a row a size, and a curve below', () => {
    const text = show(0)
    expect(text).toMatch(/^ +1,000 +1,500 +1,200 +500( +500 ±20%){6}\n +10,000 /m)
    expect(text).toMatch(/^get: ns\n500 ┼/m)
    expect(text).toContain('1,000 to 10,000 sessions')
    expect(text).not.toContain('WRONG')
  })

  test('says so when sessions were lost', () => {
    expect(show(3)).toContain('WRONG: 3 of 10,000 sessions.')
  })
})
