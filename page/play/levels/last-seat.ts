import type { Level } from '../level.ts'

export const lastSeat: Level = {
  id: 'last-seat',
  title: 'The last seat',
  story:
    'One seat is left. Each actor looks whether it is free, and takes it if so. Only one may be told that it is theirs.',
  code: `const SEAT = 0
const FREE = 0

const book = (words: Int32Array, me: number) => {
  if (Atomics.load(words, SEAT) !== FREE) return 'sorry'
  Atomics.store(words, SEAT, me)
  return 'booked'
}

const alice = (words: Int32Array) => book(words, 1)

const bob = (words: Int32Array) => book(words, 2)

export default {
  name: 'the last seat',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice, bob },
  outcomes: {
    '{"alice":"booked","bob":"sorry"}': 'acceptable',
    '{"alice":"sorry","bob":"booked"}': 'acceptable',
    '{"alice":"booked","bob":"booked"}': ['forbidden', 'one seat was sold twice'],
  },
  names: (words: Int32Array) => ({ seat: [words, SEAT] }),
}
`,
  best: 1,
  lesson:
    'The check was true when it was made, and not when it was acted upon. A check and the act that relies on it must be one step.',
  fix: {
    story: 'compareExchange takes the seat only if it is free, and returns what it found there.',
    code: `const SEAT = 0
const FREE = 0

const book = (words: Int32Array, me: number) => {
  const found = Atomics.compareExchange(words, SEAT, FREE, me)
  return found === FREE ? 'booked' : 'sorry'
}

const alice = (words: Int32Array) => book(words, 1)

const bob = (words: Int32Array) => book(words, 2)

export default {
  name: 'the last seat, checked and taken in one step',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice, bob },
  outcomes: {
    '{"alice":"booked","bob":"sorry"}': 'acceptable',
    '{"alice":"sorry","bob":"booked"}': 'acceptable',
    '{"alice":"booked","bob":"booked"}': ['forbidden', 'one seat was sold twice'],
  },
  names: (words: Int32Array) => ({ seat: [words, SEAT] }),
}
`,
    lesson:
      'The word itself decides who was first. The second actor finds it taken, and nothing can come between look and take.',
  },
}
