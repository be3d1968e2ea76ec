import type { Level } from '../level.ts'

export const tornIndex: Level = {
  id: 'torn-index',
  title: 'Torn index',
  story:
    'A ring of two slots holds the last two entries; entry n stands in slot n % 2 and has the value n. The position of the newest is kept as two digits, and goes from 09 to 10. The reader must get the entry that it asks for.',
  code: `const TENS = 0, ONES = 1, RING = 2

const writer = (words: Int32Array) => {
  Atomics.store(words, RING + 10 % 2, 10)
  Atomics.store(words, ONES, 0)
  Atomics.store(words, TENS, 1)
}

const reader = (words: Int32Array) => {
  const tens = Atomics.load(words, TENS)
  const ones = Atomics.load(words, ONES)
  const position = 10 * tens + ones
  const entry = Atomics.load(words, RING + position % 2)
  return entry === position
}

export default {
  name: 'a ring with a position of two digits',
  memory: () => {
    const words = new Int32Array(new SharedArrayBuffer(16))
    words.set([0, 9, 8, 9])
    return words
  },
  actors: { writer, reader },
  observe: (_: Int32Array, { reader }: { reader: unknown }) => reader,
  outcomes: { true: 'acceptable', false: ['forbidden', 'the reader got an entry that it did not ask for'] },
  names: (words: Int32Array) => ({ tens: [words, 0], ones: [words, 1], 'slot 0': [words, 2], 'slot 1': [words, 3] }),
}
`,
  best: 1,
  lesson:
    'A number in two words is changed in two steps, so a reader can see half of the old one and half of the new. The mixture is a position that never was.',
  fix: {
    story: 'The position is one word.',
    code: `const POSITION = 0, RING = 1

const writer = (words: Int32Array) => {
  Atomics.store(words, RING + 10 % 2, 10)
  Atomics.store(words, POSITION, 10)
}

const reader = (words: Int32Array) => {
  const position = Atomics.load(words, POSITION)
  const entry = Atomics.load(words, RING + position % 2)
  return entry === position
}

export default {
  name: 'a ring with a position of one word',
  memory: () => {
    const words = new Int32Array(new SharedArrayBuffer(12))
    words.set([9, 8, 9])
    return words
  },
  actors: { writer, reader },
  observe: (_: Int32Array, { reader }: { reader: unknown }) => reader,
  outcomes: { true: 'acceptable', false: ['forbidden', 'the reader got an entry that it did not ask for'] },
  names: (words: Int32Array) => ({ position: [words, 0], 'slot 0': [words, 1], 'slot 1': [words, 2] }),
}
`,
    lesson:
      'One word is read as a whole: 9 or 10, and the slot of each was written before. With a second writer, or a reader that is a whole turn behind, it would not be enough.',
  },
}
