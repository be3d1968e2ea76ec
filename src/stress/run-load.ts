/** Runs a load on threads that the caller has, whatever kind of thread they are. */
import { RacelabError } from '../errors.ts'
import type { Gap } from './gap.ts'
import { allocateHistory, HistoryRecorder, readHistory } from './history.ts'
import type { RecordedHistory } from './history.ts'
import { allocateLatencies, latencyOf } from './latency.ts'
import type { Percentiles } from './latency.ts'
import { sumOf } from './load.ts'
import type { Load, Setting, Total } from './load.ts'
import { allocateProgress } from './progress.ts'
import type { WatchedStep } from './recorder.ts'
import { allocateMeasures, CONTROL_WORDS, readMeasures } from './task.ts'
import type { Measures, Task, TaskResult } from './task.ts'

/** A worker thread failed, so the run has no result. */
export class WorkerFailedError extends RacelabError {
  readonly code = 'ERR_RACELAB_WORKER_FAILED'

  constructor(cause: unknown) {
    super(`A worker failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** The result of running a load. */
export interface Run {
  readonly total: Total
  /** How many distinct threads the run used. */
  readonly threads: number
  /** The time from the first worker's start to the last worker's end. */
  readonly milliseconds: number
  readonly opsPerSecond: number
  readonly latencyMicroseconds: Percentiles
  /** How often operations were tried again. Each pause of an operation except its first counts once. */
  readonly retries: number
  /** The steps of a watched run, in order; empty if the run was not watched. */
  readonly steps: readonly WatchedStep[]
  /** The calls, if they were recorded. */
  readonly history: RecordedHistory | undefined
}

/** A run that begins: its memory, and the memory of its progress. Whoever watches it may read both, and must write to neither. */
export interface Running {
  readonly memory: unknown
  readonly progress: SharedArrayBuffer
}

export interface RunOptions {
  /** The name by which the worker's file finds the load. */
  readonly name: string
  readonly load: Load
  readonly setting: Setting
  readonly gap: Gap
  /** Whether each step is recorded. Default: false. */
  readonly watched?: boolean
  /** How many calls of each worker are recorded. Default: 0. */
  readonly recorded?: number
  /** Called when the memory is prepared, before the workers start. */
  readonly onStart?: ((running: Running) => void) | undefined
}

/** Threads that run loads. */
export interface Runner {
  /** How many threads there are. */
  readonly size: number
  /** Runs a load on `setting.workers` threads. Throws WorkerFailedError. */
  run(options: RunOptions): Promise<Run>
}

/** Runs each task on a thread of its own, and resolves to the results of the workers that did not die. */
export type RunTasks = (tasks: readonly Task[], control: Int32Array) => Promise<TaskResult[]>

/** Prepares the load, has its tasks run, and returns what came of it. Throws as `runTasks` does. */
export async function runLoad(
  { name, load, setting, gap, watched = false, recorded = 0, onStart }: RunOptions,
  runTasks: RunTasks,
): Promise<Run> {
  const memory = load.prepare(setting)
  const { workers } = setting
  const control = new SharedArrayBuffer(4 * CONTROL_WORDS)
  const [measures, latencies, progress] = [
    allocateMeasures(workers),
    allocateLatencies(workers),
    allocateProgress(workers),
  ]
  // The last worker of a history is the thread that judges, which makes the last calls.
  const history = recorded === 0 ? undefined : allocateHistory(workers + 1, recorded)
  const shared = { load: name, setting, gap, watched, memory, history, control, measures, latencies, progress }
  const tasks = Array.from({ length: workers }, (_, index): Task => ({ ...shared, index }))
  try {
    onStart?.({ memory, progress })
    const results = await runTasks(tasks, new Int32Array(control))
    const reports = results.map(({ report }) => report)
    const steps = results.flatMap((each) => each.steps).sort((a, b) => a.sequence - b.sequence)
    const total = load.judge(memory, setting, reports)
    if (history !== undefined) load.lastCalls?.(memory, setting, new HistoryRecorder(history, workers))
    return {
      total,
      ...summary(readMeasures(measures)),
      latencyMicroseconds: latencyOf(latencies),
      steps,
      history: history && readHistory(history),
    }
  } finally {
    load.dispose?.(memory)
  }
}

function summary(measures: readonly Measures[]): Pick<Run, 'threads' | 'milliseconds' | 'opsPerSecond' | 'retries'> {
  const started = measures.map((each) => each.started).reduce((a, b) => (a < b ? a : b))
  const finished = measures.map((each) => each.finished).reduce((a, b) => (a > b ? a : b))
  const milliseconds = Number(finished - started) / 1e6
  const operations = sumOf(measures, (each) => each.operations)
  return {
    threads: new Set(measures.map((each) => each.threadId)).size,
    milliseconds,
    opsPerSecond: (1000 * operations) / milliseconds,
    retries: sumOf(measures, (each) => each.retries),
  }
}
