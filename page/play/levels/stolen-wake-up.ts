import type { Level } from '../level.ts'

export const stolenWakeUp: Level = {
  id: 'stolen-wake-up',
  title: 'Stolen wake-up',
  story:
    'Two actors take an item each, and sleep while there is none. A third puts two. An actor that takes must find at least one item there.',
  code: `const ITEMS = 0

const take = (words: Int32Array) => {
  if (Atomics.load(words, ITEMS) === 0) Atomics.wait(words, ITEMS, 0)
  return Atomics.sub(words, ITEMS, 1)
}

const putTwo = (words: Int32Array) => {
  for (let put = 0; put < 2; put++) {
    Atomics.add(words, ITEMS, 1)
    Atomics.notify(words, ITEMS, 1)
  }
}

export default {
  name: 'woken, and too late',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: take, bob: take, carol: putTwo },
  observe: (_: Int32Array, { alice, bob }: { alice: number; bob: number }) => alice > 0 && bob > 0,
  outcomes: { true: 'acceptable', false: ['forbidden', 'an actor took an item where there was none'] },
  names: (words: Int32Array) => ({ items: [words, ITEMS] }),
}
`,
  best: 1,
  lesson:
    'To be woken means that there was an item, not that there still is one. Between the notify and the next step of the sleeper, an actor that never slept can take it.',
  fix: {
    story: 'A woken actor looks again, and takes with compareExchange, so that what it saw is what it takes.',
    code: `const ITEMS = 0

const take = (words: Int32Array) => {
  for (;;) {
    const items = Atomics.load(words, ITEMS)
    if (items === 0) Atomics.wait(words, ITEMS, 0)
    else if (Atomics.compareExchange(words, ITEMS, items, items - 1) === items) return items
  }
}

const putTwo = (words: Int32Array) => {
  for (let put = 0; put < 2; put++) {
    Atomics.add(words, ITEMS, 1)
    Atomics.notify(words, ITEMS, 1)
  }
}

export default {
  name: 'woken, and looking again',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: take, bob: take, carol: putTwo },
  observe: (_: Int32Array, { alice, bob }: { alice: number; bob: number }) => alice > 0 && bob > 0,
  outcomes: { true: 'acceptable', false: ['forbidden', 'an actor took an item where there was none'] },
  names: (words: Int32Array) => ({ items: [words, ITEMS] }),
}
`,
    lesson: 'A wait stands in a loop that checks its reason. An actor that is woken for nothing goes back to sleep.',
  },
}
