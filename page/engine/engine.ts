/** The page's side of the worker that explores. */
import type { Outlook, Start, Stepped } from '../../src/explore/replay/stepping.ts'
import type { Exploration } from '../../src/explore/search/result.ts'
import { confinedWorker } from './confined-worker.ts'
import type { Answers, Choices, Looking, Reply, Request, Trouble } from './messages.ts'
import { plain } from './plain.ts'

/** How long loading and a step may take, in milliseconds: code that takes longer does not end. */
const PATIENCE = 5000

/** A request failed, or the worker was stopped. `line` is that of the code, if the trouble is in it. */
export class EngineError extends Error {
  readonly line: number | undefined

  constructor({ message, line }: { readonly message: unknown; readonly line: unknown }) {
    // Both may come from the code: what it throws is any value.
    super(String(message))
    this.line = typeof line === 'number' ? line : undefined
  }
}

/** One text under control of a worker of its own. The caller must close it. */
export class Engine {
  /** The names of the scenarios that the text exports. */
  scenarios: readonly string[] = []
  /** Whether the worker has ended: then every request fails. */
  isClosed = false
  readonly #worker: Worker
  /** The request under way. */
  #asking: { answer(answer: never): void; fail(trouble: Trouble): void; progress(so: Exploration): void } | undefined
  #ready: Promise<void>

  private constructor(worker: Worker) {
    this.#worker = worker
    this.#ready = new Promise((resolve, reject) => {
      this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
        if (data.kind === 'ready') resolve()
        else this.#hear(plain(data))
      })
      // Before it is ready, an error means that its script could not be loaded. Later this rejects nothing any more.
      const why = { message: 'The explorer could not be loaded: reload the page.', line: undefined }
      this.#worker.addEventListener('error', () => reject(new EngineError(why)))
    })
    this.#worker.addEventListener('error', ({ message }) => this.#asking?.fail({ message, line: undefined }))
  }

  /** Starts a worker that loads the text. Throws EngineError if the text cannot be run, or does not end. */
  static async load(code: string): Promise<Engine> {
    const engine = new Engine(await confinedWorker())
    try {
      await engine.#ready
      engine.scenarios = await engine.#ask('load', { do: 'load', code }, PATIENCE)
      return engine
    } catch (error) {
      engine.close()
      throw error
    }
  }

  /** Explores a scenario; ends by itself after `choices.timeout` seconds. */
  explore(scenario: string, choices: Choices = {}, onProgress?: (so: Exploration) => void): Promise<Exploration> {
    const limit = (choices.timeout ?? 60) * 1000 + PATIENCE
    return this.#ask('explore', { do: 'explore', scenario, choices }, limit, onProgress)
  }

  /** Takes the steps of a schedule, as `stepThrough` does. */
  step(scenario: string, schedule: readonly number[], start: Start = {}): Promise<Stepped> {
    return this.#ask('step', { do: 'step', scenario, schedule, start }, PATIENCE)
  }

  /** Returns what can come of the state after the steps, as `outlookOf` does. */
  outlook(scenario: string, schedule: readonly number[], start: Looking = {}): Promise<Outlook> {
    return this.#ask('outlook', { do: 'outlook', scenario, schedule, start }, 6 * PATIENCE)
  }

  /** Ends the worker at once; a request under way fails. */
  close(why = 'It was stopped.'): void {
    this.isClosed = true
    this.#worker.terminate()
    this.#asking?.fail({ message: why, line: undefined })
  }

  async #ask<Do extends keyof Answers>(
    _: Do,
    request: Request,
    limit: number,
    progress: (so: Exploration) => void = () => {},
  ): Promise<Answers[Do]> {
    await this.#ready
    if (this.isClosed) throw new EngineError({ message: 'It was stopped.', line: undefined })
    let timer: ReturnType<typeof setTimeout> | undefined
    try {
      return await new Promise<Answers[Do]>((answer, reject) => {
        this.#asking = { answer, fail: (trouble) => reject(new EngineError(trouble)), progress }
        this.#worker.postMessage(request)
        timer = setTimeout(() => this.close('The code did not end: it may have a loop without an end.'), limit)
      })
    } finally {
      clearTimeout(timer)
      this.#asking = undefined
    }
  }

  #hear(reply: Reply): void {
    if (reply.kind === 'answer') this.#asking?.answer(reply.answer as never)
    else if (reply.kind === 'trouble') this.#asking?.fail(reply.trouble)
    else if (reply.kind === 'progress') this.#asking?.progress(reply.exploration)
  }
}
