import { expect, test } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { colours } from '../../src/terminal/colours.ts'
import { explorationReport } from '../../src/explore/report/exploration-report.ts'
import { scenario } from '../../src/scenario.ts'
import type { Scenario } from '../../src/scenario.ts'
import { Mutex } from '../../src/sync/mutex.ts'
import { over, words } from './counters.ts'

const settled = Promise.resolve(false)
const add = (memory: Int32Array): void => void Atomics.add(memory, 0, 1)
const sound = over({ alice: add, bob: add }, { observe: (memory) => memory[0], outcomes: { 2: 'acceptable' } })

/** Returns the message of an exploration of the sound scenario with these properties changed. */
function messageOf(changed: object, options: object = {}): string | undefined {
  const { verdict, complete, schedules, error } = explore({ ...sound, ...changed }, options)
  expect({ verdict, complete, schedules }).toEqual({ verdict: 'error', complete: false, schedules: 0 })
  return error?.message
}

test.each([
  [null, 'The scenario is null, not an object with name, memory and actors.'],
  [[], 'The scenario is an array, not an object with name, memory and actors.'],
  ['counter', 'The scenario is a string, not an object with name, memory and actors.'],
  [{ memory: words(), actors: { alice: add } }, 'The scenario has no name.'],
  [{ name: 5, memory: words(), actors: { alice: add } }, 'The scenario has no name: it is a number.'],
  [{ name: 'none', memory: words() }, 'The scenario has no actors.'],
  [{ name: ' ', memory: words(), actors: { alice: add } }, 'The scenario has an empty name.'],
])('%j is no scenario, and the refusal says why', (value, message) => {
  expect(explore(value as never)).toMatchObject({ verdict: 'error', error: { message } })
})

test('a property that throws when it is read is an error with its line', () => {
  const value = {
    get name(): string {
      throw new Error('not yet')
    },
    memory: words(),
    actors: { alice: add },
  }
  expect(explore(value).error?.message).toMatch(/^The scenario threw Error: not yet\n.*shape\.test\.ts:\d+/)
})

test.each([
  ['invariants', 'did you mean "invariant"?'],
  ['oberve', 'did you mean "observe"?'],
  ['outcome', 'did you mean "outcomes"?'],
  ['Races', 'did you mean "races"?'],
  [
    'setup',
    'there are name, memory, actors, observe, outcomes, invariant, names, races, contracts, crashes and recover.',
  ],
])('the unknown key %s is refused with the nearest right word', (key, hint) => {
  expect(messageOf({ [key]: () => true })).toBe(`The scenario has the unknown property "${key}": ${hint}`)
})

test.each([
  ['null', null, /no actors: they are null, not an object of functions/],
  ['an array', [add], /no actors: they are an array/],
  ['no object', add, /no actors: they are a function/],
  ['empty', {}, /^The scenario has no actors\.$/],
  ['a number', { alice: 5, bob: add }, /the actor "alice" is a number, not a function/],
  ['an async function', { alice: async () => {}, bob: add }, /the actor "alice" is an async function.*promise/],
  [
    'a generator',
    {
      *alice(memory: Int32Array) {
        yield add(memory)
      },
      bob: add,
    },
    /the actor "alice" is a generator function/,
  ],
  ['an async generator', { async *alice() {}, bob: add }, /the actor "alice" is a generator function/],
  ['a class', { alice: Mutex, bob: add }, /the actor "alice" is a class/],
  [
    'too many',
    Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`actor${index}`, add])),
    /at most 30 actors/,
  ],
])('actors that are %s are refused', (_, actors, message) => {
  expect(messageOf({ actors })).toMatch(message)
})

test('an actor that returns an iterator or a promise, whatever it is declared as, is refused', () => {
  function* steps(memory: Int32Array): Generator<void> {
    yield add(memory)
  }
  expect(messageOf({ actors: { alice: steps.bind(null), bob: add } })).toMatch(/^alice returned an iterator/)
  expect(messageOf({ actors: { alice: () => settled, bob: add } })).toMatch(/^alice returned a promise/)
})

test.each(['memory', 'observe', 'invariant', 'names'])('%s() must be a synchronous function', (key) => {
  expect(messageOf({ [key]: async () => true })).toMatch(`${key}() is an async function`)
  expect(messageOf({ [key]: function* () {} })).toMatch(`${key}() is a generator function`)
  expect(messageOf({ [key]: true })).toMatch(new RegExp(`${key}\\(\\).* is a boolean`))
})

test('a check that returns a promise, an iterator or no truth value is refused', () => {
  expect(messageOf({ invariant: () => Promise.resolve(false) })).toMatch(/promise/)
  expect(messageOf({ invariant: () => settled })).toMatch(/invariant\(\) returned a promise/)
  expect(messageOf({ invariant: () => [1].values() })).toMatch(/invariant\(\) returned an iterator/)
  expect(messageOf({ invariant: () => 0 })).toMatch(/invariant\(\) returned 0: it must return true or false/)
  expect(messageOf({ invariant: () => '' })).toMatch(/invariant\(\) returned '': it must return true or false/)
  expect(messageOf({ observe: () => settled })).toMatch(/observe\(\) returned a promise/)
})

test.each([
  [{ 2: 'aceptable' }, 'The scenario grades the outcome 2 as "aceptable": did you mean "acceptable"?'],
  [{ 2: ['forbiden', 'lost'] }, 'The scenario grades the outcome 2 as "forbiden": did you mean "forbidden"?'],
  [{ 2: true }, /the outcome 2 with a boolean, not one of acceptable, interesting, forbidden/],
  [{ 2: ['acceptable', 5] }, /more than a grade and a description/],
  [{}, /lists no outcome/],
  [['acceptable'], /outcomes that are an array/],
])('the outcomes %j are refused', (outcomes, message) => {
  expect(messageOf({ outcomes })).toMatch(message)
})

test('outcomes without anything to observe are refused, unless they grade what the actors return', () => {
  expect(messageOf({ observe: undefined })).toMatch(/no observe\(\) that returns them.*such as \{"alice":0,"bob":0\}/)
  expect(messageOf({ observe: () => {} })).toMatch(/observe\(\) returned undefined/)
  const graded = over(
    { alice: add, bob: (memory) => Atomics.load(memory, 1) },
    { outcomes: { '{"bob":0}': 'acceptable' } },
  )
  expect(explore(graded)).toMatchObject({ verdict: 'pass', complete: true })
})

test('races are an array of names', () => {
  expect(messageOf({ races: 'count' })).toMatch(/races that are a string/)
  expect(messageOf({ races: [{}] })).toMatch(/a race on an object/)
})

test.each([
  [{ maxSchedule: 5 }, 'There is no option "maxSchedule": did you mean "maxSchedules"?'],
  [{ stategy: 'pct' }, 'There is no option "stategy": did you mean "strategy"?'],
  [{ strategy: 'luck' }, /^There is no strategy "luck": there are dpor, dfs, random, pct and pos\.$/],
  [{ strategy: 'dpo' }, /^There is no strategy "dpo": did you mean "dpor"\?$/],
  [{ maxSchedules: 0 }, /"maxSchedules" is not a whole number from 1 on, or Infinity: 0/],
  [{ maxSchedules: '5' }, /"maxSchedules" is not a whole number from 1 on, or Infinity: "5"/],
  [{ maxSteps: 1.5 }, /"maxSteps"/],
  [{ preemptions: -1 }, /"preemptions"/],
  [{ strategy: 'pct', preemptions: 1 }, /accepts the option "preemptions"; the strategy is pct/],
  [{ timeout: Number.NaN }, /"timeout" is not a number of seconds above 0/],
  [{ seed: 'x' }, /"seed"/],
  [{ allFailures: 'yes' }, /"allFailures" is not true or false/],
  [{ dataRaces: 0 }, /"dataRaces"/],
])('the options %j are refused by name', (options, message) => {
  expect(messageOf({}, options)).toMatch(message)
})

test('a symbol in the result of an actor is shown, not null', () => {
  const { outcomes } = explore(over({ alice: (memory) => [Atomics.load(memory, 0), Symbol('mark')] }))
  expect(Object.keys(outcomes)).toEqual(['{"alice":[0,"Symbol(mark)"]}'])
})

test('options that are undefined, and bounds that are infinite, are none', () => {
  const options = { maxSchedules: Infinity, maxSteps: Infinity, timeout: Infinity, seed: undefined } as object
  expect(explore(sound, options)).toMatchObject({ verdict: 'pass', complete: true })
  expect(explore(sound, null as never)).toMatchObject({ verdict: 'error', error: { message: /options are null/ } })
})

test.each<[name: string, observe: Scenario['observe'], message: RegExp]>([
  ['a function', () => ({ list: [{ act: () => 0 }] }), /a function at "list\[0\]\.act", which has no JSON/],
  ['a symbol', () => [Symbol('x')], /a symbol at "\[0\]"/],
  ['a Map', () => ({ counts: new Map([[1, 2]]) }), /a Map at "counts", whose JSON is \{\}/],
  ['a Set', () => new Set([1]), /a Set, whose JSON is \{\}/],
  ['the BigInt of an outcome that is listed as a number', () => 2n, /the BigInt 2n, and the outcomes list 2/],
  [
    'what refers to itself',
    () => {
      const loop: Record<string, unknown> = {}
      return Object.assign(loop, { inner: { loop } })
    },
    /refers to itself at "inner\.loop"/,
  ],
])('observe() may not return %s: the outcome would hide it', (_, observe, message) => {
  expect(messageOf({ observe })).toMatch(message)
})

test('what stands in two places of an outcome is no loop, and BigInts are told apart from numbers', () => {
  const twice = [1]
  const observed = {
    ...sound,
    observe: () => [twice, { twice }, 2n],
    outcomes: { '[[1],{"twice":[1]},"2n"]': 'acceptable' },
  } as const
  expect(explore(observed)).toMatchObject({ verdict: 'pass' })
  expect(explore({ ...sound, observe: () => 2n, outcomes: { '2n': 'acceptable' } })).toMatchObject({ verdict: 'pass' })
  expect(explore({ ...sound, observe: () => null, outcomes: { null: 'acceptable' } })).toMatchObject({
    verdict: 'pass',
  })
})

test('what the scenario’s own functions throw is told with their names and the line', () => {
  const throwing = (): never => {
    throw new RangeError('no room')
  }
  expect(messageOf({ observe: throwing })).toMatch(/^observe\(\) threw RangeError: no room\n.*shape\.test\.ts:\d+/)
  expect(messageOf({ names: throwing })).toMatch(/^names\(\) threw RangeError: no room/)
  expect(
    messageOf({
      memory: () => {
        throw 'full'
      },
    }),
  ).toBe('memory() threw full')
})

test.each<[thrown: unknown, text: string]>([
  ['oops', 'oops'],
  [undefined, 'undefined'],
  [{ code: 5 }, '{ code: 5 }'],
  [Object.create(null), '[Object: null prototype] {}'],
  [new Error(''), 'Error'],
  [Symbol('x'), 'Symbol(x)'],
])('an actor may throw anything: %o', (thrown, text) => {
  const alice = (memory: Int32Array): void => {
    add(memory)
    throw thrown
  }
  expect(explore({ ...sound, actors: { alice, bob: add } }).failures).toMatchObject([
    { kind: 'exception', message: `alice threw ${text}` },
  ])
})

test('actors without any shared memory are refused, and those that do not use it are told of', () => {
  const own = { memory: () => new Int32Array(4), actors: { alice: (memory: Int32Array) => (memory[0] = 1) } }
  expect(messageOf(own)).toMatch(/^The actors touch no shared memory, and memory\(\) returned none.* Return a/)
  const idle = explore({ ...sound, actors: { alice: () => 1, bob: () => 2 }, outcomes: { 0: 'acceptable' } })
  expect(idle).toMatchObject({ verdict: 'pass', note: expect.stringMatching(/^The actors touch no shared memory/) })
  const report = explorationReport(idle, [], { verbose: false, colours: colours(false) })
  expect(report).toContain('The actors touch no shared memory: there is one schedule, and it shows nothing.')
  const used = explore({ ...sound, actors: { alice: () => 1, bob: add }, outcomes: { 1: 'acceptable' } })
  expect(used.verdict).toBe('pass')
  expect(used).not.toHaveProperty('note')
  // Its first access might have come after the exception.
  const early = (): never => {
    throw new Error('early')
  }
  const thrown = explore({ ...own, name: 'early', actors: { alice: early } })
  expect(thrown).toMatchObject({ verdict: 'fail', failures: [{ kind: 'exception' }] })
})

test('the types refuse what they can', () => {
  const actors = { alice: add }
  // @ts-expect-error: an actor is synchronous.
  scenario({ name: 'async', memory: words(), actors: { alice: async (memory: Int32Array) => add(memory) } })
  function* steps(memory: Int32Array): Generator<void> {
    yield add(memory)
  }
  // @ts-expect-error: a generator has not run yet.
  scenario({ name: 'generator', memory: words(), actors: { alice: steps } })
  // @ts-expect-error: memory() is synchronous.
  scenario({ name: 'memory', memory: async () => words()(), actors: { alice: () => 1 } })
  // @ts-expect-error: an invariant is synchronous.
  scenario({ name: 'invariant', memory: words(), actors, invariant: async () => true })
  // @ts-expect-error: there is no such grade.
  scenario({ name: 'grade', memory: words(), actors, outcomes: { 1: 'forbiden' } })
  // @ts-expect-error: there is no such key.
  scenario({ name: 'key', memory: words(), actors, invariants: () => true })
  // @ts-expect-error: there is no such option.
  expect(explore(sound, { maxSchedule: 5 }).verdict).toBe('error')
})
