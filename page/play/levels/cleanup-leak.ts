import type { Level } from '../level.ts'

export const cleanupLeak: Level = {
  id: 'cleanup-leak',
  title: 'Cleanup leak',
  story:
    'Deleted sessions wait in a queue until the cleaner drops their rows; each bit is a row. Row 1 waits already, and row 2 is deleted meanwhile. A row must be dropped or waiting, else it stays in the database forever.',
  code: `const QUEUED = 0
const DROPPED = 1

const cleaner = (words: Int32Array) => {
  const due = Atomics.load(words, QUEUED)
  Atomics.or(words, DROPPED, due)
  Atomics.store(words, QUEUED, 0)
}

const deleter = (words: Int32Array) => {
  Atomics.or(words, QUEUED, 0b10)
}

export default {
  name: 'a queue that is emptied',
  memory: () => {
    const words = new Int32Array(new SharedArrayBuffer(8))
    words[QUEUED] = 0b01
    return words
  },
  actors: { cleaner, deleter },
  observe: (words: Int32Array) => (words[QUEUED] | words[DROPPED]) === 0b11,
  outcomes: { true: 'acceptable', false: ['forbidden', 'row 2 is neither dropped nor waiting: it leaks'] },
  names: (words: Int32Array) => ({ queued: [words, QUEUED], dropped: [words, DROPPED] }),
}
`,
  best: 1,
  lesson:
    'The cleaner emptied more than it had looked at. A row that came in between was removed from the queue, and never dropped.',
  fix: {
    story: 'Atomics.exchange takes what waits and leaves 0, in one step.',
    code: `const QUEUED = 0
const DROPPED = 1

const cleaner = (words: Int32Array) => {
  const due = Atomics.exchange(words, QUEUED, 0)
  Atomics.or(words, DROPPED, due)
}

const deleter = (words: Int32Array) => {
  Atomics.or(words, QUEUED, 0b10)
}

export default {
  name: 'a queue that is taken',
  memory: () => {
    const words = new Int32Array(new SharedArrayBuffer(8))
    words[QUEUED] = 0b01
    return words
  },
  actors: { cleaner, deleter },
  observe: (words: Int32Array) => (words[QUEUED] | words[DROPPED]) === 0b11,
  outcomes: { true: 'acceptable', false: ['forbidden', 'row 2 is neither dropped nor waiting: it leaks'] },
  names: (words: Int32Array) => ({ queued: [words, QUEUED], dropped: [words, DROPPED] }),
}
`,
    lesson:
      'What is removed is exactly what is handled, and what comes later waits for the next cycle. If the cleaner can die between the two steps, even this leaks; the lab’s store therefore keeps no queue, but a state in each session.',
  },
}
