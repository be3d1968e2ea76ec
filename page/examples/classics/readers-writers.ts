/**
 * Readers and writers, after Courtois, Heymans and Parnas: any number of readers, or one writer. The first reader takes the room for
 * all of them, and the last one gives it back. That may be another reader, so the room is a semaphore: a mutex has an owner.
 *
 * Try this: count the readers without the mutex.
 */
import { scenario } from 'racelab/explore'
import { Mutex, Semaphore } from 'racelab/sync'

const [LEFT, RIGHT, READERS, COUNTING] = [0, 1, 2, 3]
const ROOM = COUNTING + Mutex.WORDS

function partsOf(words: Int32Array) {
  return { counting: new Mutex(words, COUNTING), room: new Semaphore(words, ROOM, 1) }
}

function read(words: Int32Array) {
  const { counting, room } = partsOf(words)
  counting.holding(() => {
    if (++words[READERS]! === 1) room.acquire()
  })
  const isWhole = words[LEFT] === words[RIGHT]
  counting.holding(() => {
    if (--words[READERS]! === 0) room.release()
  })
  return isWhole
}

function write(words: Int32Array) {
  const { room } = partsOf(words)
  room.acquire()
  words[LEFT]!++
  words[RIGHT]!++
  room.release()
}

export default scenario({
  name: 'readers and a writer',
  memory: () => new Int32Array(new SharedArrayBuffer(4 * (ROOM + Semaphore.WORDS))),
  actors: { alice: read, bob: read, carol: write },
  observe: (_, { alice, bob }) => [alice, bob],
  outcomes: { '[true,true]': 'acceptable' },
  names: (words) => ({ left: [words, LEFT], right: [words, RIGHT], readers: [words, READERS], room: [words, ROOM] }),
})
