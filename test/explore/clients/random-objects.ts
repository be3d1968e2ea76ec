/**
 * Small random objects: a few operations of a few accesses each to three words. Of the last word each thread has a copy of
 * its own, so that some accesses of different threads are independent. The model of such an object does each operation in
 * one step, and has one of each word. The judge here shares nothing with the explorer: it interleaves the accesses itself, with the
 * begin and the return of each call as events of their own, and tries every order of the calls.
 */
import fc from 'fast-check'
import type { Model } from '../../../src/check/index.ts'
import type { Criterion, OperationsScenario } from '../../../src/scenario.ts'
import { currentAgent } from '../../../src/sync/agent.ts'
import { object } from './objects.ts'

export interface Access {
  readonly do: 'load' | 'store' | 'add' | 'cas'
  readonly word: number
  readonly value: number
}

/** The accesses of each operation. */
export type RandomObject = readonly (readonly Access[])[]

const access: fc.Arbitrary<Access> = fc.record({
  do: fc.constantFrom('load', 'store', 'add', 'cas'),
  word: fc.nat(2),
  value: fc.integer({ min: 1, max: 2 }),
})

export const objects: fc.Arbitrary<RandomObject> = fc.array(fc.array(access, { minLength: 1, maxLength: 2 }), {
  minLength: 2,
  maxLength: 2,
})

/** Makes an access to words that no other thread uses, and returns what it read. */
function direct(words: number[], { do: action, word, value }: Access): number {
  const before = words[word]!
  if (action === 'store') words[word] = value
  if (action === 'add') words[word] = before + value
  if (action === 'cas' && before === value) words[word] = value + 1
  return action === 'store' ? value : before
}

/** The word of which each thread has a copy. */
const COPIED = 2

function shared(words: Int32Array, { do: action, word: named, value }: Access): number {
  const word = named === COPIED ? COPIED + currentAgent() : named
  switch (action) {
    case 'load':
      return Atomics.load(words, word)
    case 'store':
      return Atomics.store(words, word, value)
    case 'add':
      return Atomics.add(words, word, value)
    default:
      return Atomics.compareExchange(words, word, value, value + 1)
  }
}

/** Returns the name of an operation. */
const nameOf = (index: number): string => `f${index}`

export function objectScenario(accesses: RandomObject, threads: number, calls: number): OperationsScenario {
  const operations = accesses.map((own, index): [string, (words: Int32Array) => string] => [
    nameOf(index),
    (words) => own.map((each) => shared(words, each)).join(),
  ])
  const model: Model<readonly number[]> = {
    name: 'each operation in one step',
    init: () => [0, 0, 0],
    step(state, { f, output }) {
      const words = [...state]
      const own = accesses[Number(f.slice(1))]!
      return own.map((each) => direct(words, each)).join() === output ? [words] : []
    },
    equal: (one, other) => one.join() === other.join(),
  }
  return object(Object.fromEntries(operations), model, { threads, calls })
}

interface Called {
  readonly thread: number
  readonly operation: number
  readonly called: number
  returned: number
  output: string
}

/** Returns the number of calls of the smallest client that fails; undefined if none does. */
export function smallestFailing(
  accesses: RandomObject,
  threads: number,
  calls: number,
  criterion: Criterion,
): number | undefined {
  for (let size = 1; size <= threads * calls; size++) {
    for (const client of clientsOf(size, threads, calls, accesses.length)) {
      if (fails(accesses, client, criterion)) return size
    }
  }
  return undefined
}

/** Returns all ways to give calls to threads, those that differ only in the names of the threads included. */
function clientsOf(size: number, threads: number, calls: number, operations: number): number[][][] {
  if (threads === 0) return size === 0 ? [[]] : []
  const found: number[][][] = []
  for (let own = 0; own <= Math.min(size, calls); own++) {
    for (const rest of clientsOf(size - own, threads - 1, calls, operations)) {
      for (const sequence of sequencesOf(own, operations)) found.push([sequence, ...rest])
    }
  }
  return found
}

function sequencesOf(length: number, operations: number): number[][] {
  if (length === 0) return [[]]
  return sequencesOf(length - 1, operations).flatMap((rest) =>
    Array.from({ length: operations }, (_, operation) => [...rest, operation]),
  )
}

/** Whether a schedule of the client has a history that no order explains. */
function fails(accesses: RandomObject, client: readonly (readonly number[])[], criterion: Criterion): boolean {
  const words = Array.from({ length: COPIED + 1 + client.length }, () => 0)
  const history: Called[] = []
  const judged = new Set<string>()
  // For each thread, the calls that have returned, and the present one with what it has read.
  const done = client.map(() => 0)
  const open = client.map((): { call: Called; read: number[] } | undefined => undefined)
  const goOn = (time: number): boolean => {
    if (client.every((own, thread) => done[thread] === own.length)) return isNew(history) && !fits(history)
    return client.some((own, thread) => {
      const present = open[thread]
      if (present === undefined) {
        const operation = own[done[thread]!]
        if (operation === undefined) return false
        const call = { thread, operation, called: time, returned: Infinity, output: '' }
        open[thread] = { call, read: [] }
        history.push(call)
        const found = goOn(time + 1)
        history.splice(history.indexOf(call), 1)
        open[thread] = undefined
        return found
      }
      const { call, read } = present
      const next = ownAccess(accesses[call.operation]![read.length], thread)
      if (next === undefined) {
        Object.assign(call, { returned: time, output: read.join() })
        open[thread] = undefined
        done[thread]!++
        const found = goOn(time + 1)
        done[thread]!--
        open[thread] = present
        call.returned = Infinity
        return found
      }
      const before = words[next.word]!
      read.push(direct(words, next))
      const found = goOn(time + 1)
      read.pop()
      words[next.word] = before
      return found
    })
  }
  const isNew = (calls: readonly Called[]): boolean => {
    const events = calls.flatMap(({ called, returned }, at) => [
      { at, time: called },
      { at, time: returned },
    ])
    const order = events.toSorted((one, other) => one.time - other.time).map(({ at }) => at)
    const key = `${order.join()} ${calls.map(({ thread, operation, output }) => `${thread} ${operation} ${output}`).join()}`
    if (judged.has(key)) return false
    judged.add(key)
    return true
  }
  const fits = (calls: readonly Called[]): boolean => hasOrder(accesses, calls, [0, 0, 0], criterion)
  return goOn(0)
}

/** Returns an access of a thread: to its own copy, if it has one. */
function ownAccess(access: Access | undefined, thread: number): Access | undefined {
  return access?.word === COPIED ? { ...access, word: COPIED + 1 + thread } : access
}

function hasOrder(
  accesses: RandomObject,
  left: readonly Called[],
  words: readonly number[],
  criterion: Criterion,
): boolean {
  if (left.length === 0) return true
  return left.some((call) => {
    const mayBeFirst = left.every(
      (other) => other.returned > call.called || (criterion === 'sequential' && other.thread !== call.thread),
    )
    const after = [...words]
    const output = accesses[call.operation]!.map((each) => direct(after, each)).join()
    return (
      mayBeFirst &&
      output === call.output &&
      hasOrder(
        accesses,
        left.filter((other) => other !== call),
        after,
        criterion,
      )
    )
  })
}
