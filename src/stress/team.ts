/**
 * A team: worker threads that run loads together, each worker on a thread of its own. The threads are started once and serve
 * any number of runs.
 */
import { createHistogram } from 'node:perf_hooks'
import type { RecordableHistogram } from 'node:perf_hooks'
import type { Piscina } from 'piscina'
import { RacelabError } from '../errors.ts'
import { allocateHistory, HistoryRecorder, readHistory } from './history.ts'
import type { RecordedHistory } from './history.ts'
import { latencyOf } from './latency.ts'
import type { Percentiles } from './latency.ts'
import { sumOf } from './load.ts'
import type { Load, Setting, Total } from './load.ts'
import type { WatchedStep } from './recorder.ts'
import type { Gap } from './gap.ts'
import { StartGate } from '../sync/start-gate.ts'
import { CONTROL, CONTROL_WORDS, allocateMeasures, readMeasures } from './task.ts'
import type { TaskResult, Measures, Task } from './task.ts'
import type { StartUp } from './ready.ts'

/** The largest team. More threads show nothing more. */
export const MAX_WORKERS = 128

/** The size of a team, or the number of a run's workers, is out of range. */
export class TeamSizeError extends RacelabError {
  readonly code = 'ERR_RACELAB_TEAM_SIZE'

  constructor(size: number) {
    super(
      `The number of workers is ${size}; it must be a whole number from 1 to ${MAX_WORKERS}, and at most the size of the team.`,
    )
  }
}

/** A worker thread failed, so the run has no result. */
export class WorkerFailedError extends RacelabError {
  readonly code = 'ERR_RACELAB_WORKER_FAILED'

  constructor(cause: unknown) {
    super(`A worker failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** The value of the word `dying` while no worker dies. */
const NO_WORKER = 0

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
}

/** Worker threads that run loads. */
export class Team {
  readonly size: number
  readonly #pool: Piscina
  /** When all threads have ended; undefined while the team is not closed. */
  #closing: Promise<void> | undefined

  private constructor(size: number, pool: Piscina) {
    this.size = size
    this.#pool = pool
  }

  /**
   * Starts `size` threads, and resolves when all of them have loaded their modules. `file` is the path of the file that
   * the threads run. Throws TeamSizeError or WorkerFailedError. The caller must close the team, or the process does not
   * end.
   */
  static async start(size: number, file: string): Promise<Team> {
    if (!Number.isInteger(size) || size < 1 || size > MAX_WORKERS) throw new TeamSizeError(size)
    // Loaded only here, so that a command without a team starts faster.
    const { Piscina: Pool } = await import('piscina')
    const pool = new Pool({
      filename: file,
      minThreads: size,
      maxThreads: size,
      concurrentTasksPerWorker: 1,
      idleTimeout: Infinity,
      // The worker's file is plain JavaScript. The main thread's options, such as a TypeScript loader, would only slow it down.
      execArgv: [],
    })
    // Without a listener, an error outside of a task would end the process. An error inside a task also fails the task.
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
   * Runs a load on `setting.workers` threads. Throws TeamSizeError if the team has fewer threads, or WorkerFailedError. After a
   * WorkerFailedError the team must be closed, because other workers may wait for the failed one forever.
   */
  async run({ name, load, setting, gap, watched = false, recorded = 0 }: RunOptions): Promise<Run> {
    if (setting.workers > this.size) throw new TeamSizeError(setting.workers)
    const memory = load.prepare(setting)
    const control = new SharedArrayBuffer(4 * CONTROL_WORDS)
    const measures = allocateMeasures(setting.workers)
    const latency = createHistogram()
    // The last worker of a history is the main thread, which makes the last calls.
    const history = recorded === 0 ? undefined : allocateHistory(setting.workers + 1, recorded)
    const tasks = Array.from({ length: setting.workers }, (_, index): Task => {
      return { load: name, setting, index, gap, watched, memory, history, control, measures, latency }
    })
    try {
      const results = await this.#runTasks(tasks, new Int32Array(control))
      const reports = results.map(({ report }) => report)
      const steps = results.flatMap((each) => each.steps).sort((a, b) => a.sequence - b.sequence)
      const total = load.judge(memory, setting, reports)
      if (history !== undefined) load.lastCalls?.(memory, setting, new HistoryRecorder(history, setting.workers))
      return {
        total,
        ...summary(readMeasures(measures), latency),
        steps,
        history: history && readHistory(history),
      }
    } finally {
      // A thread may still be at work in a file.
      await this.#closing
      load.dispose?.(memory)
    }
  }

  /** Ends all threads at once, even those that are blocked. */
  close(): Promise<void> {
    return (this.#closing ??= this.#pool.destroy())
  }

  /**
   * Waits until every thread has loaded its modules and arrived at a gate. If a thread is ended while it loads its
   * modules, the whole process aborts (seen in Node 20.20: "FATAL ERROR: v8::Module::IsGraphAsync").
   */
  async #ready(): Promise<void> {
    const gate = new Int32Array(new SharedArrayBuffer(4 * StartGate.WORDS))
    const startUp: StartUp = { gate, workers: this.size }
    await Promise.all(
      Array.from({ length: this.size }, () => this.#pool.run(startUp, { name: 'ready' }) as Promise<void>),
    )
  }

  /** Runs the tasks and returns the results of the workers that did not die. A worker that asks to die is ended at once. */
  async #runTasks(tasks: readonly Task[], control: Int32Array): Promise<TaskResult[]> {
    const stops = tasks.map(() => new AbortController())
    const death = Atomics.waitAsync(control, CONTROL.dying, NO_WORKER)
    if (death.async) void death.value.then(() => stops[Atomics.load(control, CONTROL.dying) - 1]?.abort())
    try {
      const all = await Promise.all(tasks.map((task, index) => this.#runTask(task, stops[index]!.signal)))
      const alive = all.filter((each) => each !== undefined)
      // A new thread is starting in place of the dead one.
      if (alive.length < all.length) await this.#ready()
      return alive
    } catch (cause) {
      throw new WorkerFailedError(cause)
    } finally {
      // If no worker died, this ends the wait, which would otherwise keep the process alive.
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

function summary(
  measures: readonly Measures[],
  latency: RecordableHistogram,
): Omit<Run, 'total' | 'steps' | 'history'> {
  const started = measures.map((each) => each.started).reduce((a, b) => (a < b ? a : b))
  const finished = measures.map((each) => each.finished).reduce((a, b) => (a > b ? a : b))
  const milliseconds = Number(finished - started) / 1e6
  const operations = sumOf(measures, (each) => each.operations)
  return {
    threads: new Set(measures.map((each) => each.threadId)).size,
    milliseconds,
    opsPerSecond: (1000 * operations) / milliseconds,
    latencyMicroseconds: latencyOf(latency),
    retries: sumOf(measures, (each) => each.retries),
  }
}
