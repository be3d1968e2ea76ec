/** What a bug says that it has a use for is what its load looks at. */
import { expect, test } from 'vitest'
import { bugs } from '../../../src/lab/lessons/index.ts'
import type { LessonLoad, LessonSetting } from '../../../src/lab/lessons/bug.ts'
import type { LoadWorker } from '../../../src/stress/load.ts'

class Died extends Error {}

interface Alone extends LoadWorker {
  close(): void
}

/** One worker, on this thread. */
function workerOf(pause: () => void): Alone {
  const closers: (() => void)[] = []
  return {
    index: 0,
    pause,
    recorder: undefined,
    start() {},
    operation: (work) => work(),
    meet() {},
    onClose: (close) => void closers.push(close),
    die() {
      throw new Died()
    },
    close() {
      for (const each of closers) each()
    },
  }
}

/** Which options of a run a load looks at, of one worker and few operations. */
function optionsReadBy(load: LessonLoad, variant: string): string[] {
  const read = new Set<string>()
  const plain: LessonSetting = { variant, workers: 1, iterations: 4, seed: 1, database: 'memory' }
  const setting = new Proxy(plain, {
    get(target, name) {
      if (name === 'seed' || name === 'database') read.add(name)
      return Reflect.get(target, name) as unknown
    },
  })
  const memory = load.prepare(setting)
  const worker = workerOf(() => read.add('gap'))
  try {
    load.work(memory, setting, worker)
  } catch (death) {
    if (!(death instanceof Died)) throw death
  }
  worker.close()
  load.dispose?.(memory)
  return [...read].sort()
}

test.each(bugs.map((bug) => [bug.name, bug] as const))('%s uses what it says, and nothing else', (_, bug) => {
  expect(optionsReadBy(bug.load, 'buggy')).toEqual([...bug.uses].sort())
})
