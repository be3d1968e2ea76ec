/**
 * Message passing with a plain flag: the writer fills in the data and raises the flag. In every interleaving the reader that sees the flag
 * sees the data. But the flag is a plain word, so nothing orders the two writes for another thread: a data race.
 *
 * Try this: raise the flag with Atomics.store, and read it with Atomics.load.
 */
import { scenario } from 'racelab/explore'

const [DATA, FLAG] = [0, 1]

export default scenario({
  name: 'a message behind a plain flag',
  memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: {
    writer(words) {
      words[DATA] = 42
      words[FLAG] = 1
    },
    reader: (words) => (words[FLAG] === 1 ? words[DATA] : 'nothing yet'),
  },
  observe: (_, { reader }) => reader,
  outcomes: { 42: 'acceptable', 'nothing yet': 'acceptable' },
  names: (words) => ({ data: [words, DATA], flag: [words, FLAG] }),
})
