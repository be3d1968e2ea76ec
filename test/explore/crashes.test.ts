/** A crash of an actor as a choice of the explorer. */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { explore, replay } from '../../src/explore/index.ts'
import type { ExploreOptions } from '../../src/explore/index.ts'
import { scenario } from '../../src/scenario.ts'
import type { CrashedActor, Scenario } from '../../src/scenario.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { crashPrograms, crashScenario, outcomesOf } from './crash-machine.ts'
import type { CrashProgram } from './crash-machine.ts'
import { changedToken } from './hand-made-token.ts'

const [LOCK, COUNT] = [0, 1]

/** Two actors that count under a mutex. One may crash; then `recover` runs. */
function counting(recover: (words: Int32Array, crashed: CrashedActor) => void): Scenario {
  const act = (words: Int32Array): void =>
    new Mutex(words, LOCK).holding(() => void Atomics.store(words, COUNT, Atomics.load(words, COUNT) + 1))
  return scenario<Int32Array, Record<string, void>>({
    name: 'a mutex whose holder is killed',
    memory: () => new Int32Array(new SharedArrayBuffer(8)),
    actors: { alice: act, bob: act },
    crashes: 1,
    recover,
    observe: (words, _, crashed) => `${Atomics.load(words, COUNT)}${crashed === undefined ? '' : ' after a crash'}`,
    outcomes: { '2': 'acceptable', '1 after a crash': 'acceptable', '2 after a crash': 'acceptable' },
  })
}

function freed(words: Int32Array, threadId: number): boolean {
  if (Atomics.load(words, LOCK) >>> 1 !== threadId + 1) return false
  Atomics.store(words, LOCK, 0)
  return true
}

const sound = counting((words, { threadId }) => {
  freed(words, threadId)
  Atomics.notify(words, LOCK, 1)
})

test('a mutex that is freed, and whose sleepers are woken, survives a crash at each point', () => {
  const exploration = explore(sound)
  expect(exploration).toMatchObject({ verdict: 'pass', complete: true })
  expect(exploration.crashes).toBeGreaterThan(10)
  expect(exploration).not.toHaveProperty('crash')
  expect(Object.keys(exploration.outcomes).toSorted()).toEqual(['1 after a crash', '2', '2 after a crash'])
})

test('without recovery, whoever waits for the dead sleeps forever', () => {
  const { recover, ...abandoned } = sound
  expect(recover).toBeDefined()
  const exploration = explore(abandoned)
  expect(exploration).toMatchObject({
    verdict: 'fail',
    complete: false,
    crash: { actor: 'alice', after: 1 },
    failures: [{ kind: 'deadlock', message: 'bob sleeps forever' }],
  })
})

test('a sleeper is lost if recovery wakes it only where the dead held the lock', () => {
  const exploration = explore(
    counting((words, { threadId }) => {
      if (freed(words, threadId)) Atomics.notify(words, LOCK, 1)
    }),
  )
  expect(exploration).toMatchObject({ verdict: 'fail', failures: [{ kind: 'deadlock' }] })
})

test('only the named actors crash', () => {
  const { recover, ...abandoned } = { ...sound, crashes: ['bob'] }
  expect(recover).toBeDefined()
  expect(explore(abandoned).crash).toMatchObject({ actor: 'bob' })
  const waiting: Scenario = {
    ...abandoned,
    actors: { ...abandoned.actors, alice: () => {} },
    outcomes: { '1': 'acceptable', '0 after a crash': 'acceptable', '1 after a crash': 'acceptable' },
  }
  expect(explore(waiting)).toMatchObject({ verdict: 'pass', complete: true })
})

test('the crash of an actor that ends before is no crash, and recovery does not begin', () => {
  const gate = scenario<Int32Array, Record<string, number | string | void>>({
    name: 'an actor whose length depends on another',
    memory: () => new Int32Array(new SharedArrayBuffer(8)),
    actors: {
      alice: (words) => (Atomics.load(words, 0) === 0 ? 0 : (Atomics.add(words, 1, 1), Atomics.add(words, 1, 1))),
      bob: (words) => void Atomics.store(words, 0, 1),
    },
    crashes: ['alice'],
    recover: () => 'recovered',
    observe: (words, { recover }, crashed) => `${words[1]} ${crashed} ${String(recover)}`,
  })
  const { complete, outcomes } = explore(gate)
  expect(complete).toBe(true)
  expect(Object.keys(outcomes).toSorted()).toEqual([
    '0 alice recovered',
    '0 undefined undefined',
    '1 alice recovered',
    '2 alice recovered',
    '2 undefined undefined',
  ])
})

test('a token knows the crash, and its replay ends in it', () => {
  const { recover, ...abandoned } = sound
  expect(recover).toBeDefined()
  const [failure] = explore(abandoned).failures
  const replayed = replay(abandoned, failure!.token)
  if (replayed.kind !== 'replayed') throw new Error(replayed.divergence.message)
  const { steps, judgement } = replayed.recording
  expect(steps.filter(({ actor }) => actor === 0).map(({ action }) => action)).toEqual(['compareExchange', 'crash'])
  expect(judgement.faults).toMatchObject([{ kind: 'deadlock' }])
  expect(replay(sound, failure!.token)).toMatchObject({ kind: 'diverged' })
  const { crashes, ...safe } = abandoned
  expect(crashes).toBe(1)
  expect(replay(safe, failure!.token)).toMatchObject({
    divergence: { message: expect.stringContaining('may not crash') },
  })
})

test('what the dead has written happens before recovery, and what others write does not', () => {
  const racing = (actors: Record<string, (words: Int32Array) => void>): Scenario =>
    scenario<Int32Array, Record<string, number | string | void>>({
      name: 'plain writes',
      memory: () => new Int32Array(new SharedArrayBuffer(8)),
      actors,
      crashes: ['alice'],
      recover: (words) => words[0],
    })
  const alice = (words: Int32Array): void => void (words[0] = 1)
  const bob = (words: Int32Array): void => void (words[0] = 2)
  const other = (words: Int32Array): void => void (words[1] = 2)
  expect(explore(racing({ alice, bob: other })).verdict).toBe('pass')
  const { failures } = explore(racing({ alice: (words) => void Atomics.load(words, 1), bob }))
  expect(failures).toMatchObject([{ kind: 'data-race', message: expect.stringContaining('recover') }])
})

/** Two words or more that begin as 0. */
function over(actors: Record<string, (words: Int32Array) => void>, rest: object = {}): Scenario {
  const memory = (): Int32Array => new Int32Array(new SharedArrayBuffer(16))
  return { name: 'a scenario', memory, actors, crashes: 1, ...rest }
}

test('a write of the value that was there hides an earlier one, so that a crash behind it matters to data races', () => {
  const hidden = over(
    {
      alice: (words) => void Atomics.store(words, 1, 1),
      carol(words) {
        words[0] = 1
        Atomics.store(words, 1, 1)
        words[2] = 1
      },
    },
    {
      memory: () => new Int32Array(new SharedArrayBuffer(16)).fill(1, 1, 2),
      names: (words: Int32Array) => ({ hint: [words, 2] }),
      races: ['hint'],
      crashes: ['alice'],
      recover(words: Int32Array) {
        if (words[2] !== 1) return -1
        Atomics.load(words, 1)
        return words[0]
      },
    },
  )
  expect(explore(hidden)).toMatchObject({ verdict: 'fail', failures: [{ kind: 'data-race' }] })
})

test('a race that is declared is none after a crash either', () => {
  const hinted = over(
    { alice: (words) => void Atomics.load(words, 1), bob: (words) => void (words[0] = 1) },
    {
      names: (words: Int32Array) => ({ hint: [words, 0] }),
      races: ['hint'],
      crashes: ['alice'],
      recover: (words: Int32Array) => void words[0],
    },
  )
  expect(explore(hinted)).toMatchObject({ verdict: 'pass', complete: true })
})

test('what recovery does to its argument does not last', () => {
  const changing = over(
    { alice: (words) => void Atomics.store(words, 0, 1), bob: () => {} },
    {
      recover(words: Int32Array, crashed: { actor: string }) {
        const { actor } = crashed
        crashed.actor = 'changed'
        Atomics.load(words, 0)
        return actor
      },
    },
  )
  const { outcomes } = explore(changing)
  expect(Object.keys(outcomes).toSorted()).toEqual(['{"recover":"alice"}', '{"recover":"bob"}', '{}'])
})

test('a random number is no access', () => {
  const drawing = over(
    {
      alice(words) {
        Math.random()
        Atomics.store(words, 0, 1)
        Math.random()
        Atomics.store(words, 1, 1)
      },
    },
    { observe: (words: Int32Array, _: unknown, crashed?: string) => `${words[0]}${words[1]} ${crashed}` },
  )
  const { complete, crashes, outcomes } = explore(drawing)
  expect([complete, crashes]).toEqual([true, 3])
  expect(Object.keys(outcomes).toSorted()).toEqual(['00 alice', '10 alice', '11 alice', '11 undefined'])
})

test('a bound that is spent before all points were explored is not complete', () => {
  const one = over({ alice: (words) => void Atomics.store(words, 0, 1) })
  expect(explore(one, { maxSchedules: 1 })).toMatchObject({ verdict: 'inconclusive', complete: false })
})

test('with all failures, a search that ends at a point before the last is not complete', () => {
  const torn = over(
    {
      alice(words) {
        for (const word of [0, 1, 2]) Atomics.store(words, word, 1)
      },
    },
    { invariant: (words: Int32Array) => words[0] === words[1] },
  )
  expect(explore(torn, { allFailures: true })).toMatchObject({ verdict: 'fail', complete: false, crash: { after: 1 } })
})

test('who recovers is not stuck before it has begun', () => {
  let begun = 0
  const sleeping = over({ alice: (words) => void Atomics.wait(words, 0, 0) }, { recover: () => void begun++ })
  const { token } = explore(sleeping).failures[0]!
  begun = 0
  const replayed = replay(
    sleeping,
    changedToken(token, () => ({ client: 'c0.9' })),
  )
  if (replayed.kind !== 'replayed') throw new Error(replayed.divergence.message)
  const { judgement, stuck } = replayed.recording
  expect(judgement.faults).toMatchObject([{ kind: 'deadlock', message: 'alice sleeps forever' }])
  expect([stuck.map(({ actor }) => actor), begun]).toEqual([[0], 0])
})

test('a search that does not end in time says up to how many preemptions it is complete', () => {
  const long = (words: Int32Array): void => {
    for (let round = 0; round < 14; round++) Atomics.add(words, COUNT, 1)
  }
  const exploration = explore({ ...sound, outcomes: undefined, actors: { alice: long, bob: long } } as never, {
    timeout: 6,
  })
  expect(exploration).toMatchObject({ verdict: 'inconclusive', complete: false })
  expect(exploration.completeUpTo?.preemptions).toBeGreaterThanOrEqual(0)
})

test('it is complete only if it is so for each point', () => {
  const long = scenario<Int32Array, Record<string, void>>({
    name: 'a recovery that is short after the last point only',
    memory: () => new Int32Array(new SharedArrayBuffer(8)),
    actors: {
      alice(words) {
        Atomics.store(words, 0, 1)
        Atomics.store(words, 1, 1)
      },
    },
    crashes: 1,
    recover(words) {
      for (let round = 0; round < 50 && Atomics.load(words, 1) === 0; round++) Atomics.add(words, 0, 1)
    },
  })
  expect(explore(long)).toMatchObject({ verdict: 'pass', complete: true, crashes: 3 })
  expect(explore(long, { maxSteps: 20 })).toMatchObject({
    verdict: 'inconclusive',
    stopped: '1 schedule was cut off after 20 steps',
  })
})

test('fewer preemptions find a part of what all schedules find', () => {
  const outcomes = (options: ExploreOptions): string[] => Object.keys(explore(sound, options).outcomes)
  const few = outcomes({ strategy: 'dfs', preemptions: 0 })
  expect(outcomes({ strategy: 'dfs' })).toEqual(expect.arrayContaining(few))
  expect(outcomes({ strategy: 'random', maxSchedules: 2000 })).toHaveLength(3)
  const { schedules, stopped } = explore(sound, { strategy: 'random', maxSchedules: 2000 })
  expect([schedules, stopped]).toEqual([2000, 'gave up after 2,000 schedules'])
})

/** Returns the outcomes that the explorer finds; `stuck` alone if a schedule is a deadlock. */
function exploredOutcomes(program: CrashProgram, options: ExploreOptions): string[] {
  const { complete, failures, outcomes } = explore(crashScenario(program), options)
  if (failures.length > 0) return failures.map(({ kind }) => (kind === 'deadlock' ? 'stuck' : kind))
  // Brute force has too many schedules of some programs.
  fc.pre(complete || options.strategy === 'dpor')
  expect(complete).toBe(true)
  return Object.keys(outcomes).toSorted()
}

test.each(['dpor', 'dfs'] as const)('%s finds what becomes of random programs with a crash', (strategy) => {
  const property = fc.property(crashPrograms, (program) => {
    const possible = [...outcomesOf(program)].toSorted()
    const expected = possible.includes('stuck') ? ['stuck'] : possible
    expect(exploredOutcomes(program, { strategy, maxSchedules: 20_000 })).toEqual(expected)
  })
  fc.assert(property, { numRuns: 100 })
})

test.each([
  [{ crashes: 2 }, 'crashes that are a number'],
  [{ crashes: [] }, 'no actor that may crash'],
  [{ crashes: ['alcie'] }, 'did you mean "alice"'],
  [{ crashes: undefined }, 'no actor may crash'],
  [{ recover: 5 }, 'recover() is a number'],
  [{ actors: { recover: () => {} } }, 'the name of what runs after a crash'],
])('a scenario with %j is refused: %s', (change, words) => {
  const { error } = explore({ ...sound, ...change } as never)
  expect(error?.message.toLowerCase()).toContain(words.toLowerCase())
})
