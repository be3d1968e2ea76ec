/**
 * Double-checked initialisation: the first look is free of the lock, the second is under it. Here the second look is missing, so two actors
 * that both find nothing make the value twice.
 *
 * Try this: look again inside of `holding`.
 */
import { scenario } from 'racelab/explore'
import { Mutex } from 'racelab/sync'

const [READY, MADE, LOCK] = [0, 1, 2]

function use(words: Int32Array) {
  if (Atomics.load(words, READY) === 1) return
  new Mutex(words, LOCK).holding(() => {
    Atomics.add(words, MADE, 1)
    Atomics.store(words, READY, 1)
  })
}

export default scenario({
  name: 'initialisation, checked once',
  memory: () => new Int32Array(new SharedArrayBuffer(12)),
  actors: { alice: use, bob: use },
  observe: (words) => words[MADE],
  outcomes: { 1: 'acceptable', 2: ['forbidden', 'the value was made twice'] },
  names: (words) => ({ ready: [words, READY], made: [words, MADE], lock: [words, LOCK] }),
})
