import type fc from 'fast-check'
import { expect, test } from 'vitest'

import { programs, straightPrograms } from './generate.ts'
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
    file: 'model/wait-queues',
    from: '?.splice(0, count) ?? []',
    to: '?.splice(0, count + 1) ?? []',
  },
  {
    what: 'takes a notify that finds no sleeper to depend on nothing',
    among: straightPrograms,
    file: 'model/dependence',
    from: 'return step.effect ? WRITES_QUEUE : READS_QUEUE',
    to: 'return step.effect ? WRITES_QUEUE : 0',
  },
  {
    what: 'holds an actor in a loop of which it cannot tell what it carries',
    among: programs,
    file: 'run/spins/round',
    from: 'if (thrown instanceof Obstacle) return thrown.reason',
    to: 'if (thrown instanceof Obstacle) return undefined',
  },
  {
    what: 'takes what a loop counts to make no difference',
    among: programs,
    file: 'run/spins/differences',
    from: "name !== 'arguments' && !sameValue(",
    to: "name === 'arguments' && !sameValue(",
  },
  {
    what: 'wakes an actor by the first word of its round only',
    among: programs,
    file: 'run/spins/spins',
    from: 'return [next, ...steps',
    to: 'return [next, ...steps.slice(steps.length)',
  },
  {
    what: 'holds an actor that would go round in the same way, but has not yet',
    among: programs,
    file: 'run/spins/spins',
    from: "this.#wentRound(actor, end, fitting) ? 'carries nothing' : 'settles'",
    to: "'carries nothing'",
  },
  {
    what: 'does not wake an actor that is held',
    among: programs,
    file: 'model/world',
    from: 'if (step.effect) this.#rouse(step)',
    to: 'if (step.effect && step.position < 0) this.#rouse(step)',
  },
]

test.each(faults.map((fault) => [fault.what, fault] as const))(
  'random programs find an explorer that %s',
  async (_, fault) => {
    expect(firstWrong(await exploreWith(fault), fault.among, 1, 3000)).toBeDefined()
  },
  120_000,
)
