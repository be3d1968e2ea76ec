/**
 * Every program of a few operations: reduction finds the outcomes and the failures that brute force finds. Random programs
 * seldom have the few operations in which one step decides whether two others depend on each other.
 */
import { expect, test } from 'vitest'

import { withGlobalsReplaced } from '../../src/explore/globals/install.ts'
import { explore } from '../../src/explore/index.ts'
import type { Exploration } from '../../src/explore/index.ts'
import type { Scenario } from '../../src/scenario.ts'

interface Memory {
  readonly words: Int32Array
  /** The bytes of the words. */
  readonly bytes: Uint8Array
}
type Operation = (memory: Memory) => unknown

const OTHER_WORD: Record<string, Operation> = {
  'load word 1': ({ words }) => Atomics.load(words, 1),
  'set word 1': ({ words }) => Atomics.store(words, 1, 1),
}

/** Operations on word 0 of which one may decide what another touches, and two on word 1. */
const kinds: Record<string, Record<string, Operation>> = {
  'waits and notifies': {
    wait: ({ words }) => Atomics.wait(words, 0, 0),
    'timed wait': ({ words }) => Atomics.wait(words, 0, 0, 5),
    notify: ({ words }) => Atomics.notify(words, 0, 1),
    set: ({ words }) => Atomics.store(words, 0, 1),
    clear: ({ words }) => Atomics.store(words, 0, 0),
    ...OTHER_WORD,
  },
  'words and bytes': {
    'swap the word': ({ words }) => Atomics.compareExchange(words, 0, 0, 0x01_01_01_01),
    'swap byte 0': ({ bytes }) => Atomics.compareExchange(bytes, 0, 1, 0),
    'load byte 3': ({ bytes }) => Atomics.load(bytes, 3),
    'set byte 0': ({ bytes }) => Atomics.store(bytes, 0, 1),
    'set byte 3': ({ bytes }) => Atomics.store(bytes, 3, 2),
    ...OTHER_WORD,
  },
  'a word and its queue, by bytes': {
    wait: ({ words }) => Atomics.wait(words, 0, 0),
    notify: ({ words }) => Atomics.notify(words, 0, 1),
    'set byte 3': ({ bytes }) => Atomics.store(bytes, 3, 1),
    'clear byte 3': ({ bytes }) => Atomics.store(bytes, 3, 0),
    ...OTHER_WORD,
  },
}

/** Returns the programs of three actors, of which the second has two operations and the others one. */
function programsOver(operations: readonly string[]): string[][][] {
  return operations.flatMap((first) =>
    operations
      // The first and the last actor are alike, so one order of the two is enough.
      .slice(operations.indexOf(first))
      .flatMap((last) => operations.flatMap((one) => operations.map((other) => [[first], [one, other], [last]]))),
  )
}

function scenarioOf(program: string[][], operations: Record<string, Operation>): Scenario<Memory> {
  const act = (names: readonly string[]) => (memory: Memory) => names.map((name) => operations[name]!(memory))
  return {
    name: program.map((names) => names.join(', ')).join(' × '),
    memory: () => {
      const words = new Int32Array(new SharedArrayBuffer(8))
      return { words, bytes: new Uint8Array(words.buffer) }
    },
    actors: Object.fromEntries(program.map((names, index) => [`actor${index}`, act(names)])),
  }
}

function findings({ complete, outcomes, failures }: Exploration): unknown {
  return { complete, outcomes: Object.keys(outcomes).sort(), failures: new Set(failures.map(({ kind }) => kind)) }
}

test.each(Object.entries(kinds))('of every small program with %s, reduction finds all', (_, operations) => {
  const options = { allFailures: true, dataRaces: false }
  // To replace the globals for each exploration would take half of the time.
  withGlobalsReplaced(() => {
    for (const program of programsOver(Object.keys(operations))) {
      const scenario = scenarioOf(program, operations)
      const found = findings(explore(scenario, options))
      expect(found, scenario.name).toEqual(findings(explore(scenario, { ...options, strategy: 'dfs' })))
    }
  })
})
