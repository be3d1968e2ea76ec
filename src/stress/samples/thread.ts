/** The main thread's side of one actor's thread. */
import { Worker } from 'node:worker_threads'
import { RacelabError } from '../../errors.ts'
import { THREAD_NAME } from './messages.ts'
import type { Answer, Order, ThreadTask } from './messages.ts'
import type { Round } from './pace.ts'

/** An actor's thread ended or failed outside of its actor, or what its actor returned cannot be sent. There is no result. */
export class ActorThreadError extends RacelabError {
  readonly code = 'ERR_RACELAB_ACTOR_THREAD'
}

/** Milliseconds for a thread to end. */
const END_MS = 1000

export type Swept = Extract<Answer, { readonly kind: 'swept' }>

/** The thread of one actor. */
export class ActorThread {
  readonly actor: string
  /** Whether the thread has taken an order and has not answered it. */
  busy = true
  readonly #worker: Worker
  #resolve: (answer: Answer) => void = () => {}
  #reject: (error: Error) => void = () => {}
  #failure: Error | undefined
  /** Resolves when the thread has loaded the scenario. */
  readonly ready: Promise<Answer>

  /** Starts the thread. `file`: its entry. `source`: tells the entry where to load the scenario from. */
  constructor(task: ThreadTask, { file, source }: { readonly file: string; readonly source: unknown }) {
    this.actor = task.actor
    // What the scenario prints is passed on to this thread's streams by default.
    this.#worker = new Worker(file, { workerData: { task, source }, name: `${THREAD_NAME} ${task.index}` })
    this.ready = this.#answer()
    this.#worker
      .on('message', (answer: Answer) => {
        this.busy = false
        if (answer.kind === 'unsendable') this.#fail(new ActorThreadError(answer.message))
        else this.#resolve(answer)
      })
      .on('error', (error: unknown) => this.#fail(failed(task.actor, error)))
      .on('exit', (code) =>
        this.#fail(
          new ActorThreadError(
            `The thread of ${task.actor} was ended from inside, with exit code ${code}, before its actor ended.`,
          ),
        ),
      )
  }

  /** Gives the thread further memories. */
  give(memories: readonly unknown[]): void {
    this.#worker.postMessage({ kind: 'instances', memories } satisfies Order)
  }

  /** Makes a round, and resolves when the actor has ended in each of its samples. Rejects with ActorThreadError. */
  async sweep(round: Round): Promise<Swept> {
    const answer = this.#answer()
    this.busy = true
    this.#worker.postMessage({ kind: 'round', round } satisfies Order)
    return (await answer) as Swept
  }

  /** Ends the thread. A native call cannot be interrupted: after a second the thread is left to the end of the process. */
  async end(): Promise<void> {
    this.#worker.removeAllListeners()
    this.#worker.unref()
    const late = new Promise((resolve) => setTimeout(resolve, END_MS).unref())
    await Promise.race([this.#worker.terminate(), late])
  }

  #answer(): Promise<Answer> {
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // The main thread may be at work when the thread fails, and look at the answer later.
    answer.catch(() => {})
    if (this.#failure !== undefined) this.#reject(this.#failure)
    return answer
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#reject(this.#failure)
  }
}

function failed(actor: string, error: unknown): ActorThreadError {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return new ActorThreadError(`The thread of ${actor} failed outside of its actor: ${text}`, { cause: error })
}
