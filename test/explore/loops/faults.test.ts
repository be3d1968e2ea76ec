import { expect, test } from 'vitest'

import { exploreWith, firstWrong } from './mutated.ts'
import type { Fault } from './mutated.ts'

const faults: readonly Fault[] = [
  {
    what: 'wakes the sleeper that came last',
    file: 'wait-queues',
    from: '?.splice(0, count) ?? []',
    to: '?.splice(-count, count) ?? []',
  },
  {
    what: 'takes a notify that finds no sleeper to depend on nothing',
    file: 'dependence',
    from: 'return step.effect ? WRITES_QUEUE : READS_QUEUE',
    to: 'return step.effect ? WRITES_QUEUE : 0',
  },
]

test.each(faults.map((fault) => [fault.what, fault] as const))(
  'random programs find an explorer that %s',
  async (_, fault) => {
    expect(firstWrong(await exploreWith(fault), 1, 3000)).toBeDefined()
  },
  120_000,
)
