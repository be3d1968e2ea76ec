/** The contract of the start gate. */
import type { Contract } from '../contract.ts'
import { modelOf, returning, words } from './primitives.ts'
import type { Primitives, Words } from './primitives.ts'

export function startGateContract({ StartGate }: Primitives): Contract<Words> {
  return {
    of: StartGate,
    name: 'StartGate',
    methods: { arrive: 'within', isOpen: 'never' },
    callers: ({ parties }: { readonly parties: number }) => parties,
    clients: (threads) => [
      {
        memory: words(StartGate.WORDS),
        operations: {
          arrive: (memory) => new StartGate(memory, 0, threads).arrive(),
          isOpen: (memory) => new StartGate(memory, 0, threads).isOpen(),
        },
        blocking: ['arrive'],
        parts: { arrive: ['arrive', 'leave'] },
        model: modelOf('start gate', 0, {
          arrive: (arrived) => (arrived < threads ? [arrived + 1] : []),
          leave: (arrived) => (arrived === threads ? [arrived] : []),
          isOpen: (arrived, operation) => returning(arrived, arrived === threads, operation),
        }),
      },
    ],
  }
}
