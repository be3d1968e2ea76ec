/**
 * The core of Dekker's algorithm: each actor raises its flag, and then looks at the other's. Atomics order the store before the load for
 * all threads, so one of them sees the other's flag. With plain accesses a processor may turn the two around.
 */
import { scenario } from 'racelab/explore'

const [ALICE, BOB] = [0, 1]

function enters(flags: Int32Array, me: number, other: number) {
  Atomics.store(flags, me, 1)
  return Atomics.load(flags, other) === 0
}

export default scenario({
  name: 'Dekker’s flags',
  memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: {
    alice: (flags) => enters(flags, ALICE, BOB),
    bob: (flags) => enters(flags, BOB, ALICE),
  },
  outcomes: {
    '{"alice":true,"bob":false}': 'acceptable',
    '{"alice":false,"bob":true}': 'acceptable',
    '{"alice":false,"bob":false}': ['interesting', 'both give way'],
    '{"alice":true,"bob":true}': ['forbidden', 'both enter'],
  },
  names: (flags) => ({ 'alice’s flag': [flags, ALICE], 'bob’s flag': [flags, BOB] }),
})
