/**
 * Peterson's algorithm: a lock of three words, without any instruction but load and store. An actor says that it is here, gives way, and
 * enters unless the other is here and has the turn. Here an actor that cannot enter goes away, so that no loop waits.
 *
 * Try this: give way first, and only then say that you are here.
 */
import { scenario } from 'racelab/explore'

const [TURN, ALICE, BOB, INSIDE] = [0, 1, 2, 3]

function visit(words: Int32Array, me: number, other: number) {
  Atomics.store(words, me, 1)
  Atomics.store(words, TURN, other)
  const mustStayOut = Atomics.load(words, other) === 1 && Atomics.load(words, TURN) === other
  if (mustStayOut) return 'stayed out'
  const others = Atomics.add(words, INSIDE, 1)
  Atomics.sub(words, INSIDE, 1)
  Atomics.store(words, me, 0)
  return others === 0 ? 'alone' : 'together'
}

export default scenario({
  name: 'Peterson’s lock',
  memory: () => new Int32Array(new SharedArrayBuffer(16)),
  actors: {
    alice: (words) => visit(words, ALICE, BOB),
    bob: (words) => visit(words, BOB, ALICE),
  },
  invariant: (_, { alice, bob }) => alice !== 'together' && bob !== 'together',
  names: (words) => ({
    turn: [words, TURN],
    'alice is here': [words, ALICE],
    'bob is here': [words, BOB],
    inside: [words, INSIDE],
  }),
})
