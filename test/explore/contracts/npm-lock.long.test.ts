/** A contract for a lock from npm, which somebody else wrote: the mutex of multithreading, whose guards unlock it. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync, cpSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'

import { models } from '../../../src/check/index.ts'
import type { Contract } from '../../../src/contract.ts'
import { explore } from '../../../src/explore/index.ts'
import { prove } from '../../../src/explore/contracts/proof/prove.ts'
import { nth, over } from '../counters.ts'

const PACKAGE = fileURLToPath(new URL('../../../examples/found/node_modules/multithreading/', import.meta.url))
const FILE = 'src/lib/sync/mutex.js'

interface Guard {
  dispose(): void
}

interface Lock {
  blockingLock(): Guard
}

type LockClass = new (data: undefined, buffer: ArrayBufferLike) => Lock

/** Each mutant, as a text of the package's source and what stands in its place. */
const MUTANTS: readonly [what: string, from: string, to: string][] = [
  [
    'takes the lock in two steps',
    `return (Atomics.compareExchange(__classPrivateFieldGet(this, _Mutex_lockState, "f"), IDX_LOCK_STATE, UNLOCKED, LOCKED) ===
            UNLOCKED);`,
    `if (Atomics.load(__classPrivateFieldGet(this, _Mutex_lockState, "f"), IDX_LOCK_STATE) !== UNLOCKED) return false
        Atomics.store(__classPrivateFieldGet(this, _Mutex_lockState, "f"), IDX_LOCK_STATE, LOCKED)
        return true`,
  ],
  ['wakes nobody', 'Atomics.notify(__classPrivateFieldGet(this, _Mutex_lockState, "f"), IDX_LOCK_STATE, 1);', ''],
  ['goes on after it was woken', 'Atomics.wait(', 'if (true) return void Atomics.wait('],
]

/** Loads the package's mutex, with a text of its source replaced. */
async function mutexOf(from = '', to = ''): Promise<LockClass> {
  const folder = join(mkdtempSync(join(tmpdir(), 'racelab-npm-')), 'multithreading')
  cpSync(PACKAGE, folder, { recursive: true })
  const file = join(folder, FILE)
  const source = readFileSync(file, 'utf8')
  expect(from === '' || source.split(from).length === 2, `${FILE} contains exactly once: ${from}`).toBe(true)
  writeFileSync(
    file,
    source.replace(from, () => to),
  )
  const { Mutex } = (await import(pathToFileURL(file).href)) as { Mutex: LockClass }
  return Mutex
}

interface Memory {
  readonly lock: Int32Array
  guard?: Guard
}

function contractOf(Mutex: LockClass): Contract<Memory> {
  const guard = new Mutex(undefined, new SharedArrayBuffer(4)).blockingLock()
  return {
    of: [Mutex, guard.constructor],
    name: 'Mutex of multithreading',
    methods: { blockingLock: 'before', dispose: 'never' },
    pairs: { blockingLock: 'takes', dispose: 'gives' },
    clients: () => [
      {
        memory: () => ({ lock: new Int32Array(new SharedArrayBuffer(4)) }),
        operations: {
          blockingLock(memory) {
            memory.guard = new Mutex(undefined, memory.lock.buffer).blockingLock()
          },
          dispose: (memory) => memory.guard!.dispose(),
        },
        blocking: ['blockingLock'],
        model: {
          ...models.mutex,
          step: (holder, operation) =>
            models.mutex.step(holder, { ...operation, f: operation.f === 'dispose' ? 'unlock' : 'lock' }),
        },
      },
    ],
  }
}

describe.skipIf(!existsSync(PACKAGE))('a lock from npm (skipped: run npm install --prefix examples/found)', () => {
  test('is proved for two and three threads, and then its calls are one step', async () => {
    const Mutex = await mutexOf()
    const contract = contractOf(Mutex)
    for (const threads of [2, 3]) expect(prove(contract, { threads })).toMatchObject({ kind: 'proved' })
    const act = (words: Int32Array): void => {
      for (let round = 0; round < 2; round++) {
        const guard = new Mutex(undefined, words.buffer).blockingLock()
        words[1]!++
        guard.dispose()
      }
    }
    const scenario = over(nth(3, act), { observe: (words) => words[1], contracts: [contract] })
    expect(explore(scenario, { timeout: 240 })).toMatchObject({ complete: true, schedules: 90, outcomes: { 6: {} } })
  })

  test.each(MUTANTS)('a mutant that %s is refused', async (_, from, to) => {
    expect(prove(contractOf(await mutexOf(from, to)), { threads: 2 })).toMatchObject({ kind: 'refuted' })
  })
})
