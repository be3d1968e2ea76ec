/** The contract of the barrier. */
import type { Contract } from '../contract.ts'
import { inOrder, modelOf, returning, words } from './primitives.ts'
import type { Primitives, Words } from './primitives.ts'

/** Who has arrived in this round, and who may leave after the last one, and whether it was the last to arrive. */
interface Round {
  readonly arrived: readonly number[]
  readonly leaving: readonly (readonly [process: number, last: boolean])[]
}

export function barrierContract({ Barrier }: Primitives): Contract<Words> {
  return {
    of: Barrier,
    name: 'Barrier',
    counted: ['arriveAndWait'],
    methods: { arriveAndWait: 'within' },
    callers: ({ parties }: { readonly parties: number }) => parties,
    clients: (threads) => [
      {
        memory: words(Barrier.WORDS),
        operations: { arriveAndWait: (memory) => new Barrier(memory, 0, threads).arriveAndWait() },
        blocking: ['arriveAndWait'],
        parts: { arriveAndWait: ['arrive', 'leave'] },
        model: modelOf<Round>(
          'barrier',
          { arrived: [], leaving: [] },
          {
            arrive: ({ arrived, leaving }, operation) => {
              const process = operation.process as number
              if (arrived.length + 1 < threads) return [{ arrived: inOrder([...arrived, process]), leaving }]
              const all = [...arrived.map((each) => [each, false] as const), [process, true] as const, ...leaving]
              return [{ arrived: [], leaving: all.toSorted(([one], [other]) => one - other) }]
            },
            leave: ({ arrived, leaving }, operation) => {
              const mine = leaving.find(([process]) => process === operation.process)
              if (mine === undefined) return []
              return returning({ arrived, leaving: leaving.filter((each) => each !== mine) }, mine[1], operation)
            },
          },
        ),
      },
    ],
  }
}
