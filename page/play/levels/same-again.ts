import type { Level } from '../level.ts'

export const sameAgain: Level = {
  id: 'same-again',
  title: 'The same, and yet not',
  story:
    'A lock-free stack: node 1 lies on node 2, and words[n] is the node under node n. Alice pops one node. Bob pops two, keeps the second, and pushes the first again. The node that bob keeps must not be on the stack.',
  code: `const TOP = 0

const pop = (words: Int32Array) => {
  const top = Atomics.load(words, TOP)
  if (top === 0) return 0
  const under = Atomics.load(words, top)
  return Atomics.compareExchange(words, TOP, top, under) === top ? top : 0
}

const push = (words: Int32Array, node: number) => {
  const top = Atomics.load(words, TOP)
  Atomics.store(words, node, top)
  Atomics.compareExchange(words, TOP, top, node)
}

const bob = (words: Int32Array) => {
  const [first, kept] = [pop(words), pop(words)]
  if (kept !== 0) push(words, first)
  return kept
}

export default {
  name: 'a stack of two nodes',
  memory: () => Object.assign(new Int32Array(new SharedArrayBuffer(12)), [1, 2, 0]),
  actors: { alice: pop, bob },
  observe: (words: Int32Array, { bob }: { bob: number }) => bob === 0 || bob !== words[TOP],
  outcomes: { true: 'acceptable', false: ['forbidden', 'bob keeps a node that is on the stack'] },
  names: (words: Int32Array) => ({ top: [words, 0], 'under node 1': [words, 1], 'under node 2': [words, 2] }),
}
`,
  best: 1,
  lesson:
    'compareExchange sees that the top is node 1 again, not that it has been away. Meanwhile what lay under it has changed hands: this is the ABA problem.',
  fix: {
    story:
      'The top holds 10 · pops + node, so that after a pop it never holds the same number again. The rest of the code is the same.',
    code: `const TOP = 0

const pop = (words: Int32Array) => {
  const top = Atomics.load(words, TOP)
  const node = top % 10
  if (node === 0) return 0
  const after = top - node + 10 + Atomics.load(words, node)
  return Atomics.compareExchange(words, TOP, top, after) === top ? node : 0
}

const push = (words: Int32Array, node: number) => {
  const top = Atomics.load(words, TOP)
  Atomics.store(words, node, top % 10)
  Atomics.compareExchange(words, TOP, top, top - (top % 10) + node)
}

const bob = (words: Int32Array) => {
  const [first, kept] = [pop(words), pop(words)]
  if (kept !== 0) push(words, first)
  return kept
}

export default {
  name: 'a stack of two nodes, and a count of pops',
  memory: () => Object.assign(new Int32Array(new SharedArrayBuffer(12)), [1, 2, 0]),
  actors: { alice: pop, bob },
  observe: (words: Int32Array, { bob }: { bob: number }) => bob === 0 || bob !== words[TOP] % 10,
  outcomes: { true: 'acceptable', false: ['forbidden', 'bob keeps a node that is on the stack'] },
  names: (words: Int32Array) => ({ top: [words, 0], 'under node 1': [words, 1], 'under node 2': [words, 2] }),
}
`,
    lesson:
      'Alice’s compareExchange finds another number, and fails. A real stack gives the count as many bits as it can spare, because a count that wraps around is the same again.',
  },
}
