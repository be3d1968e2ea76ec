/**
 * The models against objects of plain JavaScript: of a history in which one call comes after another, a check says whether each
 * output is what the object gives.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'

import {
  casRegister,
  checkLinearizable,
  counter,
  map,
  mutex,
  queueOf,
  register,
  semaphoreOf,
} from '../../src/check/index.ts'
import { set, stackOf } from '../../src/check/index.ts'
import type { Model, Operation } from '../../src/check/index.ts'

/** The call cannot return. */
const NEVER = Symbol('never')

/** What an operation of an object does, and what it returns. `process`: who calls it. */
type Apply = (input: any, process: number) => unknown
type Reference = () => Readonly<Record<string, Apply>>

const value = fc.constantFrom(1, 2, 3)
const pair = fc.tuple(value, value)
const none = fc.constant(undefined)

const registerOf = (): { read: Apply; write: Apply; cas: Apply } => {
  let now: unknown = null
  return {
    read: () => now,
    write: (next) => void (now = next),
    cas([expected, next]) {
      const swaps = now === expected
      if (swaps) now = next
      return swaps
    },
  }
}

const listOf =
  (capacity: number, take: (all: unknown[]) => unknown): Reference =>
  () => {
    const all: unknown[] = []
    return {
      push(each) {
        if (all.length >= capacity) return false
        all.push(each)
        return undefined
      },
      pop: () => take(all) ?? null,
      size: () => all.length,
    }
  }

interface Tested {
  readonly model: Model<any>
  readonly reference: Reference
  /** The inputs of each operation, and what may be put in the place of its output; nothing if it has none. */
  readonly calls: Readonly<Record<string, readonly [inputs: fc.Arbitrary<unknown>, outputs?: readonly unknown[]]>>
}

const VALUES = [null, 1, 2, 3]
const EITHER = [true, false]

const tested: Record<string, Tested> = {
  register: {
    model: register,
    reference: registerOf,
    calls: { read: [none, VALUES], write: [value] },
  },
  'register with compare-and-swap': {
    model: casRegister,
    reference: registerOf,
    calls: { read: [none, VALUES], write: [value], cas: [pair, EITHER] },
  },
  counter: {
    model: counter,
    reference: () => {
      let count = 0
      return {
        read: () => count,
        add: (amount: number) => void (count += amount),
        fetchAdd: (amount: number) => (count += amount) - amount,
        increment: () => ++count,
      }
    },
    calls: {
      read: [none, [0, 1, 2, 3]],
      add: [value],
      fetchAdd: [value, [0, 4, 5, 6]],
      increment: [none, [1, 2, 3, 4]],
    },
  },
  set: {
    model: set,
    reference: () => {
      const all = new Set()
      return {
        add: (each) => !all.has(each) && all.add(each) !== undefined,
        remove: (each) => all.delete(each),
        has: (each) => all.has(each),
      }
    },
    calls: { add: [value, EITHER], remove: [value, EITHER], has: [value, EITHER] },
  },
  map: {
    model: map,
    reference: () => {
      const all = new Map()
      return {
        set: ([key, each]) => void all.set(key, each),
        get: (key) => (all.get(key) as unknown) ?? null,
        delete: (key) => all.delete(key),
      }
    },
    calls: { set: [pair], get: [value, VALUES], delete: [value, EITHER] },
  },
  'queue for two': {
    model: queueOf(2),
    reference: listOf(2, (all) => all.shift()),
    calls: { push: [value, [undefined, false]], pop: [none, VALUES], size: [none, [0, 1, 2]] },
  },
  'stack for two': {
    model: stackOf(2),
    reference: listOf(2, (all) => all.pop()),
    calls: { push: [value, [undefined, false]], pop: [none, VALUES], size: [none, [0, 1, 2]] },
  },
  mutex: {
    model: mutex,
    reference: () => {
      let holder: number | undefined
      const take = (process: number): boolean => {
        if (holder !== undefined) return false
        holder = process
        return true
      }
      return {
        lock: (_, process) => (take(process) ? undefined : NEVER),
        tryLock: (_, process) => take(process),
        unlock(_, process) {
          if (holder !== process) return NEVER
          holder = undefined
          return undefined
        },
      }
    },
    calls: { lock: [none], tryLock: [none, EITHER], unlock: [none] },
  },
  'semaphore with two permits': {
    model: semaphoreOf(2),
    reference: () => {
      let free = 2
      const take = (amount = 1): boolean => {
        if (amount > free) return false
        free -= amount
        return true
      }
      return {
        acquire: (amount?: number) => (take(amount) ? undefined : NEVER),
        tryAcquire: (amount?: number) => take(amount),
        release: (amount = 1) => void (free += amount),
      }
    },
    calls: {
      acquire: [fc.constantFrom(undefined, 2)],
      tryAcquire: [fc.constantFrom(undefined, 2, 3), EITHER],
      release: [fc.constantFrom(undefined, 1)],
    },
  },
}

/** A call of a history, and the output that is put in the place of the right one; undefined to leave that. */
interface Call {
  readonly f: string
  readonly input: unknown
  readonly process: number
  readonly wrong: readonly [unknown] | undefined
}

function callsOf({ calls }: Tested): fc.Arbitrary<Call[]> {
  const each = Object.entries(calls).map(([f, [input, outputs = []]]) => {
    const wrong =
      outputs.length === 0
        ? fc.constant(undefined)
        : fc.option(fc.tuple(fc.constantFrom(...outputs)), { nil: undefined, freq: 9 })
    return fc.record<Call>({ f: fc.constant(f), input, process: fc.nat(1), wrong })
  })
  return fc.array(fc.oneof(...each), { minLength: 1, maxLength: 8 })
}

/** Makes the calls one after another. Returns the history, and whether all outputs in it are those of the object. */
function historyOf(reference: Reference, calls: readonly Call[]): { history: Operation[]; isRight: boolean } {
  const object = reference()
  let isRight = true
  const history = calls.map(({ f, input, process, wrong }, at): Operation => {
    const right = object[f]!(input, process)
    const output = wrong === undefined ? right : wrong[0]
    isRight &&= right !== NEVER && output === right
    return { process, f, input, output: output === NEVER ? undefined : output, called: 2 * at, returned: 2 * at + 1 }
  })
  return { history, isRight }
}

test.each(Object.entries(tested))('the model of a %s gives the outputs of the object, and no others', (_, each) => {
  let [right, wrong] = [0, 0]
  const property = fc.property(callsOf(each), (calls) => {
    const { history, isRight } = historyOf(each.reference, calls)
    expect(checkLinearizable(history, each.model).verdict).toBe(isRight ? 'linearizable' : 'not-linearizable')
    if (isRight) right++
    else wrong++
  })
  fc.assert(property, { numRuns: 1000 })
  expect(Math.min(right, wrong)).toBeGreaterThan(20)
})

/** Of a call that may not have happened, both what it leads to and what was there before are right, and nothing else. */
test.each<
  [
    name: string,
    model: Model<any>,
    before: Partial<Operation>[],
    call: Partial<Operation>,
    after: Partial<Operation>[][],
  ]
>([
  [
    'a write',
    register,
    [],
    { f: 'write', input: 1 },
    [[{ f: 'read', output: 1 }], [{ f: 'read', output: null }], [{ f: 'read', output: 2 }]],
  ],
  [
    'a compare-and-swap that swaps',
    casRegister,
    [{ f: 'write', input: 1 }],
    { f: 'cas', input: [1, 2] },
    [[{ f: 'read', output: 2 }], [{ f: 'read', output: 1 }], [{ f: 'read', output: 3 }]],
  ],
  [
    'a tryLock of a free mutex',
    mutex,
    [],
    { f: 'tryLock' },
    [
      [{ f: 'tryLock', output: false, process: 2 }],
      [{ f: 'tryLock', output: true, process: 2 }],
      [{ f: 'unlock', process: 2 }],
    ],
  ],
  [
    'a tryAcquire of a free semaphore',
    semaphoreOf(1),
    [],
    { f: 'tryAcquire' },
    [[{ f: 'tryAcquire', output: false }], [{ f: 'tryAcquire', output: true }], [{ f: 'acquire' }, { f: 'acquire' }]],
  ],
  [
    'a pop',
    queueOf(2),
    [{ f: 'push', input: 1 }],
    { f: 'pop' },
    [[{ f: 'pop', output: null }], [{ f: 'pop', output: 1 }], [{ f: 'pop', output: 2 }]],
  ],
])('%s that may not have happened may have, or not', (_, model, before, call, after) => {
  const verdicts = after.map((later) => {
    const operations = [...before, { ...call, unknown: true, process: 9 }, ...later]
    const history = operations.map((each, at): Operation =>
      Object.assign({ process: 1, f: '' }, each, { called: 2 * at, returned: each.unknown ? Infinity : 2 * at + 1 }),
    )
    return checkLinearizable(history, model).verdict
  })
  expect(verdicts).toEqual(['linearizable', 'linearizable', 'not-linearizable'])
})

test.each<[name: string, model: Model<any>, call: Partial<Operation>, wrong: unknown]>([
  ['an increment', counter, { f: 'increment', input: 7 }, 2],
  ['an addition to a set', set, { f: 'add', input: 'a' }, false],
  ['a removal from a map', map, { f: 'delete', input: 'a' }, true],
])('%s need not have an output, and may repeat its input; another one has to be right', (_, model, call, wrong) => {
  const verdictOf = (output: unknown): string =>
    checkLinearizable([{ process: 1, f: '', called: 0, returned: 1, ...call, output }], model).verdict
  for (const right of [undefined, null, call.input]) expect(verdictOf(right)).toBe('linearizable')
  expect(verdictOf(wrong)).toBe('not-linearizable')
})
