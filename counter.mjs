export default {
  name: 'counter',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: (words) => Atomics.add(words, 0, 1), bob: (words) => Atomics.add(words, 0, 1) },
  observe: (words) => words[0],
  outcomes: { 2: 'acceptable' },
}
