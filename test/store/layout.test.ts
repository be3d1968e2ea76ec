import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LINE } from '../../src/memory/layout.ts'
import { ENTRY, HEADER, MOST_OPEN, RECORD, RECORD_WORDS, STATS, storeLayout } from '../../src/store/layout.ts'

const sizes = fc.record({
  capacity: fc.integer({ min: 1, max: 40 }),
  nameWords: fc.integer({ min: 6, max: 99 }),
  metadataWords: fc.nat(20),
  agents: fc.nat(3),
})

test('every word of a store has a name, and the name of a word in use is unique', () => {
  const property = fc.property(sizes, (size) => {
    const layout = storeLayout(size)
    const { at, fields, slots, textWords } = layout
    const used: [string, number][] = Object.entries(HEADER).map(([name, word]) => [`header.${name}`, at.header + word])
    for (const [name, word] of Object.entries(STATS)) used.push([`stats.${name}`, at.stats + word])
    for (let agent = 0; agent < size.agents; agent++) {
      for (const [name, word] of Object.entries(fields.notes.element.at)) {
        const start = at.notes + fields.notes.at(agent) + word
        const length = { opened: 2 * MOST_OPEN, record: RECORD_WORDS, text: textWords, entry: size.metadataWords }[name]
        if (length === undefined) used.push([`notes[${agent}].${name}`, start])
        for (let part = 0; part < (length ?? 0); part++) used.push([`notes[${agent}].${name}[${part}]`, start + part])
      }
    }
    const isPair = new Set(['lastActivity', 'cacheTime', 'expiresAt'])
    for (let slot = 0; slot < slots; slot++) {
      for (const [name, word] of Object.entries(ENTRY)) {
        used.push([`index[${slot}].${name}`, at.index + fields.index.at(slot) + word])
      }
      for (const [name, word] of Object.entries(RECORD)) {
        const start = at.session + fields.session.at(slot) + word
        const size = name === 'text' ? textWords : isPair.has(name) ? 2 : 0
        if (size === 0) used.push([`session[${slot}].${name}`, start])
        for (let part = 0; part < size; part++) used.push([`session[${slot}].${name}[${part}]`, start + part])
      }
    }
    for (const [name, word] of used) if (layout.nameOf(word) !== name) expect(layout.nameOf(word)).toBe(name)
    expect(new Set(used.map(([, word]) => word)).size).toBe(used.length)
    expect(used.every(([, word]) => word >= 0 && word < layout.words)).toBe(true)
    for (let word = 0; word < layout.words; word++)
      if (!/^(header|stats|notes|index|session)\b/.test(layout.nameOf(word))) expect.fail(`${word} has no name`)
  })
  fc.assert(property, { numRuns: 30 })
})

test('the words of a session are named after what they hold', () => {
  const { at, fields, nameOf } = storeLayout({ capacity: 10, nameWords: 99, metadataWords: 4, agents: 0 })
  expect(nameOf(at.session + fields.session.at(3) + RECORD.version)).toBe('session[3].version')
  expect(nameOf(at.session + fields.session.at(0) + RECORD.control)).toBe('session[0].control')
  expect(nameOf(at.session + fields.session.at(2) + RECORD.text + 7)).toBe('session[2].text[7]')
})

test('the header, the stats, the notes of an agent and every record begin at a cache line', () => {
  const property = fc.property(sizes, (size) => {
    const { at, fields, slots } = storeLayout(size)
    const starts = [at.header, at.stats, at.stats + STATS.cleanupHand]
    for (let agent = 0; agent < size.agents; agent++) starts.push(at.notes + fields.notes.at(agent))
    for (let slot = 0; slot < slots; slot++) starts.push(at.session + fields.session.at(slot))
    expect(starts.filter((start) => start % LINE !== 0)).toEqual([])
  })
  fc.assert(property)
})

test('a store has the fewest slots of which its capacity fills at most two thirds', () => {
  const property = fc.property(fc.integer({ min: 1, max: 2 ** 22 }), (capacity) => {
    const { slots } = storeLayout({ capacity, nameWords: 6, metadataWords: 0, agents: 0 })
    expect(capacity).toBeLessThanOrEqual((slots * 2) / 3)
    expect(capacity).toBeGreaterThan(((slots - 1) * 2) / 3)
  })
  fc.assert(property)
})

test('a session takes the bytes that the layout says, in the index and in the records', () => {
  const property = fc.property(sizes, ({ nameWords, metadataWords, agents }) => {
    // 24 and 48 slots: both fill whole cache lines of the index.
    const [small, large] = [16, 32].map((capacity) => storeLayout({ capacity, nameWords, metadataWords, agents }))
    expect([small!.slots, large!.slots]).toEqual([24, 48])
    expect(4 * (large!.words - small!.words)).toBe(24 * small!.bytesPerSession)
  })
  fc.assert(property, { numRuns: 30 })
})
