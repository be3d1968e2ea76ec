/** Two increments: each actor reads a counter and writes it back, one larger. Both may read the same value. */
import { scenario } from 'racelab/explore'

const COUNT = 0

function increment(words: Int32Array) {
  const count = Atomics.load(words, COUNT)
  Atomics.store(words, COUNT, count + 1)
}

export default scenario({
  name: 'two increments',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: increment, bob: increment },
  observe: (words) => words[COUNT],
  outcomes: { 2: 'acceptable', 1: ['forbidden', 'one increment is lost'] },
  names: (words) => ({ count: [words, COUNT] }),
})
