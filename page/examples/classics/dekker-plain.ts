/**
 * Dekker's flags without Atomics. In every interleaving one actor sees the other's flag, so the outcome is never wrong here. But nothing
 * orders a plain store before a plain load for the other thread: a processor may turn the two around, and both enter. The explorer
 * reports the data race instead.
 */
import { scenario } from 'racelab/explore'

const [ALICE, BOB] = [0, 1]

function enters(flags: Int32Array, me: number, other: number) {
  flags[me] = 1
  return flags[other] === 0
}

export default scenario({
  name: 'Dekker’s flags without Atomics',
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
