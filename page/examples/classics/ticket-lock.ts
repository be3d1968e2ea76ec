/**
 * A ticket lock: an actor draws a ticket, and sleeps until its number is served. It is fair: who drew first is served first. The wait names
 * the number that the actor saw, so a change between the look and the sleep is not missed.
 */
import { scenario } from 'racelab/explore'

const [NEXT, SERVED, COUNT] = [0, 1, 2]

function visit(words: Int32Array) {
  const ticket = Atomics.add(words, NEXT, 1)
  const served = Atomics.load(words, SERVED)
  if (served !== ticket) Atomics.wait(words, SERVED, served)
  // Under the lock, so plain accesses are no data race.
  words[COUNT]!++
  Atomics.add(words, SERVED, 1)
  Atomics.notify(words, SERVED)
  return ticket
}

export default scenario({
  name: 'a ticket lock',
  memory: () => new Int32Array(new SharedArrayBuffer(12)),
  actors: { alice: visit, bob: visit },
  observe: (words) => words[COUNT],
  outcomes: { 2: 'acceptable' },
  names: (words) => ({ 'next ticket': [words, NEXT], 'now served': [words, SERVED], count: [words, COUNT] }),
})
