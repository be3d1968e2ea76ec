/** Samples on real threads. Where something must happen, an actor sleeps or waits for another one, so that it always does. */
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { exportedScenario } from '../../../src/explore/scenario-export.ts'
import { sampleSubject } from '../../../src/sampling/sample-subject.ts'
import { sample } from '../../../src/stress/samples/sampler.ts'
import type { SampleOptions } from '../../../src/stress/samples/sampler.ts'
import type { SampleResult } from '../../../src/stress/samples/result.ts'
import { workerFile } from '../../../src/stress/worker-file.ts'
import { Files, LOSING, MEETING } from '../../lab/cli/files.ts'

const files = new Files()

async function sampled(
  name: string,
  parts: Readonly<Record<string, string>>,
  options: Partial<SampleOptions> = {},
  before: string = '',
): Promise<SampleResult> {
  const url = pathToFileURL(files.scenario(name, parts, before)).href
  const scenario = exportedScenario((await import(url)) as object, 'default')!
  return sample(sampleSubject(scenario), {
    file: await workerFile('sample'),
    source: { kind: 'file', url, name: 'default' },
    timeMs: Infinity,
    samples: 200,
    stuckMs: 5000,
    watchOutside: false,
    onProgress: () => undefined,
    ...options,
  })
}

const COUNT = '(words) => Atomics.load(words, 0)'

test('a lost update is seen, and counted as what it is graded', async () => {
  const { samples, threads, verdict, outcomes, failures } = await sampled(
    'lost.mjs',
    {
      actors: `{ alice: ${LOSING}, bob: ${LOSING} }`,
      observe: COUNT,
      outcomes: "{ 2: 'acceptable', 1: ['forbidden', 'lost'] }",
    },
    { samples: 50 },
    MEETING,
  )
  expect({ samples, threads, verdict }).toEqual({ samples: 50, threads: 2, verdict: 'fail' })
  expect(outcomes).toMatchObject({ 1: { count: 50, grade: 'forbidden', description: 'lost' } })
  expect(Object.keys(outcomes)).toEqual(['1'])
  expect(failures).toMatchObject([{ kind: 'outcome', message: 'lost', outcome: '1', count: 50 }])
})

test('an atomic counter shows one outcome, however many samples there are', async () => {
  const result = await sampled(
    'atomic.mjs',
    {
      actors: '{ alice: (words) => Atomics.add(words, 0, 1), bob: (words) => Atomics.add(words, 0, 1) }',
      observe: COUNT,
      outcomes: "{ 2: 'acceptable' }",
    },
    { samples: 30_000 },
  )
  expect(result).toMatchObject({
    samples: 30_000,
    verdict: 'pass',
    failures: [],
    outcomes: { 2: { count: 30_000, share: 1 } },
  })
})

test('each sample has fresh memory, and each actor a copy of what is not shared', async () => {
  const result = await sampled(
    'fresh.mjs',
    {
      memory: `() => {
        const words = new Int32Array(new SharedArrayBuffer(400), 8, 4)
        words[3] = 7
        return { words, same: [words], view: new DataView(words.buffer, 8), own: [1], map: new Map([['key', { n: 1 }]]) }
      }`,
      actors: `{
        alice: ({ words, own, map }) => { words[3]++; own.push(2); map.get('key').n++; return [own.length, map.get('key').n] },
        bob: ({ words, same, view }) => [words === same[0], words.byteOffset, view.getInt32(4, true), words[1] = 5],
      }`,
      observe: `({ words, own, map }, { alice, bob }) => [words[3], alice, bob, own, map.get('key').n]`,
    },
    { samples: 3000 },
  )
  // bob may see words[1] of this sample only: 0, because he writes it later.
  expect(Object.keys(result.outcomes)).toEqual(['[8,[2,2],[true,8,0,5],[1],1]'])
  expect(result.samples).toBe(3000)
})

test('what a thread keeps in its module is its own: the other actor and observe() do not see it', async () => {
  const result = await sampled(
    'module.mjs',
    {
      actors: '{ alice: () => { calls++; return calls > 0 }, bob: () => calls }',
      observe: '(_, { alice, bob }) => [alice, bob, calls]',
    },
    { samples: 1000 },
    'let calls = 0',
  )
  expect(Object.keys(result.outcomes)).toEqual(['[true,0,0]'])
})

test('an exception counts with its line, and gives no outcome', async () => {
  const { verdict, outcomes, failures } = await sampled('throws.mjs', {
    actors: "{ alice: () => { throw new Error('no') }, bob: (words) => Atomics.add(words, 0, 1) }",
  })
  expect({ verdict, outcomes }).toEqual({ verdict: 'fail', outcomes: {} })
  const where = [expect.stringMatching(/^alice threw at .*throws\.mjs:\d+:\d+$/)]
  expect(failures).toMatchObject([{ kind: 'exception', message: 'alice threw Error: no', count: 200, where }])
})

test('a broken invariant fails, whatever the outcome is graded; and what it writes observe() does not see', async () => {
  const { verdict, outcomes, failures } = await sampled('invariant.mjs', {
    actors: '{ alice: (words) => { words[0] = 1 }, bob: () => 2 }',
    invariant: '(words) => { words[0] = 9; return false }',
    observe: '(words) => words[0]',
    outcomes: "{ 1: 'acceptable' }",
  })
  expect(verdict).toBe('fail')
  expect(outcomes['1']).toMatchObject({ count: 200, broken: 200, grade: 'forbidden' })
  expect(failures).toMatchObject([{ kind: 'invariant', outcome: '1', count: 200 }])
})

test('samples that observe() or invariant() tells apart by -0, or by an object, are told apart', async () => {
  const result = await sampled(
    'zeros.mjs',
    {
      actors: '{ alice: (words) => (Atomics.add(count, 0, 1) % 2 === 0 ? 0 : -0), bob: () => ({ n: calls++ % 3 }) }',
      observe: '(_, { alice, bob }) => [Object.is(alice, -0), bob.n]',
    },
    { samples: 600 },
    'const count = new Int32Array(1); let calls = 0',
  )
  const counts = Object.fromEntries(Object.entries(result.outcomes).map(([key, { count }]) => [key, count]))
  expect(counts).toEqual(
    Object.fromEntries(
      ['[false,0]', '[true,1]', '[false,2]', '[true,0]', '[false,1]', '[true,2]'].map((key) => [key, 100]),
    ),
  )
})

describe('a round that gets stuck ends the run', () => {
  test('by a deadlock, with the lines where the actors sleep', async () => {
    const lock = `
function lock(words, at) {
  while (Atomics.exchange(words, at, 1) !== 0) Atomics.wait(words, at, 1)
}`
    // Each actor takes its second lock only when the other one has its first.
    const take = (first: number, second: number): string =>
      `(words) => { lock(words, ${first}); while (Atomics.load(words, ${second}) === 0); lock(words, ${second}) }`
    const { verdict, samples, failures, stopped } = await sampled(
      'deadlock.mjs',
      { actors: `{ alice: ${take(0, 1)}, bob: ${take(1, 0)} }` },
      { stuckMs: 1500 },
      lock,
    )
    expect({ verdict, stopped }).toEqual({ verdict: 'fail', stopped: 'a round got stuck' })
    expect(samples).toBe(1)
    expect(failures).toMatchObject([
      {
        kind: 'deadlock',
        message: 'alice and bob sleep forever',
        count: 1,
        where: ['alice', 'bob'].map((name) =>
          expect.stringMatching(new RegExp(`^${name} sleeps in Atomics.wait at .*deadlock.mjs:3:\\d+, called from `)),
        ),
      },
    ])
  })

  test('by an endless loop, with its line; an exception of the same sample is told as well', async () => {
    const { failures } = await sampled(
      'loop.mjs',
      {
        actors:
          "{ alice: () => { throw new Error('gone') }, bob: (words) => { while (Atomics.load(words, 0) === 0); } }",
      },
      { stuckMs: 1500 },
    )
    expect(failures.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'exception: alice threw Error: gone',
      'hang: bob did not end within 1.5 s',
    ])
    expect(failures[1]?.where).toContainEqual(expect.stringMatching(/^bob is still at .*loop\.mjs:\d+:\d+$/))
  })
})

test('the uses of clocks and random numbers by actors are noted, and those of observe() are not', async () => {
  const parts = {
    actors: '{ alice: () => { Date.now(); new Date(); Math.random() }, bob: () => { new Date(5); randomUUID() } }',
    observe: '() => performance.now() > 0',
  }
  const before = "import { randomUUID } from 'node:crypto'"
  const { outside } = await sampled('outside.mjs', parts, { watchOutside: true }, before)
  expect(outside?.toSorted()).toEqual(['Date.now', 'Math.random', 'crypto.randomUUID', 'new Date'])
  expect((await sampled('unwatched.mjs', parts, {}, before)).outside).toBeUndefined()
})

describe('what cannot be sampled is an error that says what it is:', () => {
  test.each([
    [
      'a result that cannot be sent',
      '{ alice: () => () => 1 }',
      /^alice returned what cannot be sent to another thread: .*cloned\.$/,
    ],
    [
      'a thread that ends itself',
      '{ alice: () => process.exit(3) }',
      /^The thread of alice was ended from inside, with exit code 3/,
    ],
    [
      'an error in a timer',
      "{ alice: () => { setTimeout(() => { throw new Error('late') }) } }",
      /^The thread of alice failed outside of its actor: Error: late$/,
    ],
  ])('%s', async (name, actors, message) => {
    const sampling = sampled(`${name.replaceAll(' ', '-')}.mjs`, { actors }, { samples: 1_000_000 })
    await expect(sampling).rejects.toThrow(message)
  })

  test.each([
    ['no shared memory', { memory: '() => [1]' }, /^memory\(\) returned no shared memory/],
    ['an actor that is async', { actors: '{ alice: async () => {} }' }, /async function/],
    ['an observe() that throws', { observe: "() => { throw new Error('blind') }" }, /^observe\(\) threw Error: blind/],
  ])('%s', async (name, parts, message) => {
    await expect(sampled(`${name.replaceAll(/\W/g, '-')}.mjs`, parts)).rejects.toThrow(message)
  })
})

test('sampling ends when onProgress says why', async () => {
  const { stopped, verdict } = await sampled('stopped.mjs', {}, { samples: Infinity, onProgress: () => 'enough' })
  expect({ stopped, verdict }).toEqual({ stopped: 'enough', verdict: 'pass' })
})

test('sampling ends when its time is up; without time there is no sample, and no verdict', async () => {
  const { samples, verdict, stopped } = await sampled('no-time.mjs', {}, { samples: Infinity, timeMs: 0 })
  expect({ samples, verdict, stopped }).toEqual({ samples: 0, verdict: 'inconclusive', stopped: undefined })
})

test('a result says so if no sample changed the memory: each thread may have used memory of its own', async () => {
  const own = 'const words = new Int32Array(new SharedArrayBuffer(4))'
  const parts = {
    memory: '() => words',
    actors: '{ alice: () => Atomics.add(words, 0, 1), bob: () => Atomics.add(words, 0, 1) }',
  }
  expect((await sampled('elsewhere.mjs', parts, {}, own)).note).toMatch(
    /^Each sample left the memory as it was\. If the actors use/,
  )
  const given = { ...parts, actors: '{ alice: (given) => Atomics.add(given, 0, 1) }' }
  expect((await sampled('given.mjs', given, {}, own)).note).toBeUndefined()
  const large = { memory: '() => new Uint8Array(new SharedArrayBuffer(200001))' }
  expect(
    (await sampled('large-same.mjs', { ...large, actors: '{ alice: (bytes) => bytes[200000] }' })).note,
  ).toBeDefined()
  const wrote = await sampled('large.mjs', { ...large, actors: '{ alice: (bytes) => ++bytes[200000] }' })
  expect(wrote.note).toBeUndefined()
  expect(Object.keys(wrote.outcomes)).toEqual(['{"alice":1}'])
})
