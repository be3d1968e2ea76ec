import type { Level } from '../level.ts'

export const message: Level = {
  id: 'message',
  title: 'Message',
  story:
    'The sender sets a flag, and the receiver reads the message if the flag is set. It must never read an empty message, 0.',
  code: `const READY = 0
const TEXT = 1

const sender = (words: Int32Array) => {
  Atomics.store(words, READY, 1)
  Atomics.store(words, TEXT, 42)
}

const receiver = (words: Int32Array) => {
  if (Atomics.load(words, READY) === 0) return 'nothing yet'
  return Atomics.load(words, TEXT)
}

export default {
  name: 'a message and its flag',
  memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: { sender, receiver },
  observe: (_: Int32Array, { receiver }: { receiver: unknown }) => receiver,
  outcomes: { 'nothing yet': 'acceptable', 42: 'acceptable', 0: ['forbidden', 'the receiver read an empty message'] },
  names: (words: Int32Array) => ({ ready: [words, READY], text: [words, TEXT] }),
}
`,
  best: 1,
  lesson:
    'The flag said that the message was there before it was. A reader of a flag can rely on what was written before the flag, and on nothing else.',
  fix: {
    story: 'The message is written first, and the flag last.',
    code: `const READY = 0
const TEXT = 1

const sender = (words: Int32Array) => {
  Atomics.store(words, TEXT, 42)
  Atomics.store(words, READY, 1)
}

const receiver = (words: Int32Array) => {
  if (Atomics.load(words, READY) === 0) return 'nothing yet'
  return Atomics.load(words, TEXT)
}

export default {
  name: 'a message, then its flag',
  memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: { sender, receiver },
  observe: (_: Int32Array, { receiver }: { receiver: unknown }) => receiver,
  outcomes: { 'nothing yet': 'acceptable', 42: 'acceptable', 0: ['forbidden', 'the receiver read an empty message'] },
  names: (words: Int32Array) => ({ ready: [words, READY], text: [words, TEXT] }),
}
`,
    lesson:
      'Publish last. JavaScript’s atomics keep the order of the program, so a reader that sees the flag sees the message.',
  },
}
