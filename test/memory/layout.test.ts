import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LINE, lines, struct, table, word, words } from '../../src/memory/layout.ts'
import type { Region, Struct, Table } from '../../src/memory/layout.ts'

/** A region, and the expected names of its words in order. */
interface Expected {
  readonly region: Region
  readonly names: readonly string[]
}

const name = fc.constantFrom(
  'id',
  'user',
  'version',
  'state',
  'left',
  'right',
  'x',
  '0',
  '7',
  'constructor',
  '__proto__',
)

const { expected } = fc.letrec<{ expected: Expected; leaf: Expected; table: Expected; struct: Expected }>((tie) => ({
  expected: fc.oneof({ maxDepth: 4, depthSize: 'small' }, tie('leaf'), tie('table'), tie('struct')),
  leaf: fc
    .option(fc.nat(5), { nil: undefined })
    .map((count) =>
      count === undefined
        ? { region: word, names: [''] }
        : { region: words(count), names: Array.from({ length: count }, (_, at) => `[${at}]`) },
    ),
  table: fc.tuple(tie('expected'), fc.nat(4)).map(([element, count]) => ({
    region: table(element.region, count),
    names: Array.from({ length: count }, (_, at) => element.names.map((inner) => `[${at}]${inner}`)).flat(),
  })),
  struct: fc.uniqueArray(fc.tuple(name, tie('expected')), { selector: ([key]) => key, maxLength: 4 }).map((fields) => {
    const record = Object.fromEntries(fields)
    return {
      region: struct(Object.fromEntries(Object.entries(record).map(([key, field]) => [key, field.region]))),
      names: Object.entries(record).flatMap(([key, field]) => field.names.map((inner) => `.${key}${inner}`)),
    }
  }),
}))

describe('in any layout', () => {
  test('every word has the expected name', () => {
    fc.assert(
      fc.property(expected, ({ region, names }) => {
        expect(Array.from({ length: region.words }, (_, at) => region.suffix(at))).toEqual(names)
      }),
    )
  })

  test('no two words have the same name', () => {
    fc.assert(
      fc.property(expected, ({ region }) => {
        const whole = struct({ whole: region })
        const names = new Set(Array.from({ length: region.words }, (_, at) => whole.nameOf(at)))
        expect(names.size).toBe(region.words)
      }),
    )
  })

  test('each field begins where the one before it ended', () => {
    fc.assert(
      fc.property(fc.array(expected), (some) => {
        const fields = Object.fromEntries(some.map(({ region }, index) => [`field${index}`, region]))
        const whole = struct(fields)
        let end = 0
        for (const [key, region] of Object.entries(fields)) {
          expect(whole.at[key]).toBe(end)
          expect(whole.fields[key]).toBe(region)
          end += region.words
        }
        expect(whole.words).toBe(end)
      }),
    )
  })

  test('each element begins where the one before it ended', () => {
    fc.assert(
      fc.property(expected, fc.nat(10), ({ region }, count) => {
        const whole = table(region, count)
        expect([whole.count, whole.words, whole.element]).toEqual([count, count * region.words, region])
        for (let index = 0; index < count; index++) expect(whole.at(index)).toBe(index * region.words)
      }),
    )
  })

  test('the offsets lead to every word of the region, and to no other', () => {
    fc.assert(
      fc.property(expected, ({ region }) => {
        expect([...leaves(region, 0)]).toEqual([...Array(region.words).keys()])
      }),
    )
  })

  test('padding to whole lines adds less than a line, and the words keep their names', () => {
    fc.assert(
      fc.property(expected, ({ region, names }) => {
        const padded = lines(region)
        expect(padded.words % LINE).toBe(0)
        expect(padded.words - region.words).toBeGreaterThanOrEqual(0)
        expect(padded.words - region.words).toBeLessThan(LINE)
        expect(names.map((_, at) => padded.suffix(at))).toEqual(names)
        expect(lines(padded).words).toBe(padded.words)
      }),
    )
  })

  test('elements that are padded to whole lines share no line', () => {
    fc.assert(
      fc.property(expected, fc.nat(5), ({ region }, count) => {
        const whole = struct({ head: lines(word), records: table(lines(region), count) })
        for (let index = 0; index < count; index++) {
          expect((whole.at.records + whole.fields.records.at(index)) % LINE).toBe(0)
        }
      }),
    )
  })
})

test('a word outside a layout is named by its number', () => {
  const pair = struct({ left: word, right: word })
  expect(pair.nameOf(2)).toBe('word 2')
  expect(pair.nameOf(-1)).toBe('word -1')
})

test('a nested name reads as the path that leads to the word', () => {
  const record = lines(struct({ version: word, key: words(3) }))
  const whole = struct({ header: lines(struct({ size: word })), session: table(record, 4) })
  // The header takes 16 words and each record 16, so the key of the fourth record begins at 16 + 3 × 16 + 1.
  expect(whole.nameOf(0)).toBe('header.size')
  expect(whole.nameOf(64)).toBe('session[3].version')
  expect(whole.nameOf(67)).toBe('session[3].key[2]')
  expect(whole.words).toBe(80)
})

/** Yields the words of a region that its offsets lead to. */
function* leaves(region: Region, at: number): Iterable<number> {
  if ('fields' in region) {
    const { fields, at: starts } = region as Struct<Record<string, Region>>
    for (const [key, field] of Object.entries(fields)) yield* leaves(field, at + starts[key]!)
  } else if ('element' in region) {
    const { element, count, at: start } = region as Table<Region>
    for (let index = 0; index < count; index++) yield* leaves(element, at + start(index))
  } else {
    for (let index = 0; index < region.words; index++) yield at + index
  }
}
