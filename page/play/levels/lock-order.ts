import type { Level } from '../level.ts'

export const lockOrder: Level = {
  id: 'lock-order',
  title: 'Lock order',
  story:
    'A transfer locks the account that it takes from, then the one that it gives to. Alice transfers from left to right, bob from right to left. Both must come to an end.',
  code: `const LEFT = 0, RIGHT = 1

const lock = (words: Int32Array, at: number) => {
  while (Atomics.compareExchange(words, at, 0, 1) !== 0) Atomics.wait(words, at, 1)
}

const unlock = (words: Int32Array, at: number) => {
  Atomics.store(words, at, 0)
  Atomics.notify(words, at)
}

const transfer = (words: Int32Array, from: number, to: number) => {
  lock(words, from)
  lock(words, to)
  unlock(words, to)
  unlock(words, from)
}

const alice = (words: Int32Array) => transfer(words, LEFT, RIGHT)

const bob = (words: Int32Array) => transfer(words, RIGHT, LEFT)

export default {
  name: 'two accounts',
  memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: { alice, bob },
  names: (words: Int32Array) => ({ left: [words, LEFT], right: [words, RIGHT] }),
}
`,
  best: 1,
  lesson:
    'Each holds what the other waits for, and a sleeper gives nothing back. Two locks that are taken in different orders deadlock sooner or later.',
  fix: {
    story: 'Both lock the left account first, whichever way the money goes.',
    code: `const LEFT = 0, RIGHT = 1

const lock = (words: Int32Array, at: number) => {
  while (Atomics.compareExchange(words, at, 0, 1) !== 0) Atomics.wait(words, at, 1)
}

const unlock = (words: Int32Array, at: number) => {
  Atomics.store(words, at, 0)
  Atomics.notify(words, at)
}

const transfer = (words: Int32Array, from: number, to: number) => {
  lock(words, Math.min(from, to))
  lock(words, Math.max(from, to))
  unlock(words, to)
  unlock(words, from)
}

const alice = (words: Int32Array) => transfer(words, LEFT, RIGHT)

const bob = (words: Int32Array) => transfer(words, RIGHT, LEFT)

export default {
  name: 'two accounts, one order',
  memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: { alice, bob },
  names: (words: Int32Array) => ({ left: [words, LEFT], right: [words, RIGHT] }),
}
`,
    lesson:
      'With one order for all, the actor that holds the last lock waits for nothing, so it ends and gives way. Any order will do, as long as it is the same everywhere.',
  },
}
