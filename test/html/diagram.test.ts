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
