import type { Level } from '../level.ts'

export const semaphore: Level = {
  id: 'semaphore',
  title: 'Room for two',
  story:
    'There are two permits and three actors. An actor takes a permit, goes in, comes out and gives it back. Three must never be inside at the same time.',
  code: `const PERMITS = 0, INSIDE = 1

const visit = (words: Int32Array) => {
  const permits = Atomics.load(words, PERMITS)
  if (permits === 0) return 0
  Atomics.store(words, PERMITS, permits - 1)
  const inside = Atomics.add(words, INSIDE, 1) + 1
  Atomics.sub(words, INSIDE, 1)
  Atomics.add(words, PERMITS, 1)
  return inside
}

export default {
  name: 'two permits',
  memory: () => {
    const words = new Int32Array(new SharedArrayBuffer(8))
    words[PERMITS] = 2
    return words
  },
  actors: { alice: visit, bob: visit, carol: visit },
  observe: (_: Int32Array, results: Record<string, number>) => Math.max(...Object.values(results)) < 3,
  outcomes: { true: 'acceptable', false: ['forbidden', 'three were inside at the same time'] },
  names: (words: Int32Array) => ({ permits: [words, PERMITS], inside: [words, INSIDE] }),
}
`,
  best: 3,
  lesson:
    'Two actors took the same permit, because looking and taking were two steps. To see the harm, the others must be caught inside: a race may need several switches, and tests that run by chance rarely make them.',
  fix: {
    story:
      'An actor takes a permit first, and looks at what Atomics.sub found. If there was none, it gives back what it took and leaves.',
    code: `const PERMITS = 0, INSIDE = 1

const visit = (words: Int32Array) => {
  const found = Atomics.sub(words, PERMITS, 1)
  let inside = 0
  if (found > 0) {
    inside = Atomics.add(words, INSIDE, 1) + 1
    Atomics.sub(words, INSIDE, 1)
  }
  Atomics.add(words, PERMITS, 1)
  return inside
}

export default {
  name: 'two permits, taken in one step',
  memory: () => {
    const words = new Int32Array(new SharedArrayBuffer(8))
    words[PERMITS] = 2
    return words
  },
  actors: { alice: visit, bob: visit, carol: visit },
  observe: (_: Int32Array, results: Record<string, number>) => Math.max(...Object.values(results)) < 3,
  outcomes: { true: 'acceptable', false: ['forbidden', 'three were inside at the same time'] },
  names: (words: Int32Array) => ({ permits: [words, PERMITS], inside: [words, INSIDE] }),
}
`,
    lesson:
      'Each subtraction finds another number, and only two of them find more than 0. An actor may be turned away for a moment without need, but never let in.',
  },
}
