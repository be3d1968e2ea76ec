import type { Level } from '../level.ts'

export const lostUpdate: Level = {
  id: 'lost-update',
  title: 'Lost update',
  story: 'Two actors add one to the same count. Afterwards the count must be 2.',
  code: `const COUNT = 0

const increment = (words: Int32Array) => {
  const seen = Atomics.load(words, COUNT)
  Atomics.store(words, COUNT, seen + 1)
}

export default {
  name: 'two increments',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: increment, bob: increment },
  observe: (words: Int32Array) => Atomics.load(words, COUNT),
  outcomes: { 2: 'acceptable', 1: ['forbidden', 'two increments were made, and the count is 1'] },
  names: (words: Int32Array) => ({ count: [words, COUNT] }),
}
`,
  best: 1,
  lesson:
    'Each access is atomic, but the increment is two accesses, and another actor can come between them. What was read may be old by the time it is written back.',
  fix: {
    story: 'Atomics.add reads, adds and writes in one step.',
    code: `const COUNT = 0

const increment = (words: Int32Array) => {
  Atomics.add(words, COUNT, 1)
}

export default {
  name: 'two increments in one step each',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: increment, bob: increment },
  observe: (words: Int32Array) => Atomics.load(words, COUNT),
  outcomes: { 2: 'acceptable', 1: ['forbidden', 'two increments were made, and the count is 1'] },
  names: (words: Int32Array) => ({ count: [words, COUNT] }),
}
`,
    lesson: 'No step of another actor fits inside one step. The second actor adds to what the first has written.',
  },
}
