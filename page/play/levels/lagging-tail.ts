import type { Level } from '../level.ts'

export const laggingTail: Level = {
  id: 'lagging-tail',
  title: 'The tail that lags',
  story:
    'A queue after M. Michael and M. Scott: a list with an empty first node; the tail is moved after the new node is linked. Alice puts node 2. Bob takes an item if there is one, and puts the node that he got back as a new item. That item must be in the queue.',
  code: `const HEAD = 0, TAIL = 3 // words[1] and words[2] are what comes after node 1 and node 2.

const put = (words: Int32Array, node: number) => {
  Atomics.store(words, node, 0)
  for (let tries = 0, next = 1; tries < 2 && next !== 0; tries++) {
    const last = Atomics.load(words, TAIL)
    next = Atomics.compareExchange(words, last, 0, node)
    Atomics.compareExchange(words, TAIL, last, next === 0 ? node : next)
  }
}

const alice = (words: Int32Array) => put(words, 2)

const bob = (words: Int32Array) => {
  const empty = Atomics.load(words, HEAD)
  const first = Atomics.load(words, empty)
  if (first === 0) return 'found nothing'
  Atomics.store(words, HEAD, first)
  put(words, empty)
}

export default {
  name: 'a queue of two nodes',
  memory: () => Object.assign(new Int32Array(new SharedArrayBuffer(16)), [1, 0, 0, 1]),
  actors: { alice, bob },
  observe: (words: Int32Array, { bob }: { bob: unknown }) => bob === 'found nothing' || words[words[HEAD]] !== 0,
  outcomes: { true: 'acceptable', false: ['forbidden', 'bob has put an item, and the queue is empty'] },
  names: (words: Int32Array) => ({ head: [words, 0], 'after node 1': [words, 1], 'after node 2': [words, 2], tail: [words, 3] }),
}
`,
  best: 1,
  lesson:
    'The tail still pointed to the node that bob had taken out, so he hung the node on itself. The head may never overtake the tail.',
  fix: {
    story: 'Before bob moves the head past a node, he moves the tail on, if alice has not done it yet.',
    code: `const HEAD = 0, TAIL = 3 // words[1] and words[2] are what comes after node 1 and node 2.

const put = (words: Int32Array, node: number) => {
  Atomics.store(words, node, 0)
  for (let tries = 0, next = 1; tries < 2 && next !== 0; tries++) {
    const last = Atomics.load(words, TAIL)
    next = Atomics.compareExchange(words, last, 0, node)
    Atomics.compareExchange(words, TAIL, last, next === 0 ? node : next)
  }
}

const alice = (words: Int32Array) => put(words, 2)

const bob = (words: Int32Array) => {
  const empty = Atomics.load(words, HEAD)
  const first = Atomics.load(words, empty)
  if (first === 0) return 'found nothing'
  Atomics.compareExchange(words, TAIL, empty, first)
  Atomics.store(words, HEAD, first)
  put(words, empty)
}

export default {
  name: 'a queue of two nodes, and a tail that is helped',
  memory: () => Object.assign(new Int32Array(new SharedArrayBuffer(16)), [1, 0, 0, 1]),
  actors: { alice, bob },
  observe: (words: Int32Array, { bob }: { bob: unknown }) => bob === 'found nothing' || words[words[HEAD]] !== 0,
  outcomes: { true: 'acceptable', false: ['forbidden', 'bob has put an item, and the queue is empty'] },
  names: (words: Int32Array) => ({ head: [words, 0], 'after node 1': [words, 1], 'after node 2': [words, 2], tail: [words, 3] }),
}
`,
    lesson:
      'An actor that finds work half done finishes it, instead of waiting for its owner. That is how lock-free structures keep more than one word consistent.',
  },
}
