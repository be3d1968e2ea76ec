/** The options that a lesson declares to use are exactly those that its load reads, in all variants together. */
import { expect, test } from 'vitest'
import { threadLessons } from '../../../src/lab/lessons/index.ts'
import type { LessonLoad, LessonSetting } from '../../../src/lab/lessons/lesson.ts'
import type { LoadWorker } from '../../../src/stress/load.ts'

class Died extends Error {}

interface Alone extends LoadWorker {
  close(): void
}

/** Returns a single worker that runs on this thread. */
function workerOf(pause: () => void): Alone {
  const closers: (() => void)[] = []
  return {
    index: 0,
    pause,
    recorder: undefined,
    history: undefined,
    start() {},
    operation: (work) => work(),
    note() {},
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

/** Returns the options that a load reads in a run of one worker and few operations. */
function optionsReadBy(load: LessonLoad, variant: string): Set<string> {
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
  return read
}

test.each(threadLessons.map((lesson) => [lesson.name, lesson] as const))(
  'the variants of %s use the options that it declares, and no other',
  (_, lesson) => {
    const read = new Set(lesson.variants.flatMap(({ name }) => [...optionsReadBy(lesson.load, name)]))
    expect([...read].sort()).toEqual([...lesson.uses].sort())
  },
)
