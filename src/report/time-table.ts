/**
 * The time table of a witness: Time | Thread 1 | Thread 2 | Store, a row a step. What a store column says of a step that does
 * not look at the store is what the step before it left.
 */
import type { Step, StepAction } from '../load.ts'
import { textTable } from './text-table.ts'

/** A step as it is printed and as it is in the JSON document. */
export interface TimedStep {
  readonly time: number
  /** From 1. */
  readonly thread: number
  readonly action: StepAction
  readonly detail: string
  readonly store: string
}

/** Counts time and threads from the first step shown, and fills in what the store held. */
export function timedSteps(steps: readonly Step[]): TimedStep[] {
  const threads = [...new Set(steps.map(({ worker }) => worker))]
  let store = steps.find(({ state }) => state !== undefined)?.state ?? ''
  return steps.map(({ worker, action, detail, state }, time) => {
    store = state ?? store
    return { time, thread: threads.indexOf(worker) + 1, action, detail, store }
  })
}

export function timeTable(steps: readonly TimedStep[]): string {
  const threads = Math.max(...steps.map(({ thread }) => thread))
  const columns = ['Time', ...Array.from({ length: threads }, (_, index) => `Thread ${index + 1}`), 'Store']
  const rows = steps.map(({ time, thread, action, detail, store }) => {
    const cells = Array.from({ length: threads }, (_, index) => (index + 1 === thread ? wordsFor(action, detail) : ''))
    return [`t${time}`, ...cells, store]
  })
  return textTable(
    columns.map((name) => ({ name })),
    rows,
  )
}

const WORDS: { readonly [Each in StepAction]?: string } = {
  'read lock': 'acquire read lock',
  'read unlock': 'release read lock',
  'write lock': 'acquire write lock',
  'write unlock': 'release write lock',
  'mutex lock': 'acquire mutex',
  'mutex unlock': 'release mutex',
  work: 'its own work, no lock held',
}

function wordsFor(action: StepAction, detail: string): string {
  const words = WORDS[action] ?? action
  return detail === '' ? words : `${words}: ${detail}`
}
