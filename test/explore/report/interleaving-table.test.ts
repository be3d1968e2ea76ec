import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

import { colours } from '../../../src/terminal/colours.ts'
import { interleavingTable } from '../../../src/explore/report/interleaving-table.ts'
import { lostUpdates } from '../../../src/explore/report/lost-updates.ts'
import type { Scenario } from '../../../src/scenario.ts'
import { over } from '../counters.ts'
import { cellsWith, firstFailure, firstFound, linesOf, tableOf } from './recorded.ts'

function readAll(words: Int32Array): number {
  let sum = 0
  for (let index = 0; index < words.length; index++) sum += Atomics.load(words, index)
  return sum
}

function writeFirst(words: Int32Array, value: number): void {
  Atomics.load(words, 5)
  Atomics.load(words, 6)
  Atomics.load(words, 7)
  Atomics.store(words, 0, value)
}

const eight = (): Int32Array => new Int32Array(new SharedArrayBuffer(32))

/** Reads eight words in one call, and writes one of them in another. */
const inCalls: Scenario = over(
  Object.fromEntries(['alice', 'bob'].map((name) => [name, (words) => writeFirst(words, readAll(words) + 1)])),
  {
    memory: eight,
    observe: (words) => Atomics.load(words, 0),
    outcomes: { 2: 'acceptable', 1: ['forbidden', 'an increment was lost'] },
  },
)

test('of what a folded call read, the words that another actor changes are shown with their values', () => {
  const lines = tableOf(inCalls)
  // alice reads before bob has written, and bob as well; the seven other words decide nothing.
  expect(cellsWith(lines, 'word 0 = 0')).toHaveLength(2)
  expect(cellsWith(lines, 'word 3')).toEqual([])
})

test('a write of the value that is there is shown, also in a folded call: it overwrites what it did not know', () => {
  const lines = tableOf(inCalls)
  expect(cellsWith(lines, 'word 0 1 → 1')).toHaveLength(1)
  expect(lostUpdates(firstFailure(inCalls))).toEqual([
    expect.stringMatching(
      /^\w+ knew word 0 = 0 \(step 1\), \w+ made it 1 \(step \d+\), \w+ wrote 1 over it \(step \d+\)$/,
    ),
  ])
})

/** Takes a lock that another may take at the same time, and counts. */
const countUnderBrokenLock = (words: Int32Array): void => {
  while (Atomics.load(words, 0) !== 0);
  Atomics.store(words, 0, 1)
  Atomics.store(words, 1, Atomics.load(words, 1) + 1)
  Atomics.store(words, 0, 0)
}

test('what an actor has written itself it knows, also if it was there before', () => {
  const scenario = over(
    { alice: countUnderBrokenLock, bob: countUnderBrokenLock },
    { observe: (words) => words[1], outcomes: { 2: 'acceptable' } },
  )
  expect(lostUpdates(firstFailure(scenario))).toEqual([
    expect.stringMatching(/^alice knew word 0 = 0 .* bob made it 1 .* alice wrote 1 over it/),
    expect.stringMatching(/^bob knew word 1 = 0 .* alice made it 1 .* bob wrote 1 over it/),
  ])
})

/** 3 if another actor has changed the word between the two looks. */
function looked(words: Int32Array): number {
  const before = Atomics.load(words, 0)
  const after = neutral(words)
  return before === after ? before : 3
}

function neutral(words: Int32Array): number {
  const found = Atomics.add(words, 0, 0)
  Atomics.load(words, 1)
  return found
}

test('what an atomic operation leaves as it is, it has only read: nothing is overwritten', () => {
  const failing = over(
    { alice: (words) => looked(words), bob: (words) => Atomics.store(words, 0, 1) },
    // Only where bob came in between.
    {
      observe: (_, { alice }) => `${alice as number}`,
      outcomes: { 0: 'acceptable', 1: 'acceptable', 2: 'acceptable' },
    },
  )
  const recording = firstFailure(failing)
  expect(lostUpdates(recording)).toEqual([])
  const lines = tableOf(failing)
  expect(cellsWith(lines, 'word 0 = 1')).toHaveLength(1)
  expect(cellsWith(lines, 'word 0 1 → 1')).toEqual([])
})

test('a lock that is taken and given back within a call is left out of it', () => {
  const guarded = (words: Int32Array): void => {
    while (Atomics.compareExchange(words, 1, 0, 1) !== 0) Atomics.wait(words, 1, 1)
    Atomics.store(words, 0, Atomics.load(words, 0) + 1)
    Atomics.store(words, 1, 0)
    Atomics.notify(words, 1)
  }
  const increment = (words: Int32Array): void => guarded(words)
  const lines = tableOf(
    over(
      { alice: increment, bob: increment },
      { observe: (words) => Atomics.load(words, 0), outcomes: { 9: 'acceptable' } },
    ),
  )
  expect(cellsWith(lines, 'guarded(): word 0 0 → 1')).toHaveLength(1)
  expect(cellsWith(lines, 'word 1')).toEqual([])
})

test('calls of one function on two lines are two rows, and the call around them is one', () => {
  const move = (words: Int32Array, to: number): void => {
    Atomics.load(words, 1)
    Atomics.store(words, 0, to)
  }
  const twice = (words: Int32Array): void => {
    move(words, 1)
    move(words, 2)
  }
  const failing = { outcomes: { 1: 'acceptable' }, observe: (words: Int32Array) => words[0] } as const
  expect(cellsWith(tableOf(over({ alice: twice }, failing)), 'move()')).toHaveLength(2)
  const nested = tableOf(over({ alice: (words) => twice(words) }, failing))
  expect(cellsWith(nested, 'twice()')).toHaveLength(1)
  expect(cellsWith(nested, 'move()')).toEqual([])
})

test('a long table names the calls that read only words which no other actor changes, without the words', () => {
  const peek = (words: Int32Array, index: number): number => Atomics.load(words, index)
  const glance = (words: Int32Array, index: number): number => Atomics.load(words, index)
  const act = (words: Int32Array): void => {
    for (let index = 4; index < 16; index += 2) {
      peek(words, index)
      glance(words, index + 1)
    }
    Atomics.store(words, 0, peek(words, 0) + 1)
  }
  const scenario = over(
    { alice: act, bob: act },
    {
      memory: () => new Int32Array(new SharedArrayBuffer(64)),
      observe: (words) => Atomics.load(words, 0),
      outcomes: { 2: 'acceptable', 1: 'forbidden' },
    },
  )
  const lines = tableOf(scenario)
  expect(cellsWith(lines, 'word 0 = 0 · peek()')).toHaveLength(2)
  expect(lines.filter((line) => / word (?:[4-9]|1\d) /.test(line))).toEqual([])
  expect(cellsWith(lines, 'peek(), glance()')).not.toEqual([])
})

test('sleeps and their ends stay visible in a folded call', () => {
  const patient = (words: Int32Array): string => {
    Atomics.load(words, 1)
    return Atomics.wait(words, 0, 0, 10)
  }
  const lines = tableOf(
    over({ sleeper: (words) => patient(words) }, { outcomes: { 'never so': 'acceptable' }, observe: () => 'so' }),
  )
  expect(cellsWith(lines, 'sleeps')).toEqual(['2    word 0 = 0, sleeps'])
  expect(cellsWith(lines, 'time is up')).toEqual(['3    word 0: time is up, wakes'])
})

test('a wait that may take no time does not sleep', () => {
  const lines = tableOf(
    over({ hasty: (words) => Atomics.wait(words, 0, 0, 0) }, { outcomes: { no: 'acceptable' }, observe: () => 'yes' }),
  )
  expect(cellsWith(lines, 'word 0')).toEqual(['1  word 0 = 0, time is up at once'])
})

test('the source is the line of the access, not the one in the actor that led there', () => {
  const store = (words: Int32Array): void => {
    Atomics.store(words, 0, 1) // the access
  }
  const lines = tableOf(over({ alice: (words) => store(words) }, { observe: () => 'x', outcomes: { y: 'acceptable' } }))
  const own = readFileSync(import.meta.filename, 'utf8').split('\n')
  const line = own.findIndex((text) => text.endsWith(' // the access')) + 1
  expect(lines.at(-1)?.endsWith(`interleaving-table.test.ts:${line}`)).toBe(true)
})

test.each([
  [80, 2],
  [80, 4],
  [80, 9],
  [120, 3],
  [200, 30],
])('a table for %i columns and %i actors fits', (columns, actors) => {
  const act = (words: Int32Array): void => writeFirst(words, readAll(words) + 1)
  const names = Array.from({ length: actors }, (_, index) => `actor with a long name ${index}`)
  const crowd = over(Object.fromEntries(names.map((name) => [name, act])), {
    memory: eight,
    names: (words) => ({ 'tables[17].buckets[4].head': [words, 0] }),
    observe: () => 'x',
    outcomes: { y: 'acceptable' },
  })
  const lines = linesOf(firstFound(crowd), columns)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns)
  // Where the lanes would be too narrow, each line names its actor instead.
  const inOneLane = lines[0]?.trim().startsWith('actor  ')
  expect(inOneLane).toBe(columns / actors < 25)
})

test('a loop that asks the same again and again is told once, with how often', () => {
  const asking = over(
    {
      asking: (words) => {
        for (let round = 0; round < 30; round++) Atomics.load(words, 0)
      },
    },
    { observe: () => 'x', outcomes: { y: 'acceptable' } },
  )
  const lines = tableOf(asking)
  expect(cellsWith(lines, 'word 0')).toEqual(['1  word 0 = 0'])
  expect(cellsWith(lines, 'more')).toEqual(['… 29 times more'])
})

test('a schedule of thousands of steps shows its two ends', () => {
  const long = over(
    {
      counting: (words) => {
        for (let round = 0; round < 2000; round++) Atomics.store(words, 0, round)
      },
    },
    { observe: () => 'x', outcomes: { y: 'acceptable' } },
  )
  const lines = tableOf(long)
  expect(lines.length).toBeLessThan(260)
  expect(cellsWith(lines, 'left out')).toEqual(['… 1,760 lines left out; --verbose shows all'])
  expect(lines.at(-1)).toMatch(/^2000 {2}word 0 1998 → 1999/)
})

test('what actors print stands in their lanes, once, after the step that they had taken', () => {
  const talking = over(
    {
      alice: (words) => {
        console.log('begins with', words[1])
        Atomics.store(words, 0, 1)
        console.warn('wrote %d', 1)
      },
      bob: (words) => {
        Atomics.load(words, 0)
        console.log('bob: done')
      },
    },
    { observe: () => 'x', outcomes: { y: 'acceptable' } },
  )
  const { printed } = firstFailure(talking)
  expect(printed.map(({ actor, text }) => [actor, text])).toEqual([
    [0, 'begins with 0'],
    [0, 'wrote 1'],
    [1, 'bob: done'],
  ])
  const lines = tableOf(talking)
  const at = (text: string): number => lines.findIndex((line) => line.includes(text))
  expect(at('prints: wrote 1')).toBe(at('word 0 0 → 1') + 1)
  expect(at('prints: begins with 0')).toBeLessThan(at('word 0 0 → 1'))
})

test('printing a view of shared memory is no access', () => {
  const showing = over(
    {
      alice: (words) => {
        console.log(words)
        console.log('%s', { toString: () => `${words[0]} and ${Atomics.load(words, 1)}` })
        Atomics.store(words, 0, 1)
      },
    },
    { observe: () => 'x', outcomes: { y: 'acceptable' } },
  )
  const { steps, printed } = firstFailure(showing)
  expect(steps).toHaveLength(1)
  expect(printed).toMatchObject([
    { after: null, text: 'Int32Array(4) [ 0, 0, 0, 0 ]' },
    { after: null, text: '0 and 0' },
  ])
})

test('what an actor prints in each round of a loop is shown once, after that round', () => {
  const waiting = over(
    {
      waiting: (words) => {
        let rounds = 0
        for (; Atomics.load(words, 0) === 0; rounds++) console.log('not yet')
        return rounds
      },
      setting: (words) => {
        for (let round = 0; round < 3; round++) Atomics.store(words, 1, round)
        Atomics.store(words, 0, 1)
      },
    },
    { observe: (_, { waiting: rounds }) => rounds, outcomes: { 0: 'acceptable' } },
  )
  const { steps, printed } = firstFailure(waiting)
  const inVain = steps.filter(({ action, before }) => action === 'load' && before === '0')
  expect(inVain.length).toBeGreaterThan(0)
  expect(printed.map(({ after }) => after)).toEqual(inVain.map((step) => steps.indexOf(step)))
})

test('each actor has a colour of its own, and without colours there are none', () => {
  const recording = firstFailure(inCalls)
  const text = (enabled: boolean): string => interleavingTable(recording, { verbose: false, colours: colours(enabled) })
  const [cyan, magenta] = [colours(true).cyan(''), colours(true).magenta('')].map((each) => each.slice(0, 5)) as [
    string,
    string,
  ]
  const rows = text(true)
    .split('\n')
    .filter((line) => line.includes('writeFirst()'))
  // The head of the table has one column after the other.
  expect(text(true).split('\n')[0]).toMatch(/alice.*bob/)
  expect(new Set(rows.flatMap((row) => [cyan, magenta].filter((paint) => row.includes(paint)))).size).toBe(2)
  expect(text(false)).not.toContain(cyan)
  expect(text(false)).not.toContain(magenta)
})
