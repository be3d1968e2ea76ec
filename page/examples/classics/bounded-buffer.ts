/**
 * A buffer for one item, with a mutex and one condition for both sides. A producer waits while the buffer is full, the consumer while it is
 * empty. `notifyOne` wakes one sleeper, and that may be one of the wrong side, which goes back to sleep.
 *
 * Try this: notifyAll.
 */
import { scenario } from 'racelab/explore'
import { Condition, Mutex } from 'racelab/sync'

const [ITEM, LOCK] = [0, 1]
const CHANGED = LOCK + Mutex.WORDS
const EMPTY = 0

function partsOf(words: Int32Array) {
  return { mutex: new Mutex(words, LOCK), changed: new Condition(words, CHANGED) }
}

function put(words: Int32Array, item: number) {
  const { mutex, changed } = partsOf(words)
  mutex.holding(() => {
    changed.waitUntil(mutex, () => words[ITEM] === EMPTY)
    words[ITEM] = item
    changed.notifyOne()
  })
}

function take(words: Int32Array) {
  const { mutex, changed } = partsOf(words)
  return mutex.holding(() => {
    changed.waitUntil(mutex, () => words[ITEM] !== EMPTY)
    const item = words[ITEM]!
    words[ITEM] = EMPTY
    changed.notifyOne()
    return item
  })
}

export default scenario({
  name: 'a bounded buffer',
  memory: () => new Int32Array(new SharedArrayBuffer(4 * (1 + Mutex.WORDS + Condition.WORDS))),
  actors: {
    alice: (words) => put(words, 1),
    bob: (words) => put(words, 2),
    carol: (words) => take(words),
    dave: (words) => take(words),
  },
  observe: (_, { carol, dave }) => carol + dave,
  outcomes: { 3: 'acceptable' },
  names: (words) => ({ item: [words, ITEM], lock: [words, LOCK] }),
})
