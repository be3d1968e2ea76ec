import type fc from 'fast-check'
import { expect, test } from 'vitest'

import { straightPrograms } from './generate.ts'
import { exploreWith, firstWrong } from './mutated.ts'
import type { Fault } from './mutated.ts'
import type { Program } from './program.ts'

/** A fault, and the programs that find it. */
interface Planted extends Fault {
  readonly among: fc.Arbitrary<Program>
}

const faults: readonly Planted[] = [
  {
    what: 'wakes one sleeper more than it was asked to',
    among: straightPrograms,
    file: 'wait-queues',
    from: '?.splice(0, count) ?? []',
    to: '?.splice(0, count + 1) ?? []',
  },
  {
    what: 'takes a notify that finds no sleeper to depend on nothing',
    among: straightPrograms,
    file: 'dependence',
    from: 'return step.effect ? WRITES_QUEUE : READS_QUEUE',
    to: 'return step.effect ? WRITES_QUEUE : 0',
  },
]

test.each(faults.map((fault) => [fault.what, fault] as const))(
  'random programs find an explorer that %s',
  async (_, fault) => {
    expect(firstWrong(await exploreWith(fault), fault.among, 1, 3000)).toBeDefined()
  },
  120_000,
)
