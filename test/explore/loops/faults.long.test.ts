import type fc from 'fast-check'
import { expect, test } from 'vitest'

import { programs, straightPrograms } from './generate.ts'
import { exploreWith, firstWrong } from './mutated.ts'
import type { Fault } from './mutated.ts'
import type { Program } from './program.ts'

/** A fault, and the programs that find it. */
interface Planted extends Fault {
  readonly among: fc.Arbitrary<Program>
  /** A seed with which they find it soon; 1 if none is given. */
  readonly seed?: number
}

const faults: readonly Planted[] = [
  {
    what: 'wakes one sleeper more than a notify asks for',
    among: straightPrograms,
    file: 'model/wait-queues',
    from: '?.splice(0, count) ?? []',
    to: '?.splice(0, count + 1) ?? []',
  },
  {
    what: 'treats a notify that finds no sleeper as independent of all steps',
    among: straightPrograms,
    file: 'model/dependence',
    from: 'return step.effect ? WRITES_QUEUE : READS_QUEUE',
    to: 'return step.effect ? WRITES_QUEUE : 0',
  },
  {
    what: 'holds an actor in a loop for which it cannot predict what the loop carries',
    among: programs,
    unchecked: true,
    file: 'run/spins/round',
    from: 'if (thrown instanceof Obstacle) return thrown',
    to: 'if (thrown instanceof Obstacle) return undefined',
  },
  {
    what: 'ignores the variables that a loop changes',
    among: programs,
    unchecked: true,
    file: 'run/spins/differences',
    from: 'value]) => !(value instanceof Dead) && ',
    to: 'value]) => value instanceof Dead && ',
  },
  {
    what: 'lets an actor go on only when the first word of its round changes',
    among: programs,
    seed: 2,
    file: 'run/spins/spins',
    from: '...accessesOf(repetition, length).map(',
    to: '...accessesOf(repetition, length).slice(length).map(',
  },
  {
    what: 'holds an actor whose next round changes nothing although its last round did',
    among: programs,
    file: 'run/spins/assessments',
    from: 'const settled = fitting !== nearest && this',
    to: 'const settled = fitting === nearest || this',
  },
  {
    what: 'looks into a function with the values that variables had before the round',
    among: programs,
    unchecked: true,
    seed: 6,
    file: 'run/spins/scope',
    from: 'if (holder !== undefined && this.#changed.has(name)) {',
    to: 'if (holder !== undefined && this.#changed.has(name) && name === undefined) {',
  },
  {
    what: 'takes the present value of a variable for one that an expression read before',
    among: programs,
    unchecked: true,
    seed: 3,
    file: 'run/spins/operands',
    from: 'if (isKept(round, node) || isStill(round)) return pure(round, node)',
    to: 'return pure(round, node)',
  },
  {
    what: 'never lets a held actor go on',
    among: programs,
    file: 'model/world',
    from: 'if (step.effect) this.#rouse(step)',
    to: 'if (step.effect && step.position < 0) this.#rouse(step)',
  },
]

test.each(faults.map((fault) => [fault.what, fault] as const))(
  'random programs find an explorer that %s',
  async (_, fault) => {
    expect(await firstWrong(await exploreWith(fault), fault.among, fault.seed ?? 1, 3000)).toBeDefined()
  },
  240_000,
)
