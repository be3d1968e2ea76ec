import type { Level } from '../level.ts'

export const foreignUnlock: Level = {
  id: 'foreign-unlock',
  title: 'A lock that is not yours',
  story:
    'An actor tries the lock, goes in if it got it, and unlocks at the end. Bob comes twice. Two must never be inside at the same time.',
  code: `const LOCK = 0, INSIDE = 1

const visit = (words: Int32Array) => {
  let inside = 0
  if (Atomics.compareExchange(words, LOCK, 0, 1) === 0) {
    inside = Atomics.add(words, INSIDE, 1) + 1
    Atomics.sub(words, INSIDE, 1)
  }
  Atomics.store(words, LOCK, 0)
  return inside
}

const alice = (words: Int32Array) => visit(words)

const bob = (words: Int32Array) => Math.max(visit(words), visit(words))

export default {
  name: 'unlock in any case',
  memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: { alice, bob },
  observe: (_: Int32Array, { alice, bob }: { alice: number; bob: number }) => Math.max(alice, bob),
  outcomes: { 1: 'acceptable', 2: ['forbidden', 'both were inside at the same time'] },
  names: (words: Int32Array) => ({ lock: [words, LOCK], inside: [words, INSIDE] }),
}
`,
  best: 1,
  lesson:
    'An actor that did not get the lock unlocked it all the same, and so let itself in. A finally block that unlocks must not enclose the attempt to lock.',
  fix: {
    story: 'Only the actor that got the lock unlocks it.',
    code: `const LOCK = 0, INSIDE = 1

const visit = (words: Int32Array) => {
  let inside = 0
  if (Atomics.compareExchange(words, LOCK, 0, 1) === 0) {
    inside = Atomics.add(words, INSIDE, 1) + 1
    Atomics.sub(words, INSIDE, 1)
    Atomics.store(words, LOCK, 0)
  }
  return inside
}

const alice = (words: Int32Array) => visit(words)

const bob = (words: Int32Array) => Math.max(visit(words), visit(words))

export default {
  name: 'unlock what you have locked',
  memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: { alice, bob },
  observe: (_: Int32Array, { alice, bob }: { alice: number; bob: number }) => Math.max(alice, bob),
  outcomes: { 1: 'acceptable', 2: ['forbidden', 'both were inside at the same time'] },
  names: (words: Int32Array) => ({ lock: [words, LOCK], inside: [words, INSIDE] }),
}
`,
    lesson: 'The word goes back to 0 only by the hand that set it to 1. That is the first invariant of every lock.',
  },
}
