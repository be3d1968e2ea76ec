/** A Web Worker that does the tasks of a run, one after the other. */
import type { Task, TaskResult } from '../../../src/stress/task.ts'
import type { ThreadReply } from './messages.ts'

interface Waiting {
  done(result: TaskResult | undefined): void
  failed(cause: Error): void
}

export class WebThread {
  /** Resolves when the thread has loaded its modules. */
  readonly ready: Promise<void>
  isEnded = false
  readonly #worker: Worker
  /** The task under way. */
  #waiting: Waiting | undefined

  /** `id` is the number of the thread, by which locks know their owners. No two threads of a team have the same. */
  constructor(id: number) {
    this.#worker = new Worker(new URL('thread.ts', import.meta.url), { type: 'module', name: String(id) })
    this.ready = new Promise((resolve, reject) => {
      this.#worker.addEventListener('message', ({ data }: MessageEvent<ThreadReply>) => {
        if (data.kind === 'ready') resolve()
        else if (data.kind === 'done') this.#waiting?.done(data.result)
        else this.#waiting?.failed(new Error(data.message))
      })
      this.#worker.addEventListener('error', ({ message }) => {
        const cause = new Error(message)
        reject(cause)
        this.#waiting?.failed(cause)
      })
    })
  }

  /** Does a task. Resolves to undefined if the thread is ended meanwhile. */
  run(task: Task): Promise<TaskResult | undefined> {
    return new Promise((done, failed) => {
      this.#waiting = { done, failed }
      this.#worker.postMessage(task)
    })
  }

  /** Ends the thread at once, even if it is blocked. The locks that it holds stay locked. */
  end(): void {
    this.isEnded = true
    this.#worker.terminate()
    this.#waiting?.done(undefined)
  }
}
