/**
 * ABA on a stack: alice wants to replace the top, A, by what lies under it, B. Meanwhile bob takes A and B, and puts A back. The top is A
 * again, so alice's compareExchange succeeds, and makes B the top, which bob has.
 *
 * Try this: keep a count of changes in the upper bits of the top.
 */
import { scenario } from 'racelab/explore'

const [TOP, A, B, NONE] = [0, 1, 2, 0]

/** Each node's word names the node under it. */
function pop(words: Int32Array): number {
  const top = Atomics.load(words, TOP)
  if (top === NONE) return NONE
  const under = Atomics.load(words, top)
  return Atomics.compareExchange(words, TOP, top, under) === top ? top : NONE
}

function push(words: Int32Array, node: number) {
  const top = Atomics.load(words, TOP)
  Atomics.store(words, node, top)
  Atomics.compareExchange(words, TOP, top, node)
}

export default scenario({
  name: 'ABA on a stack',
  memory() {
    const words = new Int32Array(new SharedArrayBuffer(12))
    words.set([A, B, NONE])
    return words
  },
  actors: {
    alice: pop,
    bob(words) {
      const first = pop(words)
      const second = pop(words)
      if (first === A && second === B) push(words, A)
      return second
    },
  },
  invariant: (words, { bob }) => bob !== B || words[TOP] !== B,
  names: (words) => ({ top: [words, TOP], 'under A': [words, A], 'under B': [words, B] }),
})
