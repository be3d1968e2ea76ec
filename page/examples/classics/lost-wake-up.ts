/**
 * A mutex of three states whose unlock loses a wake-up. An actor that finds the lock taken marks it as contended and sleeps. The unlock
 * looks at the state first, and frees the lock after that: an actor that goes to sleep in between is never woken.
 *
 * Try this: take the old state and free the lock in one step, with Atomics.exchange.
 */
import { scenario } from 'racelab/explore'

const LOCK = 0
const [UNLOCKED, LOCKED, CONTENDED] = [0, 1, 2]

function lock(words: Int32Array) {
  if (Atomics.compareExchange(words, LOCK, UNLOCKED, LOCKED) === UNLOCKED) return
  while (Atomics.exchange(words, LOCK, CONTENDED) !== UNLOCKED) Atomics.wait(words, LOCK, CONTENDED)
}

function unlock(words: Int32Array) {
  const isContended = Atomics.load(words, LOCK) === CONTENDED
  Atomics.store(words, LOCK, UNLOCKED)
  if (isContended) Atomics.notify(words, LOCK, 1)
}

function visit(words: Int32Array) {
  lock(words)
  unlock(words)
}

export default scenario({
  name: 'a lost wake-up',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: visit, bob: visit },
  names: (words) => ({ lock: [words, LOCK] }),
})
