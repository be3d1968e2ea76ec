import type { Level } from '../level.ts'

export const phantomSession: Level = {
  id: 'phantom-session',
  title: 'Phantom session',
  story:
    'A delete takes a session from the store, from the count of active ones, and puts it in line for clean-up. Meanwhile the limiter reads all three. It must find the session active, or waiting for clean-up.',
  code: `const STORED = 0, ACTIVE = 1, QUEUED = 2

const deleter = (words: Int32Array) => {
  if (Atomics.exchange(words, STORED, 0) === 0) return
  Atomics.sub(words, ACTIVE, 1)
  Atomics.add(words, QUEUED, 1)
}

const limiter = (words: Int32Array) => {
  const stored = Atomics.load(words, STORED)
  const active = Atomics.load(words, ACTIVE)
  const queued = Atomics.load(words, QUEUED)
  return \`stored \${stored}, active \${active}, queued \${queued}\`
}

export default {
  name: 'one fact in three words',
  memory: () => {
    const words = new Int32Array(new SharedArrayBuffer(12))
    words.set([1, 1, 0])
    return words
  },
  actors: { deleter, limiter },
  observe: (_: Int32Array, { limiter }: { limiter: string }) =>
    ['stored 1, active 1, queued 0', 'stored 0, active 0, queued 1'].includes(limiter),
  outcomes: { true: 'acceptable', false: ['forbidden', 'the limiter found a session that is half there'] },
  names: (words: Int32Array) => ({ stored: [words, STORED], active: [words, ACTIVE], queued: [words, QUEUED] }),
}
`,
  best: 1,
  lesson:
    'Three words stored one fact, and each step kept its own word right. Between the steps the session was neither there nor gone.',
  fix: {
    story: 'The session has one word for its state; whether it is stored, active or waiting follows from that.',
    code: `const STATE = 0
const ACTIVE = 1, DELETED = 2

const deleter = (words: Int32Array) => {
  Atomics.compareExchange(words, STATE, ACTIVE, DELETED)
}

const limiter = (words: Int32Array) => {
  const state = Atomics.load(words, STATE)
  const [stored, active, queued] = [state === ACTIVE, state === ACTIVE, state === DELETED].map(Number)
  return \`stored \${stored}, active \${active}, queued \${queued}\`
}

export default {
  name: 'one fact in one word',
  memory: () => {
    const words = new Int32Array(new SharedArrayBuffer(4))
    words[STATE] = ACTIVE
    return words
  },
  actors: { deleter, limiter },
  observe: (_: Int32Array, { limiter }: { limiter: string }) =>
    ['stored 1, active 1, queued 0', 'stored 0, active 0, queued 1'].includes(limiter),
  outcomes: { true: 'acceptable', false: ['forbidden', 'the limiter found a session that is half there'] },
  names: (words: Int32Array) => ({ state: [words, STATE] }),
}
`,
    lesson:
      'A fact that is stored once cannot disagree with itself. And the deleter can die at any moment without leaving the session in between.',
  },
}
