/** Checks the history of a run against the lesson's model. */
import { checkLinearizable } from '../../check/index.ts'
import type { Operation } from '../../check/index.ts'
import type { RecordedHistory } from '../../stress/history.ts'
import type { HistoryOf } from '../lessons/lesson.ts'

/** What the check of a run's history has found. */
export interface HistoryCheck {
  readonly verdict: 'linearizable' | 'not-linearizable' | 'unknown'
  /** How many operations were checked. */
  readonly operations: number
  readonly partitions: number
  /** How many operations came after there was no more space for the history, and were not checked. */
  readonly left: number
  /** Why it is not linearizable, or which bound was reached. */
  readonly message?: string
  readonly elapsedMs: number
}

/** The time limit of the check, in seconds. The command does not answer to Ctrl-C during the check. */
const TIMEOUT = 20

/** Returns whether the history of a run on `workers` threads is linearizable, part by part. */
export function checkHistory(
  { model, part, operation }: HistoryOf,
  { calls, left }: RecordedHistory,
  workers: number,
): HistoryCheck {
  const parts = new Map<Operation, string>()
  const history = calls.map((call): Operation => {
    const { worker, called, returned } = call
    const process = worker < workers ? `thread ${worker + 1}` : 'the main thread'
    const made = { process, ...operation(call), unknown: returned === Infinity, called, returned }
    parts.set(made, part(call.part))
    return made
  })
  const options = { timeout: TIMEOUT }
  const check = checkLinearizable(history, { ...model, partition: (each) => parts.get(each)! }, options)
  const { verdict, partitions, elapsedMs, failure, stopped } = check
  const message = failure?.message ?? stopped
  const found = { verdict, operations: history.length, partitions, left, elapsedMs }
  return message === undefined ? found : { ...found, message }
}
