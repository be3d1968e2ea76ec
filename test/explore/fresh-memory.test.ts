import { expect, test } from 'vitest'

import { loadWithGlobalsReplaced } from '../../src/explore/globals/install.ts'
import { explore } from '../../src/explore/index.ts'
import { planToken, replay } from '../../src/explore/replay/replay.ts'
import { scenario } from '../../src/scenario.ts'
import type { Scenario } from '../../src/scenario.ts'
import { Mutex } from '../../src/sync/mutex.ts'

const { Memory: WasmMemory } = Reflect.get(globalThis, 'WebAssembly') as { Memory: new (limits: object) => object }
const settled = Promise.resolve()
const { port1 } = new MessageChannel()
port1.close()

const words = (): Int32Array => new Int32Array(new SharedArrayBuffer(8))
const bump = (shared: Int32Array): number => Atomics.store(shared, 0, Atomics.load(shared, 0) + 1)

interface Mixed {
  readonly shared: Int32Array
  notes: { count: number }[]
  expected: Set<number>
  seen: Map<string, { at: number }>
  floats: Float64Array
}

const mixed = (): Mixed => ({
  shared: words(),
  notes: [{ count: 0 }],
  expected: new Set([2]),
  seen: new Map([['last', { at: 0 }]]),
  floats: Float64Array.of(0.5),
})

/** Changes everything that is not shared, and returns the values from before. */
function use(memory: Mixed): string {
  const { notes, expected, seen, floats } = memory
  const found = JSON.stringify([notes, [...expected], [...seen], [...floats]])
  const [note] = notes
  if (note !== undefined) note.count++
  expected.clear()
  const last = seen.get('last')
  if (last !== undefined) last.at++
  floats[0] = 0
  memory.notes = []
  return found
}

const UNUSED = '[[{"count":0}],[2],[["last",{"at":0}]],[0.5]]'

test('each run of an actor, and each check, finds what is private as memory() had made it', () => {
  const act = (memory: Mixed): string => {
    const found = use(memory)
    Atomics.add(memory.shared, 0, 1)
    return found
  }
  const checked: string[] = []
  const check = (memory: Mixed): void => void checked.push(use(memory))
  const result = explore(
    scenario({
      name: 'private data',
      memory: mixed,
      actors: { alice: act, bob: act },
      invariant: check,
      observe: (memory, results) => {
        check(memory)
        return results
      },
      names: (memory) => {
        check(memory)
        return { count: [memory.shared, 0] }
      },
    }),
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true, schedules: 2 })
  expect(Object.keys(result.outcomes)).toEqual([JSON.stringify({ alice: UNUSED, bob: UNUSED })])
  expect(checked.length).toBeGreaterThan(4)
  expect(new Set(checked)).toEqual(new Set([UNUSED]))
})

test('an invariant that uses up what it is given finds a failure in the last schedule too', () => {
  const result = explore(
    scenario({
      name: 'worn out',
      memory: () => ({ shared: words(), expected: [2] }),
      actors: { alice: ({ shared }) => bump(shared), bob: ({ shared }) => bump(shared) },
      invariant: ({ shared, expected }) => expected.splice(0).every((value) => shared[0] === value),
    }),
  )
  expect(result).toMatchObject({ verdict: 'fail', failures: [{ kind: 'invariant' }] })
})

test('a check that uses up the results does not change them for the next schedule', () => {
  const result = explore(
    scenario({
      name: 'results',
      memory: words,
      actors: { alice: () => [1], bob: bump, carol: bump },
      invariant: (_, { alice }) => alice.pop() === 1,
      observe: (_, { alice }) => alice.pop(),
      outcomes: { 1: 'acceptable' },
    }),
    { strategy: 'dfs' },
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
})

test('what checks write to shared memory is undone, also in buffers that memory() did not return', () => {
  const own = words()
  const result = explore(
    scenario({
      name: 'writing checks',
      memory: words,
      actors: { alice: (shared) => Atomics.add(shared, 0, 1), bob: (shared) => Atomics.add(shared, 0, 1) },
      names: (shared) => {
        Atomics.store(shared, 0, 7)
        return { count: [shared, 0] }
      },
      invariant: (shared) => {
        const looked = new Int32Array(own.buffer)
        return Atomics.add(looked, 0, 1) === 0 && Atomics.add(shared, 0, 5) === 2
      },
      // observe() is called after the invariant, and finds what the schedule left.
      observe: (shared) => Atomics.add(shared, 0, 5),
      outcomes: { 2: 'acceptable' },
    }),
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
  expect(own[0]).toBe(0)
})

test('an object that stands in two places of the memory, or within itself, does so in each copy', () => {
  interface Node {
    readonly shared: Int32Array
    readonly self?: Node
    readonly both: readonly (readonly number[])[]
    readonly bytes: Uint8Array
    readonly halves: Uint16Array
  }
  const act = (memory: Node): boolean => {
    Atomics.add(memory.shared, 0, 1)
    memory.bytes[0] = 5
    return memory.self === memory && memory.both[0] === memory.both[1] && memory.halves[0] === 5
  }
  const memory = (): Node => {
    const pair = [1]
    const bytes = new Uint8Array(2)
    const node: { self?: Node } & Node = {
      shared: words(),
      both: [pair, pair],
      bytes,
      halves: new Uint16Array(bytes.buffer),
    }
    node.self = node
    return node
  }
  const result = explore(scenario({ name: 'loop', memory, actors: { alice: act, bob: act } }))
  expect(result).toMatchObject({ verdict: 'pass', outcomes: { '{"alice":true,"bob":true}': { count: 2 } } })
})

test.each<[name: string, memory: () => unknown, message: RegExp]>([
  ['a port', () => ({ ports: [port1] }), /a MessagePort at "ports\[0\]": messages are not shared memory/],
  [
    'a WebAssembly.Memory',
    () => new WasmMemory({ initial: 1, maximum: 1, shared: true }),
    /a WebAssembly\.Memory: the explorer sees shared memory only through views\. Return its buffer/,
  ],
  ['a promise', () => ({ settled }), /a Promise at "settled": memory\(\) is synchronous/],
  ['a function', () => [() => 0], /a function at "\[0\]": it cannot be sent to a worker/],
  ['a symbol', () => ({ key: Symbol('x') }), /a symbol at "key"/],
  [
    'an instance',
    () => new Map([['lock', new Mutex(words(), 0)]]),
    /an instance of Mutex at "\.lock": an instance loses its class/,
  ],
  ['a weak map', () => new WeakMap(), /an instance of WeakMap/],
])('memory() may not return %s, and the refusal says what to do', (_, memory, message) => {
  expect(explore({ name: 'memory', memory, actors: { alice: () => 0 } }).error?.message).toMatch(message)
})

test('the memory may hold data of all kinds that can be sent to a worker', () => {
  const date = new Date(5)
  const result = explore(
    scenario({
      name: 'data',
      memory: () => ({
        shared: words(),
        date,
        pattern: /x/u,
        error: new RangeError('far'),
        view: new DataView(new ArrayBuffer(2)),
      }),
      actors: {
        alice: ({ shared, date: own, pattern, error, view }) => {
          Atomics.add(shared, 0, 1)
          view.setInt8(0, view.getInt8(0) + 1)
          own.setTime(own.getTime() + 1)
          return [own.getTime(), pattern.test('x'), error.message, view.getInt8(0)]
        },
        bob: ({ shared }) => Atomics.add(shared, 0, 1),
      },
    }),
  )
  expect(Object.keys(result.outcomes)).toContain('{"alice":[6,true,"far",1],"bob":1}')
  expect(date.getTime()).toBe(5)
})

test('what an actor or a check leaves on a view itself is its own', () => {
  class Words extends Int32Array<SharedArrayBuffer> {}
  type Marked = Int32Array & { steps?: number }
  const mark = (shared: Marked): number => (shared.steps = (shared.steps ?? 0) + 1)
  const act = (shared: Marked): number => {
    Atomics.add(shared, 0, mark(shared))
    Atomics.load(shared, 1)
    const view: Marked = new Int32Array(shared.buffer)
    return mark(shared) * 10 + mark(view)
  }
  const result = explore(
    scenario({
      name: 'marks',
      memory: (): Marked => words(),
      actors: { alice: act, bob: act },
      names: (shared) => ({ count: [Object.assign(shared, { steps: 9 }), 0] }),
      invariant: (shared) => mark(shared) === 1 && !(shared instanceof Words),
      observe: (shared, { alice, bob }) => {
        Object.setPrototypeOf(shared, Words.prototype)
        return [Atomics.load(shared, 0), alice, bob]
      },
      outcomes: { '[2,21,21]': 'acceptable' },
    }),
  )
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
})

test.each([
  [() => ({ count: 5 }), /"count" is not a word/],
  [() => ({ count: [new Int32Array(1), 0] }), /"count" is not a word of a view of the shared memory/],
  [(shared: Int32Array) => ({ count: [shared, 2] }), /"count" is not a word/],
  [() => 'count', /names\(\) returned no object of words/],
])('names() %o is refused', (names, message) => {
  const act = (shared: Int32Array): number => Atomics.add(shared, 0, 1)
  const named = { name: 'names', memory: words, actors: { act }, names } as unknown as Scenario
  expect(explore(named).error?.message).toMatch(message)
})

test('threads have no part in the memory of another thread’s module, so a replay on them is refused', async () => {
  const { module: kept, release } = await loadWithGlobalsReplaced(async () => words())
  const kind = { name: 'strays', memory: () => null, observe: () => kept[0], outcomes: { 2: 'acceptable' } } as const
  const lossy: Scenario = { ...kind, actors: { alice: () => bump(kept), bob: () => bump(kept) } }
  const [failure] = explore(lossy).failures
  expect(() => planToken(lossy, failure?.token ?? '')).toThrow(/shared memory that memory\(\) did not return/)
  release()
})

/** A scenario with shared memory that its module made when it was loaded under control, as the command loads it. */
async function ofModule(make: (kept: Int32Array) => Partial<Scenario>): Promise<void> {
  const { module: kept, release } = await loadWithGlobalsReplaced(async () => words())
  const observed = { name: 'memory of a module', observe: () => Atomics.load(kept, 0), outcomes: { 2: 'acceptable' } }
  const lossy = {
    ...observed,
    memory: () => null,
    actors: { alice: () => bump(kept), bob: () => bump(kept) },
    ...make(kept),
  } as Scenario
  try {
    for (let times = 0; times < 2; times++) {
      const result = explore(lossy)
      expect(result).toMatchObject({ verdict: 'fail', failures: [{ kind: 'outcome', outcome: '1' }] })
      const replayed = replay(lossy, result.failures[0]?.token ?? '')
      expect(replayed).toMatchObject({ kind: 'replayed', recording: { judgement: { outcome: { key: '1' } } } })
    }
    expect(kept[0]).toBe(0)
    const adding = { alice: () => Atomics.add(kept, 0, 1), bob: () => Atomics.add(kept, 0, 1) }
    expect(explore({ ...lossy, actors: adding })).toMatchObject({ verdict: 'pass', complete: true })
  } finally {
    release()
  }
}

test('memory of the module begins each schedule, and each exploration and replay, as it was', async () => {
  await ofModule(() => ({}))
  await ofModule((kept) => ({ memory: () => kept }))
  await ofModule((kept) => ({ memory: () => kept.fill(0) }))
  await ofModule((kept) => ({ observe: () => Atomics.add(kept, 0, 5) }))
})
