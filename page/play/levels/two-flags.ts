import type { Level } from '../level.ts'

export const twoFlags: Level = {
  id: 'two-flags',
  title: 'Two flags',
  story:
    'Each actor has a flag that says "I want to go in". An actor goes in if the other’s flag is down. Both must never go in.',
  code: `const enter = (words: Int32Array, mine: number, other: number) => {
  const isTaken = Atomics.load(words, other) === 1
  Atomics.store(words, mine, 1)
  return isTaken ? 'stays out' : 'goes in'
}

const alice = (words: Int32Array) => enter(words, 0, 1)

const bob = (words: Int32Array) => enter(words, 1, 0)

export default {
  name: 'look, then raise the flag',
  memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: { alice, bob },
  outcomes: {
    '{"alice":"goes in","bob":"stays out"}': 'acceptable',
    '{"alice":"stays out","bob":"goes in"}': 'acceptable',
    '{"alice":"stays out","bob":"stays out"}': 'acceptable',
    '{"alice":"goes in","bob":"goes in"}': ['forbidden', 'both went in'],
  },
  names: (words: Int32Array) => ({ 'alice wants in': [words, 0], 'bob wants in': [words, 1] }),
}
`,
  best: 1,
  lesson:
    'Each actor looked before the other had raised its flag. While an actor has looked and not yet raised its own, the other cannot see what it is about to do.',
  fix: {
    story: 'Each actor raises its own flag first, and looks at the other’s afterwards.',
    code: `const enter = (words: Int32Array, mine: number, other: number) => {
  Atomics.store(words, mine, 1)
  const isTaken = Atomics.load(words, other) === 1
  return isTaken ? 'stays out' : 'goes in'
}

const alice = (words: Int32Array) => enter(words, 0, 1)

const bob = (words: Int32Array) => enter(words, 1, 0)

export default {
  name: 'raise the flag, then look',
  memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: { alice, bob },
  outcomes: {
    '{"alice":"goes in","bob":"stays out"}': 'acceptable',
    '{"alice":"stays out","bob":"goes in"}': 'acceptable',
    '{"alice":"stays out","bob":"stays out"}': 'acceptable',
    '{"alice":"goes in","bob":"goes in"}': ['forbidden', 'both went in'],
  },
  names: (words: Int32Array) => ({ 'alice wants in': [words, 0], 'bob wants in': [words, 1] }),
}
`,
    lesson:
      'Of two actors that raise their flags before they look, the later one sees the flag of the earlier. Both may stay out, which is why T. J. Dekker’s and G. L. Peterson’s algorithms add a word for whose turn it is.',
  },
}
