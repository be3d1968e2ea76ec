import type { Level } from '../level.ts'

export const highScore: Level = {
  id: 'high-score',
  title: 'High score',
  story:
    'Each actor has scored, and writes its score if it is higher than the record. The record must end as the highest score, 9.',
  code: `const RECORD = 0

const report = (words: Int32Array, score: number) => {
  if (Atomics.load(words, RECORD) < score) {
    Atomics.store(words, RECORD, score)
  }
}

const alice = (words: Int32Array) => report(words, 7)

const bob = (words: Int32Array) => report(words, 9)

export default {
  name: 'the highest score',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice, bob },
  observe: (words: Int32Array) => Atomics.load(words, RECORD),
  outcomes: { 9: 'acceptable', 7: ['forbidden', 'the record is 7, but 9 was scored'] },
  names: (words: Int32Array) => ({ record: [words, RECORD] }),
}
`,
  best: 1,
  lesson:
    'There is no Atomics.max, and a comparison followed by a store is two steps. A lower score that was compared with an old record overwrites a higher one.',
  fix: {
    story:
      'compareExchange writes only if the record is still the one that was compared. If it is not, the actor compares again; the other actor writes once, so two tries are enough.',
    code: `const RECORD = 0

const report = (words: Int32Array, score: number) => {
  for (let tries = 0; tries < 2; tries++) {
    const seen = Atomics.load(words, RECORD)
    if (seen >= score) return
    if (Atomics.compareExchange(words, RECORD, seen, score) === seen) return
  }
}

const alice = (words: Int32Array) => report(words, 7)

const bob = (words: Int32Array) => report(words, 9)

export default {
  name: 'the highest score, by compareExchange',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice, bob },
  observe: (words: Int32Array) => Atomics.load(words, RECORD),
  outcomes: { 9: 'acceptable', 7: ['forbidden', 'the record is 7, but 9 was scored'] },
  names: (words: Int32Array) => ({ record: [words, RECORD] }),
}
`,
    lesson:
      'Read, compute, compareExchange, and again if it failed: so any function of a word becomes one step. A failed try means that another actor has succeeded.',
  },
}
