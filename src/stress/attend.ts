/** The worker's side of a run: does its part of a load between the gates, and measures it. */
import { threadId } from 'node:worker_threads'
import type { Database } from '../store/database/database.ts'
import { type DatabasePlace, openDatabase } from '../store/database/place.ts'
import type { Hand, Load, Step } from './load.ts'
import { SessionStore } from '../store/store.ts'
import { Barrier } from '../sync/barrier.ts'
import { StartGate } from '../sync/start-gate.ts'
import { pauseOf } from './gap.ts'
import { type Attendance, CONTROL, type Task, writeMeasures } from './task.ts'
import { Recorder, WatchedStore, watchedDatabase } from './watched.ts'

export function attend(load: Load, task: Task): Attendance {
  const hand = task.watched ? new WatchedHand(task) : new MeasuringHand(task)
  try {
    const report = load.work(task.memory, task.setting, hand)
    hand.finish()
    return { steps: hand.steps(), report }
  } catch (thrown) {
    if (thrown instanceof Death) return { steps: hand.steps(), report: undefined }
    throw thrown
  } finally {
    hand.close()
  }
}

/** Measures: two looks at the clock an operation. */
class MeasuringHand implements Hand {
  readonly index: number
  readonly pause: () => void
  readonly #task: Task
  readonly #words: Int32Array
  readonly #gate: StartGate
  readonly #barrier: Barrier
  readonly #connections: Database[] = []
  #operations = 0
  /** Of the operation under way. */
  #pauses = 0
  #retries = 0
  #started = 0n
  /** When measuring began, and when the last operation ended: on this thread's own clock, in milliseconds. */
  #began = 0
  #ended = 0

  constructor(task: Task) {
    this.index = task.index
    this.#task = task
    this.#words = new Int32Array(task.control)
    this.#gate = new StartGate(this.#words, CONTROL.gate, task.setting.workers)
    this.#barrier = new Barrier(this.#words, CONTROL.barrier, task.setting.workers)
    const pause = pauseOf(task.gap)
    this.pause = () => {
      this.#pauses++
      pause()
    }
  }

  store(memory: SharedArrayBuffer): SessionStore {
    return new SessionStore(memory)
  }

  database(place: DatabasePlace): Database {
    const connection = openDatabase(place)
    this.#connections.push(connection)
    return connection
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
    this.#task.latency.record(Math.max(1, Math.round((this.#ended - began) * 1e6)))
    this.#operations++
    // An operation that tries again pauses again.
    if (this.#pauses > 1) this.#retries += this.#pauses - 1
    return result
  }

  meet(): void {
    this.#barrier.arriveAndWait()
  }

  note(_action: string, _detail: string): void {}

  die(): never {
    this.finish()
    // The main thread waits for this word, and ends the thread while it sleeps here for ever.
    Atomics.store(this.#words, CONTROL.dying, this.index + 1)
    Atomics.notify(this.#words, CONTROL.dying)
    for (;;) Atomics.wait(this.#words, CONTROL.dying, this.index + 1)
  }

  finish(): void {
    writeMeasures(this.#task.measures, this.index, {
      threadId,
      operations: this.#operations,
      retries: this.#retries,
      started: this.#started,
      finished: this.#started + BigInt(Math.round((this.#ended - this.#began) * 1e6)),
    })
  }

  close(): void {
    for (const connection of this.#connections) connection.close()
  }

  steps(): readonly Step[] {
    return []
  }
}

/** How a watched worker dies: its thread lives on to hand in the steps. */
class Death extends Error {}

/** Records the steps; its figures mean nothing. */
class WatchedHand extends MeasuringHand {
  override readonly pause: () => void
  readonly #recorder: Recorder

  constructor(task: Task) {
    super(task)
    this.#recorder = new Recorder(task.index, new Int32Array(task.control), CONTROL.clock)
    const pause = pauseOf(task.gap)
    this.pause = () => {
      this.#recorder.step('its own work', 'no lock held')
      pause()
    }
  }

  override store(memory: SharedArrayBuffer): SessionStore {
    return new WatchedStore(memory, this.#recorder)
  }

  override database(place: DatabasePlace): Database {
    return watchedDatabase(super.database(place), this.#recorder)
  }

  override operation<Result>(work: () => Result): Result {
    this.#recorder.nextOperation()
    return super.operation(work)
  }

  override die(): never {
    throw new Death()
  }

  override note(action: string, detail: string): void {
    this.#recorder.step(action, detail)
  }

  override steps(): readonly Step[] {
    return this.#recorder.steps
  }
}
