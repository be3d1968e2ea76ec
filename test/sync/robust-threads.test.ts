import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { FIRST_THREAD } from '../../src/sync/agent.ts'
import { attend } from '../../src/sync/attend.ts'
import { RobustMutex } from '../../src/sync/robust-mutex.ts'
import { RobustRwLock } from '../../src/sync/robust-rw-lock.ts'
import { bundle } from '../../src/stress/worker-file.ts'
import { freshWords, until } from '../threads.ts'
import { INSIDE, LOCK, ROOM, ROUNDS, STOP, SURPRISES, TOLD } from './robust-layout.ts'
import type { RobustThreadData } from './robust-layout.ts'

const KILLS = 40
const SURVIVORS = 2

test.each(['mutex', 'read-write lock'] as const)(
  `${KILLS} threads are killed under a robust %s: the others go on, alone inside, and are told of what is broken`,
  { timeout: 120_000 },
  async (kind) => {
    const file = await bundle(fileURLToPath(new URL('robust.thread.ts', import.meta.url)))
    const words = freshWords(ROUNDS + SURVIVORS + 1)
    const lock = kind === 'mutex' ? new RobustMutex(words, LOCK) : new RobustRwLock(words, LOCK, ROOM)
    const start = async (number: number, stays = false): Promise<Worker> => {
      const workerData: RobustThreadData = { words, kind, number, stays }
      const worker = new Worker(file, { workerData, execArgv: [] })
      attend(worker, [lock])
      await once(worker, 'message')
      return worker
    }
    const survivors = await Promise.all(Array.from({ length: SURVIVORS }, (_, number) => start(number)))
    try {
      for (let kills = 0; kills < KILLS; kills++) {
        // One is killed inside for certain, and the others at any moment of their work.
        const doomed = await start(SURVIVORS, kills === 0)
        if (kills > 0) await sleep(Math.random() * 5)
        else await until(() => words[INSIDE] === doomed.threadId + FIRST_THREAD)
        await doomed.terminate()
        // Each survivor comes through the lock twice, so once with a lock that was taken after the death.
        for (let number = 0; number < SURVIVORS; number++) {
          const seen = Atomics.load(words, ROUNDS + number)
          await until(() => Atomics.load(words, ROUNDS + number) >= seen + 2)
        }
      }
      Atomics.store(words, STOP, 1)
      await until(() => survivors.every(({ threadId }) => threadId < 0))
    } finally {
      await Promise.all(survivors.map((worker) => worker.terminate()))
    }
    expect(Atomics.load(words, SURPRISES)).toBe(0)
    expect(Atomics.load(words, TOLD)).toBeGreaterThan(0)
    expect(Atomics.load(words, TOLD)).toBeLessThanOrEqual(KILLS)
    expect(words[LOCK]! | 2).toBe(2)
  },
)
