import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { over, words } from '../counters.ts'
import { expectAsNative } from './single-actor.ts'

const increment = (view: Int32Array): void => {
  Atomics.store(view, 0, Atomics.load(view, 0) + 1)
}
const noneLost = { observe: (view: Int32Array) => view[0], outcomes: { 2: 'acceptable' } } as const

test('a clone of a view is another object over the same memory', () => {
  expectAsNative((memory) => {
    const view = new Int32Array(memory)
    const clone = structuredClone(view)
    clone[0] = 5
    Atomics.add(view, 0, 1)
    return [clone[0], clone === view, clone.buffer === memory, clone.buffer instanceof SharedArrayBuffer, clone.length]
  })
})

test('views and buffers are cloned at any depth of the object that holds them', () => {
  expectAsNative((memory) => {
    const view = new Int32Array(memory, 4, 2)
    const value = {
      view,
      list: [view, memory],
      map: new Map([['a', view]]),
      set: new Set([view]),
      own: Int8Array.of(1),
    }
    const clone = structuredClone(value)
    view[0] = 7
    const [part, buffer] = clone.list as [Int32Array, SharedArrayBuffer]
    const all = [clone.view, part, clone.map.get('a'), ...clone.set]
    return [all.map((each) => [each?.[0], each?.byteOffset, each === part]), new Int32Array(buffer)[1], [...clone.own]]
  })
})

test('structuredClone throws for a value that cannot be cloned', () => {
  expectAsNative((memory) => structuredClone({ view: new Int32Array(memory), act: () => 0 }).view.length)
})

test.each<[string, (view: Int32Array) => Int32Array]>([
  ['a view', (view) => structuredClone(view)],
  ['a container', (view) => structuredClone({ deep: [view] }).deep[0]!],
  ['the buffer', (view) => new Int32Array(structuredClone(view.buffer) as SharedArrayBuffer)],
  ['a clone', (view) => structuredClone(structuredClone(view))],
])('the explorer sees accesses through a clone of %s, which are to the same memory', (_, clone) => {
  const result = explore(over({ alice: (view) => increment(clone(view)), bob: increment }, noneLost))
  expect(result).toMatchObject({ verdict: 'fail', failures: [{ kind: 'outcome', outcome: '1' }] })
})

test('memory() may return a view with clones of the view and of its buffer', () => {
  const result = explore({
    name: 'clones',
    memory: () => {
      const view = words()()
      return [view, structuredClone(view), structuredClone(view.buffer)]
    },
    actors: {
      alice: ([view]: [Int32Array]) => increment(view),
      bob: ([, clone]: [unknown, Int32Array]) => increment(clone),
      carol: ([, , buffer]: [unknown, unknown, SharedArrayBuffer]) => increment(new Int32Array(buffer)),
    },
    observe: (memory) => (memory as [Int32Array])[0][0],
    outcomes: { 3: 'acceptable', 2: 'acceptable' },
  })
  expect(result).toMatchObject({ verdict: 'fail', failures: [{ kind: 'outcome', outcome: '1' }] })
})
