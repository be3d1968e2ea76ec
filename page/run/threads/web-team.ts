/** The counterpart of `Team` in a browser: Web Workers that run loads together. It must live in a worker itself, where loads may wait. */
import { runLoad, WorkerFailedError } from '../../../src/stress/run-load.ts'
import type { Run, Runner, RunOptions } from '../../../src/stress/run-load.ts'
import { CONTROL } from '../../../src/stress/task.ts'
import type { Task, TaskResult } from '../../../src/stress/task.ts'
import { WebThread } from './web-thread.ts'

/** How often it is looked whether a worker is to die, in milliseconds. Not every browser has Atomics.waitAsync. */
const WATCH_DEATH = 5

export class WebTeam implements Runner {
  readonly #threads: WebThread[] = []
  /** How many threads were started so far. */
  #started = 0

  private constructor() {}

  /** Starts `size` threads, and resolves when all of them have loaded their modules. Throws WorkerFailedError. */
  static async start(size: number): Promise<WebTeam> {
    const team = new WebTeam()
    for (let index = 0; index < size; index++) team.#threads.push(team.#newThread())
    await team.#ready()
    return team
  }

  get size(): number {
    return this.#threads.length
  }

  run(options: RunOptions): Promise<Run> {
    return runLoad(options, (tasks, control) => this.#runTasks(tasks, control))
  }

  async #runTasks(tasks: readonly Task[], control: Int32Array): Promise<TaskResult[]> {
    const watching = setInterval(() => this.#threads[Atomics.load(control, CONTROL.dying) - 1]?.end(), WATCH_DEATH)
    try {
      const results = await Promise.all(tasks.map((task, index) => this.#threads[index]!.run(task)))
      return results.filter((each) => each !== undefined)
    } catch (cause) {
      throw new WorkerFailedError(cause)
    } finally {
      clearInterval(watching)
      await this.#replaceDead()
    }
  }

  async #replaceDead(): Promise<void> {
    for (const [index, { isEnded }] of this.#threads.entries()) if (isEnded) this.#threads[index] = this.#newThread()
    await this.#ready()
  }

  #newThread(): WebThread {
    return new WebThread(++this.#started)
  }

  async #ready(): Promise<void> {
    try {
      await Promise.all(this.#threads.map(({ ready }) => ready))
    } catch (cause) {
      throw new WorkerFailedError(cause)
    }
  }
}
