/**
 * A team: so many worker threads that run loads together, each task on a thread of its own. Threads are started once and
 * serve any number of runs.
 */
import { type RecordableHistogram, createHistogram } from 'node:perf_hooks'
import { Piscina } from 'piscina'
import { RacelabError } from '../errors.ts'
import type { Load, Setting, Total } from './load.ts'
import type { Step } from './recorder.ts'
import type { Gap } from './gap.ts'
import { StartGate } from '../sync/start-gate.ts'
import {
  type TaskResult,
  CONTROL,
  CONTROL_WORDS,
  type Measures,
  type Task,
  allocateMeasures,
  readMeasures,
} from './task.ts'
import type { StartUp } from './ready.ts'
import { workerFile } from './worker-file.ts'

/** More threads than this say nothing that this many do not. */
export const MAX_WORKERS = 128

/** A team was asked for that is empty, or too large. */
export class TeamSizeError extends RacelabError {
  readonly code = 'ERR_RACELAB_TEAM_SIZE'

  constructor(size: number) {
    super(`A run takes from 1 to ${MAX_WORKERS} workers, a whole number; not ${size}.`)
  }
}

/** A worker thread failed; the run has no result. */
export class WorkerFailedError extends RacelabError {
  readonly code = 'ERR_RACELAB_WORKER_FAILED'

  constructor(cause: unknown) {
    super(`A worker failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** What the dying word says while nobody is. */
const NOBODY = 0

export interface Run {
  readonly total: Total
  /** On how many distinct threads it ran. */
  readonly threads: number
  /** From the first worker's start to the last one's end. */
  readonly milliseconds: number
  readonly opsPerSecond: number
  readonly latencyMicroseconds: { readonly p50: number; readonly p95: number; readonly p99: number }
  /** How often operations tried again: each pause of an operation but its first. */
  readonly retries: number
  /** What a watched run recorded, in order. */
  readonly steps: readonly Step[]
}

export interface RunOptions {
  /** The name under which the worker's file finds the load. */
  readonly name: string
  readonly load: Load
  readonly setting: Setting
  readonly gap: Gap
  readonly watched?: boolean
}

export class Team {
  readonly size: number
  readonly #pool: Piscina

  private constructor(size: number, pool: Piscina) {
    this.size = size
    this.#pool = pool
  }

  /**
   * Starts the threads, from the lab's own file if no other is named; they are all there when it is done. Throws
   * TeamSizeError or WorkerFailedError. Close the team, or the process does not end.
   */
  static async start(size: number, file?: string): Promise<Team> {
    if (!Number.isInteger(size) || size < 1 || size > MAX_WORKERS) throw new TeamSizeError(size)
    const pool = new Piscina({
      filename: file ?? (await workerFile('stress')),
      minThreads: size,
      maxThreads: size,
      concurrentTasksPerWorker: 1,
      idleTimeout: Infinity,
      // The worker is plain JavaScript: what the main thread was started with (a TypeScript loader) would only slow it.
      execArgv: [],
    })
    // A thread that fails outside of a task says so here; one that fails within it fails the task as well.
    pool.on('error', () => {})
    const team = new Team(size, pool)
    try {
      await team.#ready()
      return team
    } catch (cause) {
      await pool.destroy()
      throw new WorkerFailedError(cause)
    }
  }

  /**
   * Runs a load on as many threads as its setting has workers, at most the team's size. Throws WorkerFailedError; the team
   * must then be closed, for other workers may wait for the failed one forever.
   */
  async run({ name, load, setting, gap, watched = false }: RunOptions): Promise<Run> {
    if (setting.workers > this.size) throw new TeamSizeError(setting.workers)
    const memory = load.prepare(setting)
    const control = new SharedArrayBuffer(4 * CONTROL_WORDS)
    const measures = allocateMeasures(setting.workers)
    const latency = createHistogram()
    const tasks = Array.from({ length: setting.workers }, (_, index): Task => {
      return { load: name, setting, index, gap, watched, memory, control, measures, latency }
    })
    try {
      const results = await this.#runTasks(tasks, new Int32Array(control))
      const reports = results.map(({ report }) => report)
      const steps = results.flatMap((each) => each.steps).sort((a, b) => a.sequence - b.sequence)
      return { total: load.judge(memory, setting, reports), ...summary(readMeasures(measures), latency), steps }
    } finally {
      load.dispose?.(memory)
    }
  }

  /** Ends the threads at once, whatever they are doing. */
  async close(): Promise<void> {
    await this.#pool.destroy()
  }

  /**
   * Waits until every thread is there: each arrives at one gate. A thread that is ended while it loads its modules takes the
   * whole process with it (seen in Node 20.20: "FATAL ERROR: v8::Module::IsGraphAsync"), so nobody is to end one before.
   */
  async #ready(): Promise<void> {
    const gate = new Int32Array(new SharedArrayBuffer(4 * StartGate.WORDS))
    const startUp: StartUp = { gate, workers: this.size }
    await Promise.all(
      Array.from({ length: this.size }, () => this.#pool.run(startUp, { name: 'ready' }) as Promise<void>),
    )
  }

  /** What those workers did that came to their end. One that asks to die is ended where it stands. */
  async #runTasks(tasks: readonly Task[], control: Int32Array): Promise<TaskResult[]> {
    const stops = tasks.map(() => new AbortController())
    const death = Atomics.waitAsync(control, CONTROL.dying, NOBODY)
    if (death.async) void death.value.then(() => stops[Atomics.load(control, CONTROL.dying) - 1]?.abort())
    try {
      const all = await Promise.all(tasks.map((task, index) => this.#runTask(task, stops[index]!.signal)))
      const alive = all.filter((each) => each !== undefined)
      // The dead one's successor is starting.
      if (alive.length < all.length) await this.#ready()
      return alive
    } catch (cause) {
      throw new WorkerFailedError(cause)
    } finally {
      // Nobody died: the wait is ended, so that it keeps nothing alive.
      Atomics.notify(control, CONTROL.dying)
    }
  }

  async #runTask(task: Task, signal: AbortSignal): Promise<TaskResult | undefined> {
    try {
      return (await this.#pool.run(task, { signal })) as TaskResult
    } catch (failure) {
      if (signal.aborted) return undefined
      throw failure
    }
  }
}

function summary(measures: readonly Measures[], latency: RecordableHistogram): Omit<Run, 'total' | 'steps'> {
  const started = measures.map((each) => each.started).reduce((a, b) => (a < b ? a : b))
  const finished = measures.map((each) => each.finished).reduce((a, b) => (a > b ? a : b))
  const milliseconds = Number(finished - started) / 1e6
  const operations = sum(measures.map((each) => each.operations))
  const microseconds = (percentile: number): number => (latency.count === 0 ? 0 : latency.percentile(percentile) / 1000)
  return {
    threads: new Set(measures.map((each) => each.threadId)).size,
    milliseconds,
    opsPerSecond: (1000 * operations) / milliseconds,
    latencyMicroseconds: { p50: microseconds(50), p95: microseconds(95), p99: microseconds(99) },
    retries: sum(measures.map((each) => each.retries)),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
