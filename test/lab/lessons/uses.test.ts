/** What a bug says that it has a use for is what its load looks at. */
import { expect, test } from 'vitest'
import { bugs } from '../../../src/lab/lessons/index.ts'
import { openDatabase } from '../../../src/store/database/place.ts'
import type { Hand, Load, Setting } from '../../../src/stress/load.ts'
import { SessionStore } from '../../../src/store/store.ts'

class Died extends Error {}

/** One worker, on this thread. */
function handOf(pause: () => void): Hand {
  return {
    index: 0,
    pause,
    store: (memory) => new SessionStore(memory),
    database: openDatabase,
    start() {},
    operation: (work) => work(),
    meet() {},
    note() {},
    die() {
      throw new Died()
    },
  }
}

/** Which options of a run a load looks at, of one worker and few operations. */
function optionsReadBy(load: Load, variant: string): string[] {
  const read = new Set<string>()
  const plain: Setting = { variant, workers: 1, iterations: 4, seed: 1, database: 'memory' }
  const setting = new Proxy(plain, {
    get(target, name) {
      if (name === 'seed' || name === 'database') read.add(name)
      return Reflect.get(target, name) as unknown
    },
  })
  const memory = load.prepare(setting)
  try {
    load.work(
      memory,
      setting,
      handOf(() => read.add('gap')),
    )
  } catch (death) {
    if (!(death instanceof Died)) throw death
  }
  load.dispose?.(memory)
  return [...read].sort()
}

test.each(bugs.map((bug) => [bug.name, bug] as const))('%s uses what it says, and nothing else', (_, bug) => {
  expect(optionsReadBy(bug.load, 'buggy')).toEqual([...bug.uses].sort())
})
