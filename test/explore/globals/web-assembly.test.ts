import { expect, test } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { loadWithGlobalsReplaced } from '../../../src/explore/globals/install.ts'
import { over } from '../counters.ts'

/** The types of Node declare WebAssembly only as a namespace of types. */
interface WebAssemblyNamespace {
  Module: new (code: Uint8Array) => object
  Memory: new (limits: object) => { readonly buffer: SharedArrayBuffer }
  Instance: new (module: object, imports?: object) => { readonly exports: Exports }
  instantiate(code: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: Exports } }>
}
type Exports = Record<string, () => void>
const wasm = Reflect.get(globalThis, 'WebAssembly') as unknown as WebAssemblyNamespace

/** Imports a shared memory m.m of one page; exports `bump`, which adds 1 to its first word, not atomically. */
const BUMP = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 9, 1, 1, 109, 1, 109, 2, 3, 1, 1, 3, 2, 1, 0, 7, 8, 1, 4, 98, 117,
  109, 112, 0, 0, 10, 17, 1, 15, 0, 65, 0, 65, 0, 40, 2, 0, 65, 1, 106, 54, 2, 0, 11,
])
/** Exports a function `nop`, and shares nothing. */
const NOP = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 7, 1, 3, 110, 111, 112, 0, 0, 10, 4, 1, 2, 0, 11,
])

const sharedMemory = () => new wasm.Memory({ initial: 1, maximum: 1, shared: true })

test.each<[string, () => unknown]>([
  ['Module', () => new wasm.Module(NOP)],
  ['Instance', () => new wasm.Instance(compiled)],
  ['instantiate', () => wasm.instantiate(NOP, {})],
  ['Memory', sharedMemory],
])('an actor that uses WebAssembly.%s is refused by name', (name, use) => {
  const { verdict, error } = explore(over({ alice: () => void use(), bob: (words) => words[0] }))
  expect(verdict).toBe('error')
  expect(error?.message).toMatch(new RegExp(`alice: an actor used WebAssembly\\.${name}: .*does not see`))
})

const compiled = new wasm.Module(NOP)

test('an actor that calls an instance over shared memory is refused, whichever way the instance was made', async () => {
  const { module: made, release } = await loadWithGlobalsReplaced(async () => {
    const memory = sharedMemory()
    const { instance } = await wasm.instantiate(BUMP, { m: { m: memory } })
    return [new wasm.Instance(new wasm.Module(BUMP), { m: { m: memory } }).exports, instance.exports]
  })
  try {
    for (const { bump } of made) {
      // Outside of actors the instance works.
      bump?.()
      const { error } = explore(over({ alice: () => bump?.(), bob: (words) => words[0] }))
      expect(error?.message).toMatch(/alice: an actor called bump of a WebAssembly instance/)
    }
  } finally {
    release()
  }
})

test('an actor may call an instance that shares nothing', async () => {
  const { module: exported, release } = await loadWithGlobalsReplaced(async () => new wasm.Instance(compiled).exports)
  try {
    const result = explore(over({ alice: () => exported['nop']?.(), bob: (words) => words[0] }))
    expect(result).toMatchObject({ verdict: 'pass', complete: true })
  } finally {
    release()
  }
})

test('memory() may return a view of a shared WebAssembly memory, but not the memory', () => {
  const increment = (words: Int32Array): number => Atomics.store(words, 0, Atomics.load(words, 0) + 1)
  const scenario = over(
    { alice: increment, bob: increment },
    {
      memory: () => new Int32Array(sharedMemory().buffer, 0, 4),
      observe: (words) => words[0],
      outcomes: { 2: 'acceptable' },
    },
  )
  expect(explore(scenario)).toMatchObject({ verdict: 'fail', failures: [{ kind: 'outcome' }] })
  const whole = explore({ name: 'memory', memory: () => ({ heap: sharedMemory() }), actors: { alice: () => 0 } })
  expect(whole.error?.message).toMatch(/WebAssembly\.Memory at "heap": .*Return its buffer/)
})
