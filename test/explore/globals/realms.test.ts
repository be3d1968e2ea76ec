import vm, { runInNewContext, Script } from 'node:vm'
import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { loadWithGlobalsReplaced } from '../../../src/explore/globals/install.ts'
import { over } from '../counters.ts'

const bob = (words: Int32Array): number => Atomics.store(words, 0, Atomics.load(words, 0) + 1)
const sum = { observe: (words: Int32Array) => words[0], outcomes: { 2: 'acceptable' } } as const

test.each<[string, (words: Int32Array) => unknown]>([
  ['runInNewContext', (words) => runInNewContext('words[0]', { words })],
  ['createContext', (words) => vm.createContext({ words })],
  ['runInNewContext', (words) => new Script('words[0]').runInNewContext({ words })],
])('an actor that enters another realm by %s is refused by name', (name, enter) => {
  const { error } = explore(over({ alice: enter, bob }))
  expect(error?.message).toMatch(new RegExp(`an actor used ${name} of node:vm`))
})

test('accesses in a realm that is made while a module loads are seen', async () => {
  const { module, release } = await loadWithGlobalsReplaced(async () => ({
    increment: runInNewContext('(words) => Atomics.store(words, 0, Atomics.load(words, 0) + 1)') as typeof bob,
    Words: vm.runInContext('Int32Array', vm.createContext({})) as Int32ArrayConstructor,
  }))
  try {
    const atomic = explore(over({ alice: module.increment, bob }, sum))
    expect(atomic.failures[0]).toMatchObject({ kind: 'outcome', outcome: '1' })
    const plain = explore(over({ alice: (words) => new module.Words(words.buffer)[0], bob }))
    expect(plain.failures[0]?.kind).toBe('data-race')
  } finally {
    release()
  }
})

test('a realm keeps the globals that it was given, and gets its own back', async () => {
  const given = { Atomics: 'mine' }
  const context = vm.createContext({})
  const { release } = await loadWithGlobalsReplaced(async () => runInNewContext('Atomics', given) as unknown)
  release()
  expect(given).toEqual({ Atomics: 'mine' })
  expect(Object.keys(context)).toEqual([])
  expect(vm.runInContext('Atomics === Atomics && new Int32Array(2).length', context)).toBe(2)
})

test('Atomics of a realm from before is named when it is given a view', () => {
  const other = runInNewContext('Atomics') as typeof Atomics
  const { error } = explore(over({ alice: (words) => other.add(words, 0, 1), bob }))
  expect(error?.message).toMatch(/add was given a view .*another realm/)
})
