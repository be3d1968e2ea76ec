import { describe, expect, test } from 'vitest'
import { growth as bench } from '../../bench/growth.ts'
import { growth as load } from '../../bench/loads/growth.ts'
import { SessionManager } from '../../src/store/index.ts'
import type { LoadWorker } from '../../src/stress/load.ts'

const SETTING = { variant: '10 sessions', workers: 1, iterations: 10, seed: 1, database: 'memory' } as const

/** The worker of the only thread, which never waits. */
const worker = { index: 0, start() {}, meet() {}, operation: (work: () => unknown) => work() } as LoadWorker

/** Runs the load once on one thread. */
function lived() {
  const memory = load.prepare(SETTING)
  return { memory, report: load.work(memory, SETTING, worker) }
}

describe('the load', () => {
  test('leaves the store full, and reads and deletes every session in each round', () => {
    const { memory, report } = lived()
    // 50,000 operations a phase are 5,000 rounds of 10 sessions, each read and deleted in each; in the end 10 are there.
    expect(load.judge(memory, SETTING, [report])).toMatchObject({ expected: 100_010, actual: 100_010, violations: 0 })
  })

  test('counts sessions that were read wrong, are missing or are left over', () => {
    const { memory, report } = lived()
    const manager = new SessionManager(memory.sessions)
    manager.deleteSession(manager.getIds()[0]!)
    // One session is missing, and is in the queue of the clean-up; three were wrong.
    expect(load.judge(memory, SETTING, [{ ...report, right: report.right - 3 }]).violations).toBe(1 + 1 + 3)
  })

  test('visits each session once a round, in a random order', () => {
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

  test('has a row for each size, and a plot with a point for each size', () => {
    const text = show(0)
    expect(text).toMatch(/^ +1,000 +1,500 +1,200 +500( +500 ±20%){6}\n +10,000 /m)
    expect(text).toContain('Time of one operation against the size of the store, on 2 threads')
    // Three phases with two points each, and the mark in the legend.
    expect(text.match(/●/g)).toHaveLength(3 * 2 + 1)
    expect(text).not.toContain('WRONG')
  })

  test('reports sessions that were lost', () => {
    expect(show(3)).toContain('WRONG: 3 of 10,000 sessions.')
  })
})
