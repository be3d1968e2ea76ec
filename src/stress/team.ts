/**
 * A team: worker threads that run loads together, each worker on a thread of its own. The threads are started once and serve
 * any number of runs.
 */
import type { Piscina } from 'piscina'
import { RacelabError } from '../errors.ts'
import { StartGate } from '../sync/start-gate.ts'
import { runLoad, WorkerFailedError } from './run-load.ts'
import type { Run, Runner, RunOptions } from './run-load.ts'
import { CONTROL } from './task.ts'
import type { TaskResult, Task } from './task.ts'
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

/** The value of the word `dying` while no worker dies. */
const NO_WORKER = 0

/** Worker threads that run loads. */
export class Team implements Runner {
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
  async run(options: RunOptions): Promise<Run> {
    if (options.setting.workers > this.size) throw new TeamSizeError(options.setting.workers)
    return runLoad(options, (tasks, control) => this.#runTasks(tasks, control))
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
      // A thread may still be at work in a file of the load, which the caller is about to remove.
      await this.#closing
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
