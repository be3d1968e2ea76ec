/** What an exploration says in a browser of loops and of contracts, which it cannot look into: never more than it knows. */
import { describe, expect, test } from 'vitest'
import { explore } from '../../../src/explore/explore.ts'
import type { Scenario } from '../../../src/scenario.ts'
import { Mutex } from '../../../src/sync/index.ts'

const words = (): Int32Array => new Int32Array(new SharedArrayBuffer(16))
const observe = (memory: Int32Array): number => memory[1] ?? 0
const outcomes = { 2: 'acceptable' } as const

function locked(lock: (memory: Int32Array) => void): Scenario {
  const act = (memory: Int32Array): void => {
    lock(memory)
    memory[1] = (memory[1] ?? 0) + 1
    Atomics.store(memory, 0, 0)
    Atomics.notify(memory, 0)
  }
  return { name: 'locked', memory: words, actors: { alice: act, bob: act }, observe, outcomes }
}

describe('a loop that waits for another actor', () => {
  test.each<[string, (memory: Int32Array) => void]>([
    [
      'by spinning',
      (memory) => {
        while (Atomics.compareExchange(memory, 0, 0, 1) !== 0);
      },
    ],
    [
      'by a plain read',
      (memory) => {
        while (Atomics.exchange(memory, 0, 1) !== 0) while (memory[0] !== 0);
      },
    ],
  ])('%s is cut off by name, and nothing is called complete', (_, lock) => {
    const { verdict, complete, spins, failures, error } = explore(locked(lock), { dataRaces: false })
    expect({ verdict, complete, failures, error }).toEqual({ verdict: 'inconclusive', complete: false, failures: [] })
    expect(spins).toMatchObject([{ reason: 'its code or its variables cannot be read' }])
  })

  test('is not called a livelock, nor a pass, where no actor ever ends it', () => {
    const forever = (memory: Int32Array): void => {
      while (Atomics.load(memory, 0) === 0);
    }
    const { verdict, complete } = explore({
      name: 'forever',
      memory: words,
      actors: { forever },
    })
    expect([verdict, complete]).toEqual(['inconclusive', false])
  })

  test('and sleeps in between is explored to the end', () => {
    const sleeping = (memory: Int32Array): void => {
      while (Atomics.exchange(memory, 0, 2) !== 0) Atomics.wait(memory, 0, 2)
    }
    expect(explore(locked(sleeping), { dataRaces: false })).toMatchObject({ verdict: 'pass', complete: true })
  })

  test('in a lock of racelab is not met: its contract makes the call one step', () => {
    const act = (memory: Int32Array): void => {
      const mutex = new Mutex(memory, 0)
      mutex.lock()
      memory[1] = (memory[1] ?? 0) + 1
      mutex.unlock()
    }
    const scenario = { name: 'mutex', memory: words, actors: { alice: act, bob: act, carol: act }, observe }
    expect(explore(scenario)).toMatchObject({ verdict: 'pass', complete: true })
  })
})
