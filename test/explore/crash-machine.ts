/**
 * What can become of small programs of which one thread may be killed at any moment: between two operations, asleep, or at its end. Shares
 * no code with the explorer: it tries every order on a machine of its own.
 */
import fc from 'fast-check'

import type { Scenario } from '../../src/scenario.ts'

export type Operation =
  | { readonly do: 'load' | 'add' | 'wait' | 'wait a while' | 'notify'; readonly word: number }
  | { readonly do: 'store' | 'cas'; readonly word: number; readonly value: number }

export interface CrashProgram {
  readonly threads: readonly (readonly Operation[])[]
  readonly recover: readonly Operation[]
}

const word = fc.nat(1)
const value = fc.nat(2)
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ do: fc.constantFrom('load', 'add', 'wait', 'wait a while', 'notify'), word }),
  fc.record({ do: fc.constantFrom('store', 'cas'), word, value }),
)

/** So that a wait need not last forever: the word changes, and then the sleepers are woken. */
const signal = word.map((at): Operation[] => [
  { do: 'store', word: at, value: 1 },
  { do: 'notify', word: at },
])

const END: Operation[] = [
  { do: 'store', word: 0, value: 1 },
  { do: 'notify', word: 0 },
]

function operations(most: number): fc.Arbitrary<Operation[]> {
  const parts = fc.oneof(
    operation.map((each) => [each]),
    signal,
  )
  return fc.array(parts, { minLength: 1, maxLength: most }).map((all) => all.flat())
}

/** In every other program the first thread waits for what the last one signals in the end. */
export const crashPrograms: fc.Arbitrary<CrashProgram> = fc
  .tuple(
    fc.oneof(
      fc.array(operations(2), { minLength: 2, maxLength: 2 }),
      fc.array(operations(1), { minLength: 3, maxLength: 3 }),
    ),
    operations(2),
    fc.boolean(),
  )
  .map(([threads, recover, waits]) => ({
    recover,
    threads: waits
      ? [[{ do: 'wait', word: 0 }, ...threads[0]!], ...threads.slice(1, -1), [...threads.at(-1)!, ...END]]
      : threads,
  }))

/** Returns the program as a scenario. */
export function crashScenario({ threads, recover }: CrashProgram, crashes: 1 | readonly string[] = 1): Scenario {
  const act = (operations: readonly Operation[]) => (words: unknown) =>
    operations.map((each) => perform(words as Int32Array, each))
  return {
    name: 'a random program with a crash',
    memory: () => new Int32Array(new SharedArrayBuffer(8)),
    actors: Object.fromEntries(threads.map((operations, index) => [`t${index}`, act(operations)])),
    crashes,
    recover: act(recover),
    observe: (words, results, crashed) => [[...(words as Int32Array)], results, crashed ?? null],
  }
}

function perform(words: Int32Array, operation: Operation): unknown {
  switch (operation.do) {
    case 'load':
      return Atomics.load(words, operation.word)
    case 'add':
      return Atomics.add(words, operation.word, 1)
    case 'wait':
      return Atomics.wait(words, operation.word, 0)
    case 'wait a while':
      return Atomics.wait(words, operation.word, 0, 1)
    case 'notify':
      return Atomics.notify(words, operation.word, 1)
    case 'store':
      return Atomics.store(words, operation.word, operation.value)
    default:
      return Atomics.compareExchange(words, operation.word, operation.value, operation.value + 1)
  }
}

/** A thread of the machine: what its operations have returned, and whether it sleeps. */
interface Thread {
  readonly name: string
  readonly operations: readonly Operation[]
  readonly results: readonly unknown[]
  readonly asleep: boolean
}

interface State {
  readonly words: readonly number[]
  readonly threads: readonly Thread[]
  /** The names of the sleepers at each word, the first to come first. */
  readonly queues: readonly (readonly string[])[]
  readonly crashed: string | null
}

/** Returns the outcomes that can be, as the keys of the explorer; `stuck` if a thread may sleep forever. */
export function outcomesOf(
  { threads, recover }: CrashProgram,
  mayCrash: (name: string) => boolean = () => true,
): Set<string> {
  const outcomes = new Set<string>()
  const seen = new Set<string>()
  const begun = threads.map((operations, index) => begin(`t${index}`, operations))
  const left: State[] = [{ words: [0, 0], threads: begun, queues: [[], []], crashed: null }]
  for (let state = left.pop(); state !== undefined; state = left.pop()) {
    const key = JSON.stringify(state)
    if (seen.has(key)) continue
    seen.add(key)
    const going = state.threads.filter((thread) => canGoOn(thread))
    const steps = going.map((thread) => (thread.asleep ? timedOut(state, thread) : stepped(state, thread)))
    const crashes =
      state.crashed === null
        ? state.threads.filter(({ name }) => mayCrash(name)).map((thread) => killed(state, thread, recover))
        : []
    left.push(...steps, ...crashes)
    if (going.length === 0) outcomes.add(outcomeOf(state))
  }
  return outcomes
}

function begin(name: string, operations: readonly Operation[]): Thread {
  return { name, operations, results: [], asleep: false }
}

function isOver({ results, operations }: Thread): boolean {
  return results.length === operations.length
}

/** Whether a thread has an operation left, and does not sleep until it is woken. */
function canGoOn(thread: Thread): boolean {
  return !isOver(thread) && (!thread.asleep || thread.operations[thread.results.length]!.do === 'wait a while')
}

function outcomeOf({ words, threads, crashed }: State): string {
  if (threads.some(({ asleep }) => asleep)) return 'stuck'
  const results = Object.fromEntries(threads.map(({ name, results: own }) => [name, own]))
  return JSON.stringify([words, results, crashed])
}

function killed(state: State, thread: Thread, recover: readonly Operation[]): State {
  const others = state.threads.filter((other) => other !== thread)
  return {
    ...state,
    threads: [...others, begin('recover', recover)],
    queues: withoutSleeper(state, thread),
    crashed: thread.name,
  }
}

function withoutSleeper({ queues }: State, thread: Thread): State['queues'] {
  return queues.map((queue) => queue.filter((name) => name !== thread.name))
}

/** Returns the state after the time of a sleeper has run out. */
function timedOut(state: State, thread: Thread): State {
  const woken = { ...thread, results: [...thread.results, 'timed-out'], asleep: false }
  return { ...withThread(state, woken), queues: withoutSleeper(state, thread) }
}

/** Returns the state after the next operation of a thread. */
function stepped(state: State, thread: Thread): State {
  const next = thread.operations[thread.results.length]!
  const before = state.words[next.word]!
  const returning = (result: unknown, asleep = false): State =>
    withThread(state, { ...thread, results: asleep ? thread.results : [...thread.results, result], asleep })
  const writing = (to: number, result: unknown): State => ({
    ...returning(result),
    words: state.words.with(next.word, to),
  })
  switch (next.do) {
    case 'load':
      return returning(before)
    case 'add':
      return writing(before + 1, before)
    case 'store':
      return writing(next.value, next.value)
    case 'cas':
      return before === next.value ? writing(before + 1, before) : returning(before)
    case 'wait':
    case 'wait a while':
      return before === 0 ? sleeping(returning(undefined, true), next.word, thread.name) : returning('not-equal')
    default: {
      const [first, ...rest] = state.queues[next.word]!
      const after = returning(first === undefined ? 0 : 1)
      if (first === undefined) return after
      const sleeper = after.threads.find(({ name }) => name === first)!
      const woken = withThread(after, { ...sleeper, results: [...sleeper.results, 'ok'], asleep: false })
      return { ...woken, queues: woken.queues.with(next.word, rest) }
    }
  }
}

function withThread(state: State, thread: Thread): State {
  return { ...state, threads: state.threads.map((other) => (other.name === thread.name ? thread : other)) }
}

function sleeping(state: State, at: number, name: string): State {
  return { ...state, queues: state.queues.with(at, [...state.queues[at]!, name]) }
}
