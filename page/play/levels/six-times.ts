import type { Level } from '../level.ts'

export const sixTimes: Level = {
  id: 'six-times',
  title: 'Six increments',
  story:
    'Two actors add one three times each. Updates get lost, that is known by now. But can of six increments only two remain? Everything above 2 passes.',
  code: `const COUNT = 0

const increments = (words: Int32Array) => {
  for (let round = 0; round < 3; round++) {
    const seen = Atomics.load(words, COUNT)
    Atomics.store(words, COUNT, seen + 1)
  }
}

export default {
  name: 'three increments each',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: increments, bob: increments },
  observe: (words: Int32Array) => Atomics.load(words, COUNT) > 2,
  outcomes: { true: 'acceptable', false: ['forbidden', 'of six increments only two remain'] },
  names: (words: Int32Array) => ({ count: [words, COUNT] }),
}
`,
  best: 4,
  lesson:
    'An old value that one actor keeps can undo all that the other has done in the meantime, and the other can do the same to it. How much is lost depends on how long a value is kept, not on how often the actors meet.',
  fix: {
    story: 'Atomics.add keeps no value between reading and writing.',
    code: `const COUNT = 0

const increments = (words: Int32Array) => {
  for (let round = 0; round < 3; round++) {
    Atomics.add(words, COUNT, 1)
  }
}

export default {
  name: 'three increments each, in one step each',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: increments, bob: increments },
  observe: (words: Int32Array) => Atomics.load(words, COUNT) === 6,
  outcomes: { true: 'acceptable', false: ['forbidden', 'an increment was lost'] },
  names: (words: Int32Array) => ({ count: [words, COUNT] }),
}
`,
    lesson: 'All six remain, in every order. Here not even one may be lost.',
  },
}
