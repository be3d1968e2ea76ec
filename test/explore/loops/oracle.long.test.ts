import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { randomNumbers } from '../../../src/explore/model/random-numbers.ts'
import { cas, exit, finds, holds, load, local, loop, notify, perform, store, wait, when } from './build.ts'
import { programs } from './generate.ts'
import { truthOf } from './oracle.ts'
import type { Truth } from './oracle.ts'
import type { Body } from './program.ts'
import { DEADLOCK, steppable, walk } from './walk.ts'

test('the oracle knows each outcome of a walk through the JavaScript of a program', () => {
  let [possible, seen] = [0, 0]
  const property = fc.property(programs, fc.nat(), (program, seed) => {
    const truth = truthOf(program, 20_000)
    fc.pre(truth !== undefined)
    const actors = steppable(program)()
    const next = randomNumbers(seed)
    const ends = new Set<string>()
    for (let count = 0; count < 60; count++) {
      const end = walk(program, actors, (n) => Math.floor(next() * n))
      if (end === DEADLOCK) expect(truth.deadlock).toBe(true)
      else if (end !== undefined) {
        expect([...truth.outcomes]).toContain(end)
        ends.add(end)
      }
    }
    possible += truth.outcomes.size
    seen += ends.size
  })
  fc.assert(property, { numRuns: 600, seed: 9 })
  // The walks reach most of the outcomes that the oracle knows, so it does not invent any.
  expect(seen).toBeGreaterThan(possible / 2)
}, 60_000)

/** Returns what can become of actors over three words that are 0. */
function truthFor(...actors: Body[]): Truth | undefined {
  return truthOf(
    { memory: [0, 0, 0], helpers: [], actors, style: { oneLine: false, closures: false, reversed: false } },
    1000,
  )
}

const NO_END = { deadlock: false, livelock: false, inVain: false, restless: false }

describe('by hand', () => {
  const until = (word: number): Body => [loop(finds(load(word), '===', 0))]

  test('a spin that is answered ends', () => {
    expect(truthFor(until(0), [perform(store(0, 1))])).toMatchObject({ ...NO_END, outcomes: { size: 1 } })
  })

  test('a spin that is not answered is a livelock, also if another actor sleeps', () => {
    const livelock = { ...NO_END, livelock: true, inVain: true, outcomes: { size: 0 } }
    expect(truthFor(until(0), [perform(store(1, 1))])).toMatchObject(livelock)
    expect(truthFor(until(0), [perform(wait(1, 0))])).toMatchObject(livelock)
  })

  test('two sleepers without a time limit are a deadlock', () => {
    // Either actor may sleep first. Neither is woken.
    const sleeper: Body = [perform(wait(0, 0))]
    expect(truthFor(sleeper, sleeper)).toMatchObject({ ...NO_END, deadlock: true, outcomes: { size: 0 } })
  })

  test('a wake-up that comes before the sleep is lost', () => {
    expect(truthFor([perform(wait(0, 0))], [perform(notify(0))])).toMatchObject({
      ...NO_END,
      deadlock: true,
      outcomes: { size: 1 },
    })
  })

  test('timed sleeps without a wake-up are a livelock; with wake-ups in vain they may be called one', () => {
    const sleeping: Body = [loop(finds(load(0), '===', 0), [perform(wait(1, 0, true))])]
    const calling: Body = [loop(finds(load(0), '===', 0), [perform(notify(1))])]
    expect(truthFor(sleeping)).toMatchObject({ livelock: true, inVain: true, restless: false })
    expect(truthFor(sleeping, calling)).toMatchObject({ livelock: false, inVain: true, restless: false })
  })

  test('a loop that changes memory in each round is not a livelock', () => {
    const restless: Body = [loop(finds(load(0), '===', 0), [perform({ op: 'xor', word: 1, value: 1 })])]
    expect(truthFor(restless)).toMatchObject({ ...NO_END, restless: true })
  })

  test('a notify wakes only an actor that already sleeps', () => {
    const first: Body = [perform(wait(0, 0), 'v0')]
    const waker: Body = [perform(notify(0), 'v0'), perform(notify(0), 'v1')]
    const ends = truthFor(first, waker)
    // The sleep began in time for the first notify, or for the second.
    const counts = [...(ends?.outcomes ?? [])].map((key) => /"actor1":(.*?\])/.exec(key)?.[1])
    expect(new Set(counts)).toEqual(new Set(['[0,0,1]', '[0,1,0]']))
    expect(ends?.deadlock).toBe(true)
  })

  test('a retry that fails tries again with what it reads then', () => {
    const increment: Body = [
      loop(
        undefined,
        [
          perform(load(0), 't1'),
          perform(cas(0, local('t1'), local('t1', 1)), 'u1'),
          when(holds('u1', '===', local('t1')), [exit(1)]),
        ],
        ['t1', 'u1'],
      ),
    ]
    const truth = truthFor(increment, increment)
    expect(truth).toMatchObject(NO_END)
    expect([...(truth?.outcomes ?? [])]).toEqual(['[[2,0,0],{"actor0":[1,0,0],"actor1":[1,0,0]}]'])
  })
})
