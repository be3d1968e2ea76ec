/**
 * Dining philosophers: each takes the fork to the left, and then the one to the right. If all take the left one first, all wait forever.
 *
 * Try this: let the last one take the forks in the other order.
 */
import { scenario } from 'racelab/explore'
import { Mutex } from 'racelab/sync'

const PHILOSOPHERS = 3

function dine(words: Int32Array, seat: number) {
  const left = new Mutex(words, seat)
  const right = new Mutex(words, (seat + 1) % PHILOSOPHERS)
  left.holding(() => right.holding(() => {}))
}

export default scenario({
  name: 'dining philosophers',
  memory: () => new Int32Array(new SharedArrayBuffer(4 * PHILOSOPHERS)),
  actors: {
    alice: (words) => dine(words, 0),
    bob: (words) => dine(words, 1),
    carol: (words) => dine(words, 2),
  },
  names: (words) => ({ 'fork 0': [words, 0], 'fork 1': [words, 1], 'fork 2': [words, 2] }),
})
