/** The worker's side of a run: does its part of a load between the gates, and measures it. */
import { threadId } from 'node:worker_threads'
import type { Database } from '../database/database.ts'
import { type DatabasePlace, openDatabase } from '../database/place.ts'
import type { Hand, Load } from '../load.ts'
import { SessionStore } from '../session/store.ts'
import { Barrier } from '../sync/barrier.ts'
import { StartGate } from '../sync/start-gate.ts'
import { pauseOf } from './gap.ts'
import { type Attendance, CONTROL, type Task } from './task.ts'
import { Recorder, WatchedStore, watchedDatabase } from './watched.ts'

export function attend(load: Load, task: Task): Attendance {
  const hand = task.watched ? new WatchedHand(task) : new MeasuringHand(task)
  try {
    const report = load.work(task.memory, task.setting, hand)
    hand.finish()
    return { threadId, ...hand.measures(), report }
  } finally {
    hand.close()
  }
}

type Measures = Omit<Attendance, 'threadId' | 'report'>

/** Measures: a look at the clock an operation. */
class MeasuringHand implements Hand {
  readonly index: number
  readonly pause: () => void
  readonly #task: Task
  readonly #words: Int32Array
  readonly #gate: StartGate
  readonly #barrier: Barrier
  readonly #connections: Database[] = []
  #operations = 0
  #pauses = 0
  #pausesMeasured = 0
  #started = 0n
  #finished = 0n
  #last = 0

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
    this.#pauses = 0
    this.#started = process.hrtime.bigint()
    this.#last = performance.now()
  }

  operation<Result>(work: () => Result): Result {
    const result = work()
    // Where one operation ends the next begins: one look at the clock serves both.
    const now = performance.now()
    this.#task.latency.record(Math.max(1, Math.round((now - this.#last) * 1e6)))
    this.#last = now
    this.#operations++
    return result
  }

  meet(): void {
    this.finish()
    this.#barrier.arriveAndWait()
    this.#last = performance.now()
  }

  note(_action: string, _detail: string): void {}

  die(): never {
    // The main thread waits for this word, and ends the thread while it sleeps here for ever.
    Atomics.store(this.#words, CONTROL.dying, this.index + 1)
    Atomics.notify(this.#words, CONTROL.dying)
    for (;;) Atomics.wait(this.#words, CONTROL.dying, this.index + 1)
  }

  finish(): void {
    if (this.#finished !== 0n) return
    this.#finished = process.hrtime.bigint()
    this.#pausesMeasured = this.#pauses
  }

  close(): void {
    for (const connection of this.#connections) connection.close()
  }

  measures(): Measures {
    return {
      operations: this.#operations,
      pauses: this.#pausesMeasured,
      started: this.#started,
      finished: this.#finished,
      steps: [],
    }
  }
}

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

  override note(action: string, detail: string): void {
    this.#recorder.step(action, detail)
  }

  override measures(): Measures {
    return { ...super.measures(), steps: this.#recorder.steps }
  }
}
