import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TextRun } from '../../src/memory/text-run.ts'
import {
  bytesOf,
  copyIn,
  copyOut,
  decodeText,
  encodeText,
  sameWords,
  textWords,
  wordsAt,
} from '../../src/memory/text.ts'
import { freshWords } from '../threads.ts'

const SENTINEL = -77

const units = (least: number, most: number) =>
  fc.array(fc.integer({ min: least, max: most })).map((codes) => String.fromCharCode(...codes))
const texts = {
  ascii: units(0, 0x7f),
  latin: units(0, 0xff),
  'any UTF-16 units, paired or not': units(0, 0xffff),
  'surrogates, mostly unpaired': units(0xd800, 0xdfff),
  'any code points': fc.string({ unit: 'binary' }),
  graphemes: fc.string({ unit: 'grapheme' }),
  long: fc
    .tuple(fc.string({ unit: 'binary', minLength: 1 }), fc.integer({ min: 1, max: 3000 }))
    .map(([text, times]) => {
      return text.repeat(times).slice(0, 50_000)
    }),
}
const anyText = fc.oneof(...Object.values(texts))

function encoded(text: string, at = 0): Int32Array {
  const words = new Int32Array(at + textWords(text))
  encodeText(words, at, text)
  return words.slice(at)
}

describe.each(Object.entries(texts))('a text of %s', (_, some) => {
  test('comes back exactly', () => {
    fc.assert(
      fc.property(some, fc.nat(20), (text, at) => {
        const words = new Int32Array(at + textWords(text))
        encodeText(words, at, text)
        expect(decodeText(words, at)).toBe(text)
      }),
    )
  })

  test('takes as many words as it says, and no others', () => {
    fc.assert(
      fc.property(some, fc.nat(20), (text, at) => {
        const size = textWords(text)
        const words = new Int32Array(at + size + 5).fill(SENTINEL)
        expect(encodeText(words, at, text)).toBe(size)
        expect(wordsAt(words, at)).toBe(size)
        expect(size).toBe(1 + Math.ceil(bytesOf(text) / 4))
        expect([...words.slice(0, at), ...words.slice(at + size)]).toEqual(
          Array.from({ length: at + 5 }, () => SENTINEL),
        )
      }),
    )
  })
})

test('equal texts have equal words, whatever is encoded or decoded in between', () => {
  fc.assert(
    fc.property(anyText, anyText, (text, between) => {
      const before = encoded(text)
      expect(decodeText(encoded(between), 0)).toBe(between)
      // V8 represents the two strings in different ways: one is flat, the other a concatenation.
      const same = Array.from({ length: text.length }, (_, index) => text[index]).join('')
      expect(encoded(same)).toEqual(before)
    }),
  )
})

test('different texts have different words', () => {
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      const [ones, others] = [encoded(one), encoded(other)]
      const same = ones.length === others.length && ones.every((word, index) => word === others[index])
      expect(same).toBe(one === other)
    }),
  )
})

test('a text and the same text with zero characters appended have different words', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 8 }), (text, zeros) => {
      expect(encoded(text)).not.toEqual(encoded(text + '\0'.repeat(zeros)))
    }),
  )
})

test('the padding of a text holds nothing of an earlier text', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.boolean(), (length, wide) => {
      encoded((wide ? '\uffff' : '\xff').repeat(100))
      const text = (wide ? '\u0100' : '\x01').repeat(length)
      const bytes = new Uint8Array(encoded(text).buffer).slice(4)
      expect(bytes.slice(bytesOf(text)).every((byte) => byte === 0)).toBe(true)
    }),
  )
})

test('the empty text takes one word, which is zero, so fresh words hold it', () => {
  expect([...encoded('')]).toEqual([0])
  expect(decodeText(new Int32Array(1), 0)).toBe('')
  expect(wordsAt(new Int32Array(1), 0)).toBe(1)
})

test('Latin-1 characters take one byte each; one other character makes all take two', () => {
  // A header and 3 words for 9 bytes; a header and 5 words for 20 bytes.
  expect([bytesOf('ÄÖÜäöüßéÿ'), textWords('ÄÖÜäöüßéÿ')]).toEqual([9, 4])
  expect([bytesOf('ÄÖÜäöüßéÿ€'), textWords('ÄÖÜäöüßéÿ€')]).toEqual([20, 6])
})

test('a text of millions of characters comes back', () => {
  const text = 'a€'.repeat(1_500_000)
  expect(decodeText(encoded(text), 0) === text).toBe(true)
})

test('words copied into shared memory come back, and compare as the same until one differs', () => {
  const some = fc.array(fc.integer(), { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(some, fc.nat(10), fc.nat(), fc.integer({ min: 1 }), (values, at, where, change) => {
      const own = Int32Array.from(values)
      const shared = freshWords(at + own.length + 3).fill(SENTINEL)
      copyIn(shared, at, own, own.length)
      expect([...shared.slice(0, at), ...shared.slice(at + own.length)]).toEqual(
        Array.from({ length: at + 3 }, () => SENTINEL),
      )
      const back = new Int32Array(own.length + 2)
      copyOut(back, shared, at, own.length)
      expect([...back]).toEqual([...values, 0, 0])
      expect(sameWords(shared, at, own, own.length)).toBe(true)
      shared[at + (where % own.length)]! ^= change
      expect(sameWords(shared, at, own, own.length)).toBe(false)
      expect(sameWords(shared, at, own, where % own.length)).toBe(true)
    }),
  )
})

test('texts are compared by comparing words', () => {
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      const own = encoded(other)
      const shared = freshWords(Math.max(textWords(one), own.length))
      copyIn(shared, 0, encoded(one), textWords(one))
      expect(sameWords(shared, 0, own, own.length)).toBe(one === other)
    }),
  )
})

/** Texts of all lengths around the words of a page and of the cache, some of them often. */
const lengths = fc.oneof(fc.nat(40), fc.nat(1300), fc.constantFrom(8, 9, 12, 13, 500, 504, 505, 508, 509, 512, 513))
const anyLength = fc
  .tuple(fc.constantFrom('a', 'ÿ', '語'), lengths, fc.nat(9))
  .map(([character, length, last]) => `${character.repeat(length)}${last}`)

/** Encodes the texts one after the other; returns the words, and where each text begins. */
function encodedRun(texts: readonly string[]): { words: Int32Array; starts: number[] } {
  const starts: number[] = []
  let end = 0
  for (const text of texts) {
    starts.push(end)
    end += textWords(text)
  }
  const words = new Int32Array(end)
  texts.forEach((text, index) => encodeText(words, starts[index]!, text))
  return { words, starts }
}

test('texts that are read as a run equal the texts read one by one, long or short, wide or not, in any order', () => {
  const texts = fc.array(fc.oneof(anyText, anyLength), { maxLength: 40, size: 'max' })
  const property = fc.property(texts, texts, fc.infiniteStream(fc.nat()), (all, others, order) => {
    const { words, starts } = encodedRun(all)
    const run = new TextRun(words)
    run.reset(words.length)
    expect(starts.map((start) => run.read(start))).toEqual(all)
    for (const number of order.take(all.length)) {
      const index = number % all.length
      expect(run.read(starts[index]!)).toBe(all[index])
    }
    // The words change, and with them every text.
    const next = encodedRun(others)
    const kept = next.starts.filter((start, index) => start + textWords(others[index]!) <= words.length)
    words.set(next.words.subarray(0, words.length))
    run.reset(words.length)
    expect(kept.map((start) => run.read(start))).toEqual(others.slice(0, kept.length))
  })
  fc.assert(property)
})
