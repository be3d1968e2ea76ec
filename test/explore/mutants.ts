/** Mutants of racelab's primitives: each is wrong in one line. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

import type { Scenario } from '../../src/scenario.ts'
import {
  barrierScenario,
  conditionScenario,
  gateScenario,
  mutexScenario,
  readersScenario,
  semaphoreScenario,
  withdrawalScenario,
  writersScenario,
} from './primitives.ts'
import type { Primitives } from '../../src/contracts/primitives.ts'
import type { Robust } from './robust.ts'

const SYNC = fileURLToPath(new URL('../../src/sync/', import.meta.url))
const NAMES = [
  'barrier',
  'condition',
  'errors',
  'mutex',
  'robust-mutex',
  'robust-rw-lock',
  'rw-lock',
  'semaphore',
  'start-gate',
]

export interface Mutant {
  /** What the mutant does wrong. */
  readonly what: string
  readonly file: string
  readonly from: string
  readonly to: string
  scenario(primitives: Primitives & Robust): Scenario
}

export const mutants: readonly Mutant[] = [
  {
    what: 'tryLock in two steps',
    file: 'mutex',
    from: 'return Atomics.compareExchange(this.#words, this.#at, UNLOCKED, currentAgent() << 1) === UNLOCKED',
    to: 'return this.owner() === 0 && Atomics.store(this.#words, this.#at, currentAgent() << 1) > 0',
    scenario: (primitives) => mutexScenario(primitives, 2),
  },
  {
    what: 'a sleeper that re-enters as LOCKED',
    file: 'mutex',
    from: 'this.#at, UNLOCKED, mine | CONTENDED)',
    to: 'this.#at, UNLOCKED, mine)',
    scenario: (primitives) => mutexScenario(primitives, 3),
  },
  {
    what: 'unlock as a load and a store',
    file: 'mutex',
    from: 'if (Atomics.compareExchange(this.#words, this.#at, mine, UNLOCKED) === mine) return',
    to: 'if (Atomics.load(this.#words, this.#at) === mine) return void Atomics.store(this.#words, this.#at, UNLOCKED)',
    scenario: (primitives) => mutexScenario(primitives, 2),
  },
  {
    what: 'a mutex without notify',
    file: 'mutex',
    from: 'Atomics.notify(this.#words, this.#at, 1)',
    to: '',
    scenario: (primitives) => mutexScenario(primitives, 2),
  },
  {
    what: 'sleeping on whatever the word is by now',
    file: 'mutex',
    from: 'Atomics.wait(this.#words, this.#at, marked, left)',
    to: 'Atomics.wait(this.#words, this.#at, Atomics.load(this.#words, this.#at), left)',
    scenario: (primitives) => mutexScenario(primitives, 2),
  },
  {
    what: 'readers that come in beside a writer',
    file: 'rw-lock',
    from: 'const BARS_READERS = WRITTEN | WRITERS',
    to: 'const BARS_READERS = WRITERS',
    scenario: (primitives) => readersScenario(primitives, 1),
  },
  {
    what: 'a wake-up of writers that is not counted',
    file: 'rw-lock',
    from: 'Atomics.add(this.#words, this.#wakeUps, 1)',
    to: '',
    scenario: (primitives) => writersScenario(primitives, 2),
  },
  {
    what: 'a last reader that wakes no sleeper',
    file: 'rw-lock',
    from: 'this.#wake(seen - READER)',
    to: '',
    scenario: (primitives) => readersScenario(primitives, 1),
  },
  {
    what: 'a writer that wakes no sleeper',
    file: 'rw-lock',
    from: 'this.#wake(Atomics.sub(this.#words, this.#state, WRITTEN) - WRITTEN)',
    to: 'Atomics.sub(this.#words, this.#state, WRITTEN)',
    scenario: (primitives) => writersScenario(primitives, 2),
  },
  {
    what: 'readers who are not called',
    file: 'rw-lock',
    from: 'Atomics.notify(this.#words, this.#state)',
    to: '',
    scenario: (primitives) => readersScenario(primitives, 1),
  },
  {
    what: 'a notify that leaves the sequence as it is',
    file: 'condition',
    from: 'Atomics.add(this.#words, this.#sequence, 1)',
    to: '',
    scenario: (primitives) => conditionScenario(primitives, 1),
  },
  {
    what: 'a sequence that is read after the mutex is let go',
    file: 'condition',
    from: 'Atomics.wait(this.#words, this.#sequence, sequence, deadline.left())',
    to: 'Atomics.wait(this.#words, this.#sequence, Atomics.load(this.#words, this.#sequence), deadline.left())',
    scenario: (primitives) => conditionScenario(primitives, 1),
  },
  {
    what: 'a waiter who does not say that it waits',
    file: 'condition',
    from: 'Atomics.add(this.#words, this.#waiting, 1)',
    to: '',
    scenario: (primitives) => conditionScenario(primitives, 1),
  },
  {
    what: 'a permit that is taken in two steps',
    file: 'semaphore',
    from: 'const before = Atomics.compareExchange(this.#words, this.#taken, seen, seen + 1)',
    to: 'const before = seen; Atomics.store(this.#words, this.#taken, seen + 1)',
    scenario: (primitives) => semaphoreScenario(primitives, 2),
  },
  {
    what: 'a release that wakes no sleeper',
    file: 'semaphore',
    from: 'if (Atomics.load(this.#words, this.#waiting) > 0) Atomics.notify(this.#words, this.#taken, count)',
    to: '',
    scenario: (primitives) => semaphoreScenario(primitives, 2),
  },
  {
    what: 'a sleeper that is not counted',
    file: 'semaphore',
    from: 'Atomics.add(this.#words, this.#waiting, 1)',
    to: '',
    scenario: (primitives) => semaphoreScenario(primitives, 2),
  },
  {
    what: 'a barrier that opens without a call',
    file: 'barrier',
    from: 'if (this.parties > 1) Atomics.notify(this.#words, this.#round)',
    to: '',
    scenario: (primitives) => barrierScenario(primitives, 2),
  },
  {
    what: 'a barrier that counts again only after it has opened',
    file: 'barrier',
    from: `Atomics.store(this.#words, this.#arrived, 0)
      Atomics.add(this.#words, this.#round, 1)`,
    to: `Atomics.add(this.#words, this.#round, 1)
      Atomics.store(this.#words, this.#arrived, 0)`,
    scenario: (primitives) => barrierScenario(primitives, 2, 2),
  },
  {
    what: 'an arrival in two steps',
    file: 'barrier',
    from: 'const position = Atomics.add(this.#words, this.#arrived, 1) + 1',
    to: 'const position = Atomics.store(this.#words, this.#arrived, Atomics.load(this.#words, this.#arrived) + 1)',
    scenario: (primitives) => barrierScenario(primitives, 2),
  },
  {
    what: 'a gate that opens before all have come',
    file: 'start-gate',
    from: 'if (position === this.parties) {',
    to: 'if (position >= this.parties - 1) {',
    scenario: (primitives) => gateScenario(primitives, 2),
  },
  {
    what: 'a gate that opens without a call',
    file: 'start-gate',
    from: 'if (this.parties > 1) Atomics.notify(this.#words, this.#open)',
    to: '',
    scenario: (primitives) => gateScenario(primitives, 2),
  },
  {
    what: 'a withdrawal that overlooks an arrival',
    file: 'start-gate',
    from: 'const before = Atomics.compareExchange(this.#words, this.#arrived, seen, seen - 1)',
    to: 'const before = seen; Atomics.store(this.#words, this.#arrived, seen - 1)',
    scenario: (primitives) => withdrawalScenario(primitives),
  },
]

/** Returns all primitives, with one line of one of them changed. */
export async function mutated({ file, from, to }: Mutant): Promise<Primitives & Robust> {
  const source = readFileSync(join(SYNC, `${file}.ts`), 'utf8')
  if (source.split(from).length !== 2) throw new Error(`${file}.ts does not contain exactly once: ${from}`)
  const contents = NAMES.map((name) => `export * from './${name}.ts'`).join('\n')
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: SYNC, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    plugins: [
      {
        name: 'mutant',
        setup: (building) =>
          building.onLoad({ filter: new RegExp(`/sync/${file}\\.ts$`) }, () => ({
            contents: source.replace(from, () => to),
            loader: 'ts',
          })),
      },
    ],
  })
  const path = join(mkdtempSync(join(tmpdir(), 'racelab-mutant-')), 'sync.mjs')
  writeFileSync(path, outputFiles[0]?.text ?? '')
  return (await import(pathToFileURL(path).href)) as Primitives & Robust
}
