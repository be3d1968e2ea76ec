import type { Level } from '../level.ts'

export const peterson: Level = {
  id: 'peterson',
  title: 'Peterson, two lines swapped',
  story:
    'G. L. Peterson’s lock for two: an actor gives the turn to the other, raises its flag, and goes in if the other’s flag is down or the turn is its own. Otherwise it would wait; here it gives up. Two must never be inside at the same time.',
  code: `const TURN = 0, INSIDE = 3

const visit = (words: Int32Array, me: number, other: number) => {
  Atomics.store(words, TURN, other)
  Atomics.store(words, me, 1)
  const isThere = Atomics.load(words, other) === 1
  if (isThere && Atomics.load(words, TURN) === other) return 0
  const inside = Atomics.add(words, INSIDE, 1) + 1
  Atomics.sub(words, INSIDE, 1)
  Atomics.store(words, me, 0)
  return inside
}

const alice = (words: Int32Array) => visit(words, 1, 2)

const bob = (words: Int32Array) => visit(words, 2, 1)

export default {
  name: 'the turn, then the flag',
  memory: () => new Int32Array(new SharedArrayBuffer(16)),
  actors: { alice, bob },
  observe: (_: Int32Array, results: { alice: number; bob: number }) => Math.max(results.alice, results.bob),
  outcomes: { 0: 'acceptable', 1: 'acceptable', 2: ['forbidden', 'both were inside at the same time'] },
  names: (words: Int32Array) => ({ turn: [words, 0], 'alice is here': [words, 1], 'bob is here': [words, 2], inside: [words, 3] }),
}
`,
  best: 2,
  lesson:
    'An actor that has given the turn away but not yet raised its flag cannot be seen. The other goes in, and has itself given the turn back by then.',
  fix: {
    story: 'The flag is raised first, and the turn given afterwards, as Peterson wrote it.',
    code: `const TURN = 0, INSIDE = 3

const visit = (words: Int32Array, me: number, other: number) => {
  Atomics.store(words, me, 1)
  Atomics.store(words, TURN, other)
  const isThere = Atomics.load(words, other) === 1
  if (isThere && Atomics.load(words, TURN) === other) return 0
  const inside = Atomics.add(words, INSIDE, 1) + 1
  Atomics.sub(words, INSIDE, 1)
  Atomics.store(words, me, 0)
  return inside
}

const alice = (words: Int32Array) => visit(words, 1, 2)

const bob = (words: Int32Array) => visit(words, 2, 1)

export default {
  name: 'the flag, then the turn',
  memory: () => new Int32Array(new SharedArrayBuffer(16)),
  actors: { alice, bob },
  observe: (_: Int32Array, results: { alice: number; bob: number }) => Math.max(results.alice, results.bob),
  outcomes: { 0: 'acceptable', 1: 'acceptable', 2: ['forbidden', 'both were inside at the same time'] },
  names: (words: Int32Array) => ({ turn: [words, 0], 'alice is here': [words, 1], 'bob is here': [words, 2], inside: [words, 3] }),
}
`,
    lesson:
      'If both flags are up, the turn names one of them, and the actor that gave it last stays out. The order of two stores is the whole proof.',
  },
}
