/** The worker's side of a run: does the worker's part of a load and measures it. */
import { threadId } from 'node:worker_threads'
import { HistoryRecorder } from './history.ts'
import { latencyRecorder } from './latency.ts'
import type { Load, LoadWorker } from './load.ts'
import { ProgressWriter } from './progress.ts'
import { Recorder } from './recorder.ts'
import type { WatchedStep } from './recorder.ts'
import { Barrier } from '../sync/barrier.ts'
import { StartGate } from '../sync/start-gate.ts'
import { pauseOf } from './gap.ts'
import { CONTROL, writeMeasures } from './task.ts'
import type { TaskResult, Task } from './task.ts'

/** Does a task and returns its result. Throws what the load throws. */
export function runTask(load: Load, task: Task): TaskResult {
  const worker = task.watched ? new WatchedWorker(task) : new MeasuringWorker(task)
  try {
    const report = load.work(task.memory, task.setting, worker)
    worker.finish()
    return { steps: worker.steps, report }
  } catch (thrown) {
    if (thrown instanceof Death) return { steps: worker.steps, report: undefined }
    throw thrown
  } finally {
    worker.close()
  }
}

/** A worker that measures its operations: two readings of the clock per operation. */
class MeasuringWorker implements LoadWorker {
  readonly index: number
  readonly recorder: Recorder | undefined
  readonly history: HistoryRecorder | undefined
  pause: () => void
  readonly #task: Task
  readonly #words: Int32Array
  readonly #gate: StartGate
  readonly #barrier: Barrier
  readonly #progress: ProgressWriter
  readonly #recordLatency: (milliseconds: number) => void
  readonly #closers: (() => void)[] = []
  /** Pauses of the operation under way. */
  #pauses = 0
  #retries = 0
  #started = 0n
  /** When the measurement began and when the last operation ended: on this thread's own clock, in milliseconds. */
  #began = 0
  #ended = 0

  constructor(task: Task) {
    this.index = task.index
    this.#task = task
    this.history = task.history && new HistoryRecorder(task.history, task.index)
    this.#words = new Int32Array(task.control)
    this.#progress = new ProgressWriter(task.progress, task.index)
    this.#recordLatency = latencyRecorder(task.latencies, task.index)
    this.#gate = new StartGate(this.#words, CONTROL.gate, task.setting.workers)
    this.#barrier = new Barrier(this.#words, CONTROL.barrier, task.setting.workers)
    const pause = pauseOf(task.gap)
    this.pause = () => {
      this.#pauses++
      pause()
    }
  }

  start(): void {
    this.#gate.arrive()
    this.#started = process.hrtime.bigint()
    this.#began = this.#ended = performance.now()
  }

  operation<Result>(work: () => Result): Result {
    this.#pauses = 0
    const began = performance.now()
    const result = work()
    this.#ended = performance.now()
    this.#recordLatency(this.#ended - began)
    this.#progress.endOperation()
    // Each retry of an operation pauses again.
    if (this.#pauses > 1) this.#retries += this.#pauses - 1
    return result
  }

  note(): void {
    this.#progress.note()
  }

  meet(): void {
    this.#barrier.arriveAndWait()
  }

  onClose(close: () => void): void {
    this.#closers.push(close)
  }

  die(): never {
    this.finish()
    // The main thread waits for this word, and ends this thread while it sleeps.
    Atomics.store(this.#words, CONTROL.dying, this.index + 1)
    Atomics.notify(this.#words, CONTROL.dying)
    for (;;) Atomics.wait(this.#words, CONTROL.dying, this.index + 1)
  }

  finish(): void {
    writeMeasures(this.#task.measures, this.index, {
      threadId,
      operations: this.#progress.operations,
      retries: this.#retries,
      started: this.#started,
      finished: this.#started + BigInt(Math.round((this.#ended - this.#began) * 1e6)),
    })
  }

  close(): void {
    for (const close of this.#closers) close()
  }

  get steps(): readonly WatchedStep[] {
    return this.recorder?.steps ?? []
  }
}

/** Ends the load of a watched worker that dies. Its thread goes on, to return the recorded steps. */
class Death extends Error {}

/** A worker that records its steps. Recording slows it down, so its figures are not used. */
class WatchedWorker extends MeasuringWorker {
  override readonly recorder: Recorder

  constructor(task: Task) {
    super(task)
    const recorder = new Recorder(task.index, new Int32Array(task.control), CONTROL.clock)
    const { pause } = this
    this.recorder = recorder
    this.pause = () => {
      recorder.step('its own work', 'no lock held')
      pause()
    }
  }

  override operation<Result>(work: () => Result): Result {
    this.recorder.nextOperation()
    return super.operation(work)
  }

  override die(): never {
    throw new Death()
  }
}
