import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import type { ExploreOptions } from '../../src/explore/index.ts'
import { exportedScenario } from '../../src/explore/scenario-export.ts'
import { decodeToken } from '../../src/explore/replay/token.ts'
import { changedToken } from './hand-made-token.ts'
import { replayOnThreads } from '../../src/explore/replay/threads.ts'
import { workerFile } from '../../src/stress/worker-file.ts'

const FOLDER = new URL('../fixtures/scenarios/', import.meta.url)

async function port(name: string, variant: string) {
  const url = new URL(`${name}.ts`, FOLDER).href
  const scenario = exportedScenario((await import(url)) as object, variant)
  if (scenario === undefined) throw new Error(`${name} has no ${variant}`)
  return {
    scenario,
    options: { worker: await workerFile('replay'), source: { kind: 'file', url, name: variant } as const },
  }
}

/** Lost updates, a deadlock of sleepers, a hand-over by wait and notify, a broken invariant. */
test.each([['wrong-lock'], ['dining-3'], ['circular-buffer'], ['stack']])(
  '%s fails on threads as on the explorer',
  async (name) => {
    const { scenario, options } = await port(name, 'buggy')
    const [failure] = explore(scenario).failures
    const replayed = await replayOnThreads(scenario, failure?.token ?? '', options)
    if (replayed.kind === 'diverged') throw new Error(replayed.divergence.message)
    expect(replayed.judgement.faults).toContainEqual(
      expect.objectContaining({ kind: failure?.kind, message: failure?.message, outcome: failure?.outcome }),
    )
  },
)

/** Actors that never end, as the source of a scenario's file, and the kind of failure that they are. */
const STUCK = [
  ['deadlock', 'alice: (w) => Atomics.wait(w, 0, 0), bob: (w) => Atomics.wait(w, 1, 0)'],
  [
    'livelock',
    'alice: (w) => { while (Atomics.load(w, 0) === 0); }, bob: (w) => { while (Atomics.load(w, 1) === 0); }',
  ],
  ['livelock', 'alice: (w) => Atomics.wait(w, 0, 0), bob: (w) => { while (Atomics.load(w, 1) === 0); }'],
] as const

/** Explores the scenario of a file, and replays its first failure on threads. */
async function failedOnThreads(file: string, how: ExploreOptions = {}) {
  const url = pathToFileURL(file).href
  const scenario = exportedScenario((await import(url)) as object, 'default')!
  const [failure] = explore(scenario, how).failures
  const options = { worker: await workerFile('replay'), source: { kind: 'file', url, name: 'default' } as const }
  const replayed = await replayOnThreads(scenario, failure!.token, options)
  if (replayed.kind === 'diverged') throw new Error(replayed.divergence.message)
  return { failure: failure!, judgement: replayed.judgement }
}

test.each([
  ['in the middle', '(w) => w[0] === w[1]', '[1,0,null,["alice",1,1],"alice"]'],
  ['at the end', '(w, _, crashed) => crashed === undefined || w[1] === 0', '[1,1,null,["alice",1,1],"alice"]'],
])('a crash %s is the same on threads', async (_, invariant, outcome) => {
  const file = join(mkdtempSync(join(tmpdir(), 'racelab-crash-')), 'crash.mjs')
  writeFileSync(
    file,
    `export default {
      name: 'half a change',
      memory: () => new Int32Array(new SharedArrayBuffer(8)),
      actors: { alice: (w) => { Atomics.store(w, 0, 1); Atomics.store(w, 1, 1); return 'changed' }, bob: (w) => Atomics.load(w, 1) },
      crashes: ['alice'],
      recover: (w, { actor, threadId }) => [actor, threadId, Atomics.load(w, 0)],
      observe: (w, { alice, recover }, crashed) => [w[0], w[1], alice ?? null, recover ?? null, crashed ?? null],
      invariant: ${invariant},
    }`,
  )
  const { failure, judgement } = await failedOnThreads(file)
  expect(failure).toMatchObject({ kind: 'invariant', outcome })
  expect(judgement.outcome?.key).toBe(failure.outcome)
  expect(judgement.faults).toMatchObject([{ kind: 'invariant' }])
})

test.each([
  ['finally', 'finally { Atomics.store(w, 2, 1) }'],
  ['catch', "catch { throw new Error('wrapped') }"],
])('an actor with a %s crashes on threads as on the explorer', async (_, clause) => {
  const file = join(mkdtempSync(join(tmpdir(), 'racelab-tidy-')), 'tidy.mjs')
  writeFileSync(
    file,
    `export default {
      name: 'tidy',
      memory: () => new Int32Array(new SharedArrayBuffer(16)),
      actors: { alice: (w) => { try { Atomics.store(w, 0, 1); Atomics.store(w, 1, 1) } ${clause} }, bob() {} },
      crashes: 1,
      recover: (w) => Atomics.load(w, 0),
      invariant: (w) => w[0] === w[1],
    }`,
  )
  const { judgement } = await failedOnThreads(file)
  expect(judgement.faults).toMatchObject([{ kind: 'invariant' }])
})

// The loop keeps bob long enough for alice and the recovery to run ahead, if nothing made them wait.
test('a crash on threads waits for its turn, also between the steps of others', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'racelab-turn-')), 'turn.mjs')
  const busy = 'let x = 0; for (let i = 0; i < 3e8; i++) x ^= i; Atomics.store(w, 0, x === 1.5 ? 2 : 1)'
  writeFileSync(
    file,
    `export default {
      name: 'turn',
      memory: () => new Int32Array(new SharedArrayBuffer(8)),
      actors: { alice: (w) => void Atomics.load(w, 1), bob: (w) => { ${busy} } },
      crashes: ['alice'],
      recover: (w) => Atomics.load(w, 0),
      invariant: (w, { recover }) => recover !== 1,
    }`,
  )
  const url = pathToFileURL(file).href
  const scenario = exportedScenario((await import(url)) as object, 'default')!
  const token = changedToken(explore(scenario).failures[0]!.token, ({ schedule, prints: [crash, store, load] }) => {
    expect(schedule).toEqual([0, 1, 2])
    return { schedule: [1, 0, 2], prints: [store!, crash!, load!] }
  })
  const options = { worker: await workerFile('replay'), source: { kind: 'file', url, name: 'default' } as const }
  const replayed = await replayOnThreads(scenario, token, options)
  expect(replayed).toMatchObject({ kind: 'replayed', judgement: { outcome: { key: '{"recover":1}' } } })
})

// Few schedules drawn at random miss the failure before the first crash, and meet it where alice would have crashed.
test('an actor that ends before it would crash is the same on threads', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'racelab-no-crash-')), 'no-crash.mjs')
  writeFileSync(
    file,
    `export default {
      name: 'an actor whose length depends on another',
      memory: () => new Int32Array(new SharedArrayBuffer(8)),
      actors: {
        alice: (w) => { if (Atomics.load(w, 0) !== 4) Atomics.add(w, 1, 1) },
        bob: (w) => { for (let i = 0; i < 6; i++) Atomics.add(w, 0, 1) },
      },
      crashes: ['alice'],
      recover: () => 'recovered',
      invariant: (w, results) => w[1] === 1 || !('alice' in results),
      observe: (w, results, crashed) => [w[1], Object.keys(results), crashed ?? null],
    }`,
  )
  const { failure, judgement } = await failedOnThreads(file, { strategy: 'random', seed: 52, maxSchedules: 8 })
  expect(decodeToken(failure.token).client).toBe('c0.2')
  expect(failure).toMatchObject({ kind: 'invariant', outcome: '[0,["alice","bob"],null]' })
  expect(judgement.outcome?.key).toBe(failure.outcome)
})

test.each(STUCK)('a %s is the same failure on threads (%s)', async (kind, actors) => {
  const file = join(mkdtempSync(join(tmpdir(), 'racelab-stuck-')), 'stuck.mjs')
  const memory = 'memory: () => new Int32Array(new SharedArrayBuffer(8))'
  writeFileSync(file, `export default { name: 'stuck', ${memory}, actors: { ${actors} }, observe: () => 0 }`)
  const { failure, judgement } = await failedOnThreads(file)
  expect(failure.kind).toBe(kind)
  expect(judgement.faults).toMatchObject([{ kind, message: failure.message }])
})

test('a token ends in the same outcome on threads each time', async () => {
  // The files are JavaScript, so that each thread starts quickly.
  const file = join(mkdtempSync(join(tmpdir(), 'racelab-threads-')), 'counter.mjs')
  writeFileSync(
    file,
    `const increment = (words) => { Atomics.store(words, 0, Atomics.load(words, 0) + 1) }
export default {
  name: 'counter', memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: increment, bob: increment }, observe: (words) => words[0], outcomes: { 2: 'acceptable' },
}`,
  )
  const url = pathToFileURL(file).href
  const scenario = exportedScenario((await import(url)) as object, 'default')!
  const token = explore(scenario).failures[0]?.token ?? ''
  const options = { worker: await workerFile('replay'), source: { kind: 'file', url, name: 'default' } as const }
  const outcomes = new Map<string | undefined, number>()
  // REPLAYS=100 takes half a minute, most of it starting threads.
  const times = Number(process.env['REPLAYS'] ?? 15)
  for (let time = 0; time < times; time++) {
    const replayed = await replayOnThreads(scenario, token, options)
    const key = replayed.kind === 'replayed' ? replayed.judgement.outcome?.key : replayed.divergence.message
    outcomes.set(key, (outcomes.get(key) ?? 0) + 1)
  }
  expect([...outcomes]).toEqual([['1', times]])
}, 120_000)

test('an actor that goes another way on threads is told with its step and line', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'racelab-threads-')), 'elsewhere.mjs')
  writeFileSync(
    file,
    `import { isMainThread } from 'node:worker_threads'
export default {
  name: 'elsewhere', memory: () => new Int32Array(new SharedArrayBuffer(8)),
  actors: {
    alice: (words) => { Atomics.add(words, 0, 1); Atomics.add(words, isMainThread ? 0 : 1, 1) },
    bob: (words) => Atomics.add(words, 0, 1),
  },
  observe: (words) => words[0], outcomes: { 0: 'acceptable' },
}`,
  )
  const url = pathToFileURL(file).href
  const scenario = exportedScenario((await import(url)) as object, 'default')!
  const token = explore(scenario).failures[0]?.token ?? ''
  const options = { worker: await workerFile('replay'), source: { kind: 'file', url, name: 'default' } as const }
  const replayed = await replayOnThreads(scenario, token, options)
  expect(replayed).toMatchObject({ kind: 'diverged', divergence: { step: 2 } })
  const message = replayed.kind === 'diverged' ? replayed.divergence.message : ''
  expect(message).toMatch(
    /^diverged on threads at step 2: alice left the schedule: it came to Atomics\.add[^]*elsewhere\.mjs:5/,
  )
})

test('buffers that an actor makes have the same places on threads', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'racelab-threads-')), 'own.mjs')
  writeFileSync(
    file,
    `const increment = (words) => {
  const [first, second] = [new Int32Array(new SharedArrayBuffer(100)), new Int32Array(new SharedArrayBuffer(4))]
  Atomics.store(first, 24, Atomics.load(structuredClone(words), 0))
  Atomics.store(second, 0, Atomics.load(first, 24) + 1)
  Atomics.store(words, 0, Atomics.load(second, 0))
}
export default {
  name: 'own', memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: increment, bob: increment }, observe: (words) => words[0], outcomes: { 2: 'acceptable' },
}`,
  )
  const url = pathToFileURL(file).href
  const scenario = exportedScenario((await import(url)) as object, 'default')!
  const token = explore(scenario).failures[0]?.token ?? ''
  const options = { worker: await workerFile('replay'), source: { kind: 'file', url, name: 'default' } as const }
  const replayed = await replayOnThreads(scenario, token, options)
  expect(replayed).toMatchObject({ kind: 'replayed', judgement: { outcome: { key: '1' } } })
})
