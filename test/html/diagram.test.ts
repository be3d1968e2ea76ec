/** The diagram of a schedule: its rows, its arrows, and what the memory holds. */
import { renderToString } from 'preact-render-to-string'
import { h } from 'preact'
import { expect, test } from 'vitest'
import { stepThrough } from '../../src/explore/replay/stepping.ts'
import type { Scenario } from '../../src/scenario.ts'
import { Diagram } from '../../src/html/diagram/diagram.tsx'
import { heldAfter, Memory } from '../../src/html/diagram/memory.tsx'
import { betweenRows, rowsOf } from '../../src/html/diagram/rows.ts'
import { happensBefore, readsFrom } from '../../src/html/diagram/saw.ts'

const words = (): Int32Array => new Int32Array(new SharedArrayBuffer(8))
const names = (memory: Int32Array): object => ({ count: [memory, 0], flag: [memory, 1] })

function scenario(actors: Record<string, (memory: Int32Array) => unknown>): Scenario {
  return { name: 'a scenario', memory: words, names, actors, observe: (memory: Int32Array) => memory[0] } as never
}

function increment(memory: Int32Array): void {
  Atomics.store(memory, 0, Atomics.load(memory, 0) + 1)
}
const alice = (memory: Int32Array): void => increment(memory)
const bob = (memory: Int32Array): void => increment(memory)

/** Both load 0, and then both store 1: an increment is lost. */
const lost = stepThrough(scenario({ alice, bob }), [0, 1, 0, 1]).recording

test('a call without interruption is one row, and one that was interrupted has a row for each access', () => {
  const { recording } = stepThrough(scenario({ alice, bob }), [0, 0, 1, 1])
  expect(rowsOf(recording, { whole: false })).toMatchObject([
    { actor: 0, text: 'increment(): count 0 → 1', from: 0, to: 2 },
    { actor: 1, text: 'increment(): count 1 → 2', from: 2, to: 4 },
  ])
  expect(rowsOf(recording, { whole: true }).map(({ text }) => text)).toEqual([
    'load count = 0',
    'store count 0 → 1',
    'load count = 1',
    'store count 1 → 2',
  ])
  expect(rowsOf(lost, { whole: false }).map(({ text }) => text)).toEqual([
    'load count = 0',
    'load count = 0',
    'store count 0 → 1',
    'store count 1 → 1',
  ])
})

test('an arrow leads to each read from the write of another actor that it saw', () => {
  const { recording } = stepThrough(scenario({ alice, bob }), [0, 0, 1, 1])
  expect(readsFrom(recording.steps)).toEqual([{ from: 1, to: 2 }])
  expect(betweenRows(readsFrom(recording.steps), rowsOf(recording, { whole: false }))).toEqual([{ from: 0, to: 1 }])
  expect(readsFrom(lost.steps)).toEqual([])
})

test('a plain write orders nothing, and a notify the sleeper that it wakes', () => {
  const plain = stepThrough(
    scenario({ alice: (memory) => void (memory[0] = 1), bob: (memory) => memory[0] }),
    [0, 1],
  ).recording
  expect(readsFrom(plain.steps)).toEqual([{ from: 0, to: 1 }])
  expect(happensBefore(plain.steps)).toEqual([])
  const woken = stepThrough(
    scenario({
      alice: (memory) => (Atomics.wait(memory, 1, 0), Atomics.load(memory, 0)),
      bob: (memory) => Atomics.notify(memory, 1),
    }),
    [0, 1, 0],
  ).recording
  expect(happensBefore(woken.steps)).toEqual([{ from: 1, to: 2 }])
})

test('what the memory holds after each step, and what the last one changed', () => {
  const held = (position: number): unknown[] =>
    heldAfter(lost.steps, position).map(({ value, isNew }) => [value, isNew])
  expect([0, 1, 2, 3, 4].map(held)).toEqual([
    [['0', false]],
    [['0', false]],
    [['0', false]],
    [['1', true]],
    [['1', true]],
  ])
})

test('what is marked is said in words', () => {
  const html = renderToString(h(Diagram, { recording: lost, noReturn: 2, position: 3 }))
  expect(html.match(/⇄ preempts/g)).toHaveLength(2)
  expect(html.match(/<em class="mark bad">↓ no return/g)).toHaveLength(1)
  expect(html).toContain('from step 2 on, every continuation fails')
  expect(html.match(/aria-current="step"/g)).toHaveLength(1)
  expect(html).toContain('<span class="visually-hidden">alice: </span>')
  expect(html).not.toContain('The outcome is')
  expect(renderToString(h(Diagram, { recording: lost }))).toContain('The outcome is <code>1</code>')
  expect(renderToString(h(Memory, { recording: lost, position: 3 }))).toContain('<td>1 ← changed</td>')
})

test('an actor that sleeps forever, and a crash', () => {
  const asleep = stepThrough(scenario({ alice: (memory) => Atomics.wait(memory, 0, 0) }), [0]).recording
  expect(renderToString(h(Diagram, { recording: asleep }))).toContain('alice is asleep at count = 0 forever.')
  const crashing = { ...scenario({ alice }), crashes: ['alice'] }
  const { recording } = stepThrough(crashing, [0, 0], { client: 'c0.1' })
  expect(rowsOf(recording, { whole: true }).map(({ text }) => text)).toEqual(['load count = 0', '✝ crashes'])
})

/** Reads the two words that bob's call changes, then writes both, one after the other. */
function move(memory: Int32Array): void {
  const [count, flag] = [Atomics.load(memory, 0), Atomics.load(memory, 1)]
  Atomics.store(memory, 0, count + 1)
  Atomics.store(memory, 1, flag + 2)
}

test('a call that did several things has a row for each, and a row ends with the step that it describes', () => {
  const { recording } = stepThrough(
    scenario({ alice: (memory) => move(memory), bob: (memory) => move(memory) }),
    // alice's call is interrupted behind its reads; bob's is not.
    [0, 0, 1, 1, 1, 1, 0, 0],
  )
  const rows = rowsOf(recording, { whole: false })
  expect(rows.map(({ actor, text, from, to, step, within }) => [actor, text, from, to, step, within])).toEqual([
    [0, 'load count = 0', 0, 1, 1, false],
    [0, 'load flag = 0', 1, 2, 2, false],
    // The call's first two steps, which only read, have no line of their own: the row of the call has them.
    [1, 'move()', 2, 4, 3, false],
    [1, 'count 0 → 1', 4, 5, 5, true],
    [1, 'flag 0 → 2', 5, 6, 6, true],
    [0, 'store count 1 → 1', 6, 7, 7, false],
    [0, 'store flag 2 → 2', 7, 8, 8, false],
  ])
  // alice writes over what bob wrote, and reads nothing from bob.
  expect(betweenRows(readsFrom(recording.steps), rows)).toEqual([])
})

test('every step has its place in one row, also where rows are joined or left out', () => {
  const spin = (memory: Int32Array): void => {
    for (let round = 0; round < 20; round++) Atomics.load(memory, 1)
    for (let round = 0; round < 20; round++) Atomics.add(memory, 0, 1)
  }
  const { recording } = stepThrough(scenario({ alice: spin, bob: spin }), Array(80).fill(0).fill(1, 40))
  const places = (options: Parameters<typeof rowsOf>[1]): number[] =>
    rowsOf(recording, options).flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index))
  const all = Array.from({ length: 80 }, (_, index) => index)
  for (const whole of [true, false]) for (const most of [undefined, 11, 3]) expect(places({ whole, most })).toEqual(all)
  // Five rows, one for the 70 steps between them, and five.
  const whole = rowsOf(recording, { whole: true, most: 11 })
  expect(whole).toHaveLength(11)
  expect(whole[5]!.text).toBe('… 70 steps of all actors left out')
})

test('the rounds of a loop that waits are one row, behind the first', () => {
  const waits = (memory: Int32Array): void => {
    for (let round = 0; round < 9; round++) Atomics.load(memory, 1)
  }
  const { recording } = stepThrough(scenario({ alice: (memory) => (waits(memory), memory[0]), bob }), [
    ...Array<number>(4).fill(0),
    1,
    1,
    ...Array<number>(6).fill(0),
  ])
  expect(rowsOf(recording, { whole: false }).map(({ text, from, to }) => [text, from, to])).toEqual([
    ['load flag = 0', 0, 1],
    ['… 3 times more', 1, 4],
    ['increment(): count 0 → 1', 4, 6],
    ['load flag = 0', 6, 7],
    ['… 4 times more', 7, 11],
    ['read count = 1', 11, 12],
  ])
})

test('what an actor printed is said below', () => {
  const printing = stepThrough(scenario({ alice: (memory) => (increment(memory), console.log('done')) }), [0, 0])
  expect(renderToString(h(Diagram, { recording: printing.recording }))).toContain(
    'alice printed after step 2: <q>done</q>',
  )
})

test('a diagram is as wide as its texts need', () => {
  expect(renderToString(h(Diagram, { recording: lost }))).toMatch(/style="--lanes:2;\s*--text:[23]\d/)
})
