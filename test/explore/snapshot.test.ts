import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { explore } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'
import { Snapshot } from '../../src/explore/model/snapshot.ts'

/** Sizes near the size of the pieces in which a snapshot is compared. */
const size = fc.constantFrom(1, 64, 65_535, 65_536, 65_537, 200_000)
const writes = fc.array(fc.record({ at: fc.nat(199_999), value: fc.integer({ min: 1, max: 255 }) }), { maxLength: 8 })

describe('a snapshot', () => {
  test.prop([size, writes, writes])('finds the first byte that differs, and puts all back', (length, before, after) => {
    const buffer = new SharedArrayBuffer(length)
    const bytes = new Uint8Array(buffer)
    for (const { at, value } of before) bytes[at % length] = value
    const kept = bytes.slice()
    const snapshot = new Snapshot(buffer)
    expect(snapshot.firstDifference()).toBeUndefined()
    for (const { at, value } of after) bytes[at % length] = value
    const first = kept.findIndex((byte, index) => byte !== bytes[index])
    expect(snapshot.firstDifference()).toBe(first < 0 ? undefined : first)
    snapshot.restore()
    expect(Buffer.compare(bytes, kept)).toBe(0)
  })
})

test('a memory of a gibibyte that is hardly used is explored without a second one', () => {
  const before = process.resourceUsage().maxRSS
  const gibibyte = 2 ** 30
  const large: Scenario<Uint8Array> = {
    name: 'large',
    memory: () => new Uint8Array(new SharedArrayBuffer(gibibyte)),
    actors: {
      writer: (bytes) => Atomics.store(bytes, gibibyte - 1, 7),
      reader: (bytes) => Atomics.load(bytes, gibibyte - 1),
    },
  }
  const { verdict, outcomes } = explore(large)
  expect(verdict).toBe('pass')
  expect(Object.keys(outcomes).length).toBe(2)
  // In KiB. Pages that are only read cost nothing.
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(2 ** 19)
})
